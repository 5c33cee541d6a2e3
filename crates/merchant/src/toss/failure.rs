//! How a call can end other than well.

use thiserror::Error;
use toss_checkout_contract::FailureCode;

/// Toss's `{code, message}` with its HTTP status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status. It does not say whether to try again: `PROVIDER_ERROR` is a 400.
    pub status: u16,
    /// Toss's code.
    pub code: FailureCode,
    /// Toss's sentence.
    pub message: String,
}

impl Refusal {
    /// Whether the operator is to blame and not the buyer.
    pub fn is_about_keys(&self) -> bool {
        matches!(
            self.code,
            FailureCode::UnauthorizedKey
                | FailureCode::InvalidApiKey
                | FailureCode::IncorrectBasicAuthFormat
        )
    }
}

/// A call without a usable success.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CallError {
    /// Toss answered with a code.
    #[error("Toss answered {} {}", .0.status, .0.code)]
    Refused(Refusal),
    /// No connection was made, so Toss cannot have seen the request.
    #[error("no connection to Toss: {0}")]
    NotSent(String),
    /// The request may have been carried out, but what came of it is not known.
    #[error("Toss's answer was lost: {0}")]
    Lost(String),
}

impl CallError {
    /// The refusal, if Toss spoke.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::NotSent(_) | Self::Lost(_) => None,
        }
    }
}
