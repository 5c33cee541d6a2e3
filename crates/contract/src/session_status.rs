//! What a session is for, and how far it is.

use serde::{Deserialize, Serialize};

use crate::method::Method;

/// What a session is for.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionKind {
    /// One payment.
    Payment,
    /// Registration of a card or account for automatic payment.
    Billing,
}

impl SessionKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Payment, Self::Billing];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Billing => "billing",
        }
    }

    /// Whether a session of this kind can be finished with a method: one payment with any of them, a
    /// registration with a card or an account.
    pub fn takes(self, method: Method) -> bool {
        match self {
            Self::Payment => true,
            Self::Billing => method.is_billing(),
        }
    }
}

/// Where a session stands.
///
/// Payment: `open -> authenticated -> confirming -> waiting_for_deposit <-> paid ->
/// partially_canceled | canceled`, `confirming -> failed | unknown`, `open | waiting_for_deposit -> expired`.
/// Billing: `open -> issuing -> registered -> active`, `issuing -> failed | unknown`.
/// `failed` takes a new attempt with a new one-time key; `unknown` is looked up until it is known.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Nothing happened yet.
    Open,
    /// Payment: the buyer came back from the window, the keys are stored.
    Authenticated,
    /// Payment: Toss is being asked to confirm.
    Confirming,
    /// Payment: the virtual account exists, nothing is paid.
    WaitingForDeposit,
    /// Payment: the money arrived.
    Paid,
    /// Payment: part of the money went back.
    PartiallyCanceled,
    /// Payment: all of the money went back, or the account was given up before a deposit.
    Canceled,
    /// Billing: Toss is being asked for the billing key.
    Issuing,
    /// Billing: the billing key is stored. With `charge_now`, `result.charge` tells how that went.
    Registered,
    /// Billing: registered and charged for the first time.
    Active,
    /// Toss said no; nothing was charged or registered by this attempt.
    Failed,
    /// Too late to start, or to deposit.
    Expired,
    /// Toss's answer was lost. It is being looked up. Also how a reader takes a status that it does not
    /// know yet: it waits for one that it does.
    #[serde(other)]
    Unknown,
}

impl SessionStatus {
    /// Whether a payment was made or a means of payment registered. What happens to the money later
    /// does not open the session again.
    pub fn is_finished(self) -> bool {
        match self {
            Self::WaitingForDeposit
            | Self::Paid
            | Self::PartiallyCanceled
            | Self::Canceled
            | Self::Registered
            | Self::Active => true,
            Self::Open
            | Self::Authenticated
            | Self::Confirming
            | Self::Issuing
            | Self::Failed
            | Self::Unknown
            | Self::Expired => false,
        }
    }
}

impl SessionStatus {
    /// Every status, for tests and tables.
    pub const ALL: [Self; 13] = [
        Self::Open,
        Self::Authenticated,
        Self::Confirming,
        Self::WaitingForDeposit,
        Self::Paid,
        Self::PartiallyCanceled,
        Self::Canceled,
        Self::Issuing,
        Self::Registered,
        Self::Active,
        Self::Failed,
        Self::Unknown,
        Self::Expired,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Authenticated => "authenticated",
            Self::Confirming => "confirming",
            Self::WaitingForDeposit => "waiting_for_deposit",
            Self::Paid => "paid",
            Self::PartiallyCanceled => "partially_canceled",
            Self::Canceled => "canceled",
            Self::Issuing => "issuing",
            Self::Registered => "registered",
            Self::Active => "active",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
        }
    }
}
