//! What a payment is paid with, once the buyer has chosen.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    cancel::{RefundAccount, RefundStatus},
    card::Card,
    errors::ErrorCode,
    ids::Ids,
    institution::Bank,
    instrument::Account,
    method::{Carrier, Choice},
    receipt::{CashReceipt, CashReceiptChoice},
};

/// What the buyer pays with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Means {
    /// Not chosen yet.
    Undecided {
        /// Until when the account will take a deposit, if it becomes one.
        due: OffsetDateTime,
    },
    /// 가상계좌: chosen in the window, issued by confirm.
    VirtualAccount(Box<VirtualAccount>),
    /// 카드
    Card {
        /// Which.
        card: Card,
        /// 승인번호, empty until confirmed.
        approve_no: String,
        /// 할부 개월 수
        installment: u8,
    },
    /// 간편결제
    EasyPay {
        /// Whose wallet.
        provider: String,
        /// The card in it.
        card: Option<Card>,
        /// 승인번호, empty until confirmed.
        approve_no: String,
    },
    /// 계좌이체
    Transfer {
        /// From where.
        account: &'static Account,
        /// 현금영수증, as the buyer chose.
        cash_receipt: CashReceiptChoice,
        /// The receipt that the payment made.
        receipt: Option<CashReceipt>,
    },
    /// 휴대폰
    MobilePhone {
        /// On whose bill.
        carrier: Carrier,
        /// Digits only.
        number: String,
    },
    /// 상품권
    GiftCertificate {
        /// 승인번호, empty until confirmed.
        approve_no: String,
    },
    /// 해외 간편결제
    ForeignEasyPay {
        /// PAYPAL or PAYPAY.
        provider: String,
        /// Two letters.
        country: String,
    },
}

/// A virtual account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VirtualAccount {
    /// Who issues it.
    pub bank: Bank,
    /// Empty until confirmed.
    pub number: String,
    /// `accountKey` of a 고정 account.
    pub fixed_by: Option<String>,
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
    /// How far the refund is.
    pub refund_status: RefundStatus,
    /// Where it went.
    pub refund_account: Option<RefundAccount>,
}

impl Means {
    /// What a choice becomes; an account is due at `due`.
    pub(crate) fn chosen(choice: Choice, due: OffsetDateTime) -> Self {
        match choice {
            Choice::Card { card, installment } => Self::Card {
                card,
                approve_no: String::new(),
                installment,
            },
            Choice::EasyPay { provider, card } => Self::EasyPay {
                provider,
                card,
                approve_no: String::new(),
            },
            Choice::Transfer {
                account,
                cash_receipt,
            } => Self::Transfer {
                account,
                cash_receipt,
                receipt: None,
            },
            Choice::VirtualAccount(choice) => Self::VirtualAccount(Box::new(VirtualAccount {
                bank: choice.bank,
                number: String::new(),
                fixed_by: None,
                customer_name: choice.customer_name,
                cash_receipt: choice.cash_receipt,
                due,
                expired: false,
                depositor: None,
                receipt: None,
                refund_status: RefundStatus::None,
                refund_account: None,
            })),
            Choice::MobilePhone { carrier, number } => Self::MobilePhone { carrier, number },
            Choice::GiftCertificate => Self::GiftCertificate {
                approve_no: String::new(),
            },
            Choice::ForeignEasyPay { provider, country } => {
                Self::ForeignEasyPay { provider, country }
            }
        }
    }

    /// What the card company or the bank says to a confirm.
    pub(crate) fn verdict(&self, now: OffsetDateTime) -> Result<(), ErrorCode> {
        match self {
            Self::Card { card, .. }
            | Self::EasyPay {
                card: Some(card), ..
            } => card.verdict(0, now),
            Self::Transfer { account, .. } => account.on_charge.verdict(0),
            _ => Ok(()),
        }
    }

    /// The money is taken: numbers are given out, and the receipt that was asked for.
    pub(crate) fn approve(&mut self, ids: &mut Ids, now: OffsetDateTime) {
        match self {
            Self::Card { approve_no, .. }
            | Self::EasyPay { approve_no, .. }
            | Self::GiftCertificate { approve_no } => *approve_no = ids.approve_no(),
            Self::Transfer {
                cash_receipt,
                receipt,
                ..
            } => *receipt = cash_receipt.issue(ids, now),
            Self::VirtualAccount(account) => {
                account.depositor = Some(account.customer_name.clone());
                account.receipt = account.cash_receipt.issue(ids, now);
            }
            Self::Undecided { .. } | Self::MobilePhone { .. } | Self::ForeignEasyPay { .. } => {}
        }
    }

    /// The cash receipt of the payment.
    pub fn receipt(&self) -> Option<&CashReceipt> {
        match self {
            Self::VirtualAccount(account) => account.receipt.as_ref(),
            Self::Transfer { receipt, .. } => receipt.as_ref(),
            _ => None,
        }
    }
}
