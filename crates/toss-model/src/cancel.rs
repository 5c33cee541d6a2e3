//! Money given back, and where it goes.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::receipt::CashReceipt;

/// Money given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancel {
    /// In the smallest unit of the payment's currency.
    pub amount: u64,
    /// 면세 of it.
    pub tax_free: u64,
    /// 과세 제외 of it.
    pub tax_exemption: u64,
    /// Why.
    pub reason: String,
    /// When.
    pub at: OffsetDateTime,
    /// Its own transaction.
    pub transaction_key: String,
    /// What can still be given back after it.
    pub refundable: u64,
    /// Whether it is over.
    pub status: CancelStatus,
    /// The merchant's name for it, for foreign wallets.
    pub request_id: Option<String>,
    /// The cash receipt that takes back the payment's.
    pub receipt: Option<CashReceipt>,
}

/// Where a deposit goes back to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundAccount {
    /// In the request a code or a name, in the state a code.
    pub bank: String,
    /// At most 20 digits.
    pub number: String,
    /// At most 60 characters.
    pub holder: String,
}

/// `virtualAccount.refundStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum RefundStatus {
    /// Nothing to send back.
    #[default]
    None,
    /// On its way.
    Pending,
    /// It came back.
    Failed,
    /// A part of what was sent came back.
    PartialFailed,
    /// Arrived.
    Completed,
}

impl RefundStatus {
    /// Toss's text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Pending => "PENDING",
            Self::Failed => "FAILED",
            Self::PartialFailed => "PARTIAL_FAILED",
            Self::Completed => "COMPLETED",
        }
    }
}

/// `cancels[].cancelStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CancelStatus {
    /// Given back.
    Done,
    /// A foreign wallet is at it.
    InProgress,
}

impl CancelStatus {
    /// Toss's text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "DONE",
            Self::InProgress => "IN_PROGRESS",
        }
    }
}
