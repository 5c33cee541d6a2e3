//! One payment and the moves that it may make.
//!
//! ```text
//! READY -(buyer finishes the window)-> IN_PROGRESS -(confirm)-> WAITING_FOR_DEPOSIT
//! READY -(30 min)-> EXPIRED      IN_PROGRESS -(10 min)-> EXPIRED
//! WAITING_FOR_DEPOSIT -(deposit)-> DONE -(reversal)-> WAITING_FOR_DEPOSIT
//! WAITING_FOR_DEPOSIT -(due date)-> the same, virtualAccount.expired = true
//! WAITING_FOR_DEPOSIT | DONE -(cancel)-> CANCELED
//! a charge of a billing key is DONE at once
//! ```
//! Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.

use time::{Duration, OffsetDateTime};
use toss_checkout_contract::{BillingKey, Method, OrderId, PaymentKey};

use super::{Shop, card::Card, institution::Bank};

/// How long an opened window waits for the buyer.
pub const WINDOW_VALIDITY: Duration = Duration::minutes(30);
/// How long the merchant may take from the buyer's authentication to confirm.
pub const CONFIRM_VALIDITY: Duration = Duration::minutes(10);

/// Toss's payment statuses that the sandbox can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// The window is open.
    Ready,
    /// The buyer is done; the merchant has to confirm.
    InProgress,
    /// The virtual account exists, nothing is paid.
    WaitingForDeposit,
    /// Paid.
    Done,
    /// Given up or given back in full.
    Canceled,
    /// Too late.
    Expired,
}

impl Status {
    /// Toss's text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "READY",
            Self::InProgress => "IN_PROGRESS",
            Self::WaitingForDeposit => "WAITING_FOR_DEPOSIT",
            Self::Done => "DONE",
            Self::Canceled => "CANCELED",
            Self::Expired => "EXPIRED",
        }
    }

    /// True once the merchant has confirmed: from here on the order number is taken.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::WaitingForDeposit | Self::Done | Self::Canceled)
    }
}

/// How a payment came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A window, for this method.
    Window(Method),
    /// A charge of a billing key.
    Charge(BillingKey),
}

/// What the buyer pays with.
#[derive(Debug, Clone, PartialEq)]
pub enum Means {
    /// Not chosen yet.
    Undecided {
        /// Until when the account will take a deposit.
        due: OffsetDateTime,
    },
    /// 가상계좌: chosen in the window, issued by confirm.
    VirtualAccount(VirtualAccount),
    /// 카드
    Card {
        /// Which.
        card: Card,
        /// 승인번호
        approve_no: String,
    },
    /// 계좌이체
    Transfer {
        /// Two digits.
        bank_code: &'static str,
    },
}

/// A virtual account.
#[derive(Debug, Clone, PartialEq)]
pub struct VirtualAccount {
    /// Who issues it.
    pub bank: Bank,
    /// Empty until confirmed.
    pub number: String,
    /// Whom the account names.
    pub customer_name: String,
    /// 현금영수증, as the buyer chose.
    pub cash_receipt: CashReceiptChoice,
    /// Until when it takes a deposit.
    pub due: OffsetDateTime,
    /// Closed by its due date, or by hand.
    pub expired: bool,
    /// Who paid.
    pub depositor: Option<String>,
    /// The cash receipt that the deposit made.
    pub receipt: Option<CashReceipt>,
}

/// 현금영수증, as the buyer chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CashReceiptChoice {
    /// 소득공제
    IncomeDeduction,
    /// 지출증빙
    ProofOfExpense,
    /// 미발행
    None,
}

impl CashReceiptChoice {
    /// Every choice, in the order of the window.
    pub const ALL: [Self; 3] = [Self::IncomeDeduction, Self::ProofOfExpense, Self::None];

    /// Toss's text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IncomeDeduction => "소득공제",
            Self::ProofOfExpense => "지출증빙",
            Self::None => "미발행",
        }
    }

    /// Reads Toss's text.
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == text)
    }
}

/// An issued cash receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashReceipt {
    /// 소득공제 or 지출증빙.
    pub kind: &'static str,
    /// Toss's name for it.
    pub key: String,
    /// 국세청 승인번호, nine digits.
    pub issue_number: String,
    /// When.
    pub requested_at: OffsetDateTime,
}

/// Money given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancel {
    /// In won.
    pub amount: u64,
    /// Why.
    pub reason: String,
    /// When.
    pub at: OffsetDateTime,
    /// Its own transaction.
    pub transaction_key: String,
    /// What can still be given back after it.
    pub refundable: u64,
}

/// One payment.
#[derive(Debug, Clone, PartialEq)]
pub struct Payment {
    /// Toss's name for it.
    pub key: PaymentKey,
    /// Whose.
    pub shop: Shop,
    /// How it came about.
    pub origin: Origin,
    /// The merchant's name for it.
    pub order_id: OrderId,
    /// What is bought.
    pub order_name: String,
    /// In won.
    pub total: u64,
    /// What can still be given back, in won.
    pub balance: u64,
    /// 면세, in won.
    pub tax_free: u64,
    /// 과세 제외, in won.
    pub tax_exemption: u64,
    /// Where it stands.
    pub status: Status,
    /// When the window was opened, or the charge asked for.
    pub requested_at: OffsetDateTime,
    /// When the buyer finished the window.
    pub authenticated_at: Option<OffsetDateTime>,
    /// When the money arrived.
    pub approved_at: Option<OffsetDateTime>,
    /// What the buyer pays with.
    pub means: Means,
    /// 에스크로
    pub use_escrow: bool,
    /// 문화비
    pub culture_expense: bool,
    /// The last approval or cancel.
    pub last_transaction: Option<String>,
    /// With which DEPOSIT_CALLBACK is checked.
    pub secret: Option<String>,
    /// Whatever the merchant attached.
    pub metadata: Option<serde_json::Value>,
    /// Money given back so far.
    pub cancels: Vec<Cancel>,
}

impl Payment {
    /// Lets time do what it does: windows close, accounts fall due.
    pub(crate) fn pass_time(&mut self, now: OffsetDateTime) {
        let late = match self.status {
            Status::Ready => now - self.requested_at > WINDOW_VALIDITY,
            Status::InProgress => self
                .authenticated_at
                .is_some_and(|at| now - at > CONFIRM_VALIDITY),
            Status::WaitingForDeposit => {
                if let Means::VirtualAccount(account) = &mut self.means
                    && now >= account.due
                {
                    account.expired = true;
                }
                false
            }
            Status::Done | Status::Canceled | Status::Expired => false,
        };
        if late {
            self.status = Status::Expired;
        }
    }

    /// The virtual account, once it is issued.
    pub fn account(&self) -> Option<&VirtualAccount> {
        match &self.means {
            Means::VirtualAccount(account) if !account.number.is_empty() => Some(account),
            _ => None,
        }
    }

    pub(crate) fn account_mut(&mut self) -> Option<&mut VirtualAccount> {
        match &mut self.means {
            Means::VirtualAccount(account) if !account.number.is_empty() => Some(account),
            _ => None,
        }
    }

    /// Whether a deposit would be taken now.
    pub fn takes_deposit(&self) -> bool {
        self.status == Status::WaitingForDeposit
            && self.account().is_some_and(|account| !account.expired)
    }

    /// Whether there is a deposit that could be taken back.
    pub fn can_reverse(&self) -> bool {
        self.status == Status::Done && self.account().is_some()
    }

    /// Whether there is anything left to run out.
    pub fn can_expire(&self) -> bool {
        matches!(self.status, Status::Ready | Status::InProgress) || self.takes_deposit()
    }

    /// Whether the whole of it can be given back.
    pub fn can_cancel(&self) -> bool {
        matches!(self.status, Status::WaitingForDeposit | Status::Done)
    }
}
