//! The events that Toss tells by webhook. Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.

use serde::{Deserialize, Serialize};

/// An event that can be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventType {
    /// A payment's status changed.
    PaymentStatusChanged,
    /// The same for virtual accounts, with a flat body and their secret.
    DepositCallback,
    /// A billing key is gone.
    BillingDeleted,
    /// A cancel of a foreign wallet ended.
    CancelStatusChanged,
}

impl EventType {
    /// Every event.
    pub const ALL: [Self; 4] = [
        Self::PaymentStatusChanged,
        Self::DepositCallback,
        Self::BillingDeleted,
        Self::CancelStatusChanged,
    ];

    /// Toss's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PaymentStatusChanged => "PAYMENT_STATUS_CHANGED",
            Self::DepositCallback => "DEPOSIT_CALLBACK",
            Self::BillingDeleted => "BILLING_DELETED",
            Self::CancelStatusChanged => "CANCEL_STATUS_CHANGED",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_toss_writes_them() {
        for event in EventType::ALL {
            assert_eq!(serde_json::to_value(event).unwrap(), event.as_str());
        }
    }
}
