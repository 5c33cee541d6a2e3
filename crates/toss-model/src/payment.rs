//! One payment and the moves that it may make.
//!
//! ```text
//! READY -(buyer finishes the window)-> IN_PROGRESS -(confirm)-> DONE, or ABORTED when it is declined
//! READY -(30 min)-> EXPIRED      IN_PROGRESS -(10 min)-> EXPIRED
//! IN_PROGRESS -(confirm of a virtual account)-> WAITING_FOR_DEPOSIT
//! WAITING_FOR_DEPOSIT -(deposit)-> DONE -(reversal)-> WAITING_FOR_DEPOSIT
//! WAITING_FOR_DEPOSIT -(due date)-> the same, virtualAccount.expired = true
//! WAITING_FOR_DEPOSIT | DONE -(all of it at once)-> CANCELED
//! DONE -(a part)-> PARTIAL_CANCELED -(more, and the rest)-> PARTIAL_CANCELED
//! a charge of a billing key is DONE at once
//! ```
//! Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use toss_checkout_contract::{BillingKey, OrderId, PaymentKey};

pub use crate::{
    cancel::{Cancel, CancelStatus, RefundAccount, RefundStatus},
    means::{Means, VirtualAccount},
    receipt::{CashReceipt, CashReceiptChoice},
};
use crate::{errors::ErrorCode, method::PayMethod, money::Currency, shop::Shop};

/// How long an opened window waits for the buyer.
pub const WINDOW_VALIDITY: Duration = Duration::minutes(30);
/// How long the merchant may take from the buyer's authentication to confirm.
pub const CONFIRM_VALIDITY: Duration = Duration::minutes(10);

/// Toss's payment statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// The window is open.
    Ready,
    /// The buyer is done; the merchant has to confirm.
    InProgress,
    /// The virtual account exists, nothing is paid.
    WaitingForDeposit,
    /// Paid.
    Done,
    /// Given up, or given back in full at once.
    Canceled,
    /// Given back in parts. It stays so when the parts are all of it, as measured with test keys.
    PartialCanceled,
    /// The confirm was declined.
    Aborted,
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
            Self::PartialCanceled => "PARTIAL_CANCELED",
            Self::Aborted => "ABORTED",
            Self::Expired => "EXPIRED",
        }
    }

    /// True once the merchant has confirmed: from here on the order number is taken.
    pub fn is_settled(self) -> bool {
        matches!(
            self,
            Self::WaitingForDeposit | Self::Done | Self::Canceled | Self::PartialCanceled
        )
    }
}

/// How a payment came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// A window, for this method.
    Window(PayMethod),
    /// A charge of a billing key.
    Charge(BillingKey),
}

/// Why a payment came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Toss's code.
    pub code: String,
    /// At most 510 characters.
    pub message: String,
}

/// One payment. Amounts are in the smallest unit of its currency: won, yen, cents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    /// Toss's name for it.
    pub key: PaymentKey,
    /// Whose.
    pub shop: Shop,
    /// The merchant's name for the buyer.
    pub customer: Option<String>,
    /// How it came about.
    pub origin: Origin,
    /// The merchant's name for it.
    pub order_id: OrderId,
    /// What is bought.
    pub order_name: String,
    /// What it is counted in.
    pub currency: Currency,
    /// Never changes.
    pub total: u64,
    /// What can still be given back.
    pub balance: u64,
    /// 면세, of the total.
    pub tax_free: u64,
    /// 과세 제외, of the total.
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
    /// What confirm answers instead of taking the money: the window was told so.
    pub refusal: Option<ErrorCode>,
    /// Why it came to nothing.
    pub failure: Option<Failure>,
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
    /// A due date that has passed closes the account.
    pub(crate) fn close_if_due(&mut self, now: OffsetDateTime) {
        if let Means::VirtualAccount(account) = &mut self.means
            && now >= account.due
        {
            account.expired = true;
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

    /// Whether there is anything left to give back.
    pub fn can_cancel(&self) -> bool {
        self.balance > 0
            && matches!(
                self.status,
                Status::WaitingForDeposit | Status::Done | Status::PartialCanceled
            )
    }
}
