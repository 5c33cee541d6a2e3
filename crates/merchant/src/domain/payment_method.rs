//! Payment methods: registered cards and accounts.

use serde::{Deserialize, Serialize};
use toss_checkout_contract::{
    BankAccount, Card, Consent, CustomerKey, FailureCode, Method, SessionId,
};

use super::{
    ids::{PaymentMethodId, ShopId},
    time::Millis,
    words::words,
    work::Work,
};

words! {
    /// Whether a registered card or account can be charged.
    pub enum PaymentMethodStatus as "status of a payment method" {
        /// It can.
        Active = "active",
        /// Toss or the issuer will not charge it any more; the customer has to register another.
        Dead = "dead",
        /// Toss is being asked to delete it.
        Deleting = "deleting",
        /// Its billing key does not exist any more.
        Deleted = "deleted",
    }
}

/// What may be shown of a card or account: stored as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentMethodDisplay {
    /// The card, number masked by Toss.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// The account, number masked by Toss. Toss may know it only at the first charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<BankAccount>,
}

/// What a customer agreed to, and when. The buyer's own clock proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GivenConsent {
    /// Word for word.
    pub consent: Consent,
    /// When it arrived.
    pub at: Millis,
}

/// A registered card or account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentMethod {
    /// The row.
    pub id: PaymentMethodId,
    /// The shop under whose merchant id Toss issued the billing key.
    pub shop_id: ShopId,
    /// Whose it is.
    pub customer_key: CustomerKey,
    /// The session in which it was registered.
    pub session_id: Option<SessionId>,
    /// Card or account; `None` for what this version does not know.
    pub method: Option<Method>,
    /// The billing key, sealed.
    pub sealed_key: String,
    /// Its digest, to find it when Toss reports its deletion.
    pub key_digest: String,
    /// What may be shown of it.
    pub display: PaymentMethodDisplay,
    /// Whether it can be charged.
    pub status: PaymentMethodStatus,
    /// The code that ended it.
    pub dead_code: Option<FailureCode>,
    /// What the customer agreed to.
    pub consent: Option<GivenConsent>,
    /// Grows with every change.
    pub revision: u64,
    /// When it was registered.
    pub created_at: Millis,
    /// When a deletion is to be carried on.
    pub work: Work,
    /// Why a human has to look at it.
    pub needs_attention: Option<String>,
}
