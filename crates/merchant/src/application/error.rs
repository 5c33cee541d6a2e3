//! Why a use case could not do it. HTTP gives each its status.

use thiserror::Error;

use super::ports::RecordsError;
use crate::{
    crypto::CryptoError,
    domain::{attempt::AttemptFailure, subscription::commands::Refusal, text::TextProblem},
};

/// The value that a redirect changed on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// The order number.
    Order,
    /// The amount.
    Amount,
    /// The customer key.
    Customer,
}

impl Mismatch {
    /// Its name on the wire.
    pub fn field(self) -> &'static str {
        match self {
            Self::Order => "orderId",
            Self::Amount => "amount",
            Self::Customer => "customerKey",
        }
    }
}

/// Why a use case could not do it.
#[derive(Debug, Error)]
pub enum UseCaseError {
    /// The request is not what the use case takes.
    #[error("{0}")]
    Invalid(String),
    /// No session has this id.
    #[error("no session has this id; it was mistyped, or belongs to another server")]
    NoSession,
    /// No payment has this id.
    #[error("no payment has this id; it was mistyped, or belongs to another server")]
    NoPayment,
    /// No registered card or account has this id.
    #[error("no payment method has this id; it was mistyped, or belongs to another server")]
    NoPaymentMethod,
    /// No subscription has this id.
    #[error("no subscription has this id; it was mistyped, or belongs to another server")]
    NoSubscription,
    /// No notice has this id.
    #[error("no notice has this id; it is notice.id of the event notice.due")]
    NoNotice,
    /// A change that raises the price came without the customer's consent.
    #[error("{0}")]
    PriceConsentRequired(String),
    /// The session is of the other kind.
    #[error("confirm belongs to sessions of kind 'payment', billing and consent to kind 'billing'")]
    WrongKind,
    /// The redirect says something else than was stored before the payment.
    #[error("the {} is not the one of this session; nothing was sent to Toss", .0.field())]
    Mismatch(Mismatch),
    /// The session has been finished with another key.
    #[error("the session was finished with another key; read it to see how")]
    AlreadyFinished,
    /// Too late.
    #[error("the session ended before it was finished; create a new one")]
    SessionExpired,
    /// The session wants a consent that did not come.
    #[error(
        "send the session's consent, version and text, with the keys; nothing was sent to Toss"
    )]
    ConsentRequired,
    /// More one-time keys than a buyer brings.
    #[error("this session was tried too often; create a new one")]
    TriedTooOften,
    /// The order number belongs to something else.
    #[error("orderId was used before; every payment needs its own")]
    OrderUsed,
    /// The idempotency key came with another body.
    #[error("this Idempotency-Key was used with another body")]
    IdempotencyKeyUsed,
    /// Something that excludes it is under way; it may go later.
    #[error("{0}")]
    Busy(String),
    /// The row is not as the caller saw it.
    #[error("the revision is {is}, and If-Match names {expected}; read it again")]
    Changed {
        /// What the caller saw.
        expected: u64,
        /// What it is.
        is: u64,
    },
    /// The row is not in a state for this.
    #[error("{0}")]
    Conflict(String),
    /// Toss said no.
    #[error("Toss refused: {}", .0.code)]
    Refused(AttemptFailure),
    /// Toss could not be asked.
    #[error("Toss could not be reached; try again later")]
    ProviderUnavailable,
    /// The records.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// A sealed value.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// A row lacks what it must have.
    #[error("a record lacks its {0}")]
    Incomplete(&'static str),
}

impl From<Refusal> for UseCaseError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(problem) => Self::Invalid(problem),
            Refusal::State(problem) => Self::Conflict(problem),
            Refusal::UnderWay => Self::Busy(refusal.to_string()),
            Refusal::ConsentRequired => Self::PriceConsentRequired(refusal.to_string()),
        }
    }
}

impl UseCaseError {
    /// A name that a buyer would be shown is refused.
    pub fn name(field: &str, problem: &TextProblem) -> Self {
        Self::Invalid(format!("{field} {problem}"))
    }

    /// Whether only a human can put it right: trying again would end the same way.
    pub fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::Records(RecordsError::Unreadable { .. }) | Self::Crypto(_) | Self::Incomplete(_)
        )
    }
}
