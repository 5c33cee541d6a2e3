//! Payment, Billing and the rest as JSON: every key is there, what does not apply is null.
//! Source: <https://docs.tosspayments.com/reference>.

mod billing;
mod cancel;
mod parts;
mod payment;
mod receipt;
mod settlement;
mod transaction;

use time::OffsetDateTime;
use toss_model::Version;

pub(crate) use self::{
    billing::BillingBody,
    cancel::CancelBody,
    payment::{PaymentBody, Secret},
    receipt::ReceiptBody,
    settlement::SettlementBody,
    transaction::TransactionBody,
};

/// For whom and when an object is written down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewer<'a> {
    /// `mId`
    pub(crate) m_id: &'a str,
    /// The shape.
    pub(crate) version: Version,
    /// Some things are decided by time alone.
    pub(crate) now: OffsetDateTime,
}
