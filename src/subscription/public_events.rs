//! What the shop's page is told: `toss-subscription:canceled` and the like, once each has happened.

use serde::Serialize;
use toss_checkout_contract::SubscriptionStatus;

/// The beginning of their names.
pub(super) const PREFIX: &str = "toss-subscription:";

/// What the shop's page is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicEvent {
    /// The customer canceled, now or with what is paid.
    Canceled,
    /// And took it back.
    Uncanceled,
    /// What was owed is paid.
    Paid,
    /// The customer agreed to a price.
    Agreed,
    /// The program has a fault, or could not begin.
    Error,
}

impl PublicEvent {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Canceled,
        Self::Uncanceled,
        Self::Paid,
        Self::Agreed,
        Self::Error,
    ];

    /// Its name behind `toss-subscription:`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Canceled => "canceled",
            Self::Uncanceled => "uncanceled",
            Self::Paid => "paid",
            Self::Agreed => "agreed",
            Self::Error => "error",
        }
    }
}

/// What an event carries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// The subscription.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
    /// Where it stands now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<SubscriptionStatus>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}
