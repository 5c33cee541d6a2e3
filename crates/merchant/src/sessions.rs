//! Sessions: making them, and what may happen to them.

pub(crate) mod confirm;
pub mod create;
pub(crate) mod outcome;
pub(crate) mod payment;
pub(crate) mod state;
pub(crate) mod submit;

use toss_checkout_contract::SessionId;

use crate::{crypto::digest, store::records::AttemptKind};

/// Recognises a one-time key without keeping it.
pub(crate) fn key_digest(kind: AttemptKind, key: &str) -> String {
    digest(&["one-time-key", kind.as_str(), key])
}

/// The name of an attempt, and with it Toss's `Idempotency-Key`: the same session and the same
/// one-time key always give the same, whichever process asks.
pub(crate) fn attempt_id(kind: AttemptKind, session: &SessionId, key_digest: &str) -> String {
    let digest = digest(&["attempt", kind.as_str(), session.expose(), key_digest]);
    format!("{}-{}", kind.as_str(), &digest[..40])
}

/// Binds a sealed one-time key to its attempt.
pub(crate) fn attempt_context(attempt_id: &str) -> String {
    format!("one-time-key/{attempt_id}")
}
