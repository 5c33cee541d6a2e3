//! Refunds: cancels of a payment, ours and those made in Toss's dashboard.

use serde::{Deserialize, Serialize};
use toss_checkout_contract::{Amount, Failure};

use super::{
    ids::{PaymentId, RefundId, ShopId},
    time::Millis,
    words::words,
};

words! {
    /// How a refund stands.
    pub enum RefundStatus as "status of a refund" {
        /// Written down; Toss is being asked, or its answer was lost. One at a time per payment.
        Pending = "pending",
        /// The money went back.
        Succeeded = "succeeded",
        /// Toss refused; nothing went back.
        Declined = "declined",
    }
}

words! {
    /// Who asked for a refund.
    pub enum RefundOrigin as "origin of a refund" {
        /// The merchant's server, through us.
        Api = "api",
        /// Somebody else: Toss's dashboard, or another program with the same key.
        Toss = "toss",
    }
}

/// What a refund is made of besides its amount: stored as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RefundDetails {
    /// Why, as Toss gets it: at most 200 characters.
    pub reason: String,
    /// Why Toss refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// When Toss made it, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canceled_at: Option<toss_checkout_contract::Timestamp>,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The row.
    pub id: RefundId,
    /// The payment whose money goes back.
    pub payment_id: PaymentId,
    /// The shop that charged.
    pub shop_id: ShopId,
    /// The caller's `Idempotency-Key`; `None` for one that was found at Toss.
    pub request_key: Option<String>,
    /// How much.
    pub amount: Amount,
    /// What the caller believed to be left of the payment; Toss refuses when it is not.
    pub expected_balance: Option<u64>,
    /// How it stands.
    pub status: RefundStatus,
    /// Who asked.
    pub origin: RefundOrigin,
    /// Toss's name for it, once made.
    pub transaction_key: Option<String>,
    /// The account that gets the money of a deposited virtual account, sealed; erased when settled.
    pub sealed_account: Option<String>,
    /// What else is known.
    pub details: RefundDetails,
    /// When it was written down.
    pub created_at: Millis,
}
