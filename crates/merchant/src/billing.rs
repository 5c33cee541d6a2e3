//! Automatic payment: turning an `authKey` into a stored billing key, and the first charge.

pub(crate) mod charge;
mod issue;

use toss_checkout_contract::SessionId;

pub(crate) use self::issue::{billing, drive, resume};

/// Binds a sealed billing key to its session and customer.
pub(crate) fn key_context(session: &SessionId, customer_key: &str) -> String {
    format!("billing-key/{}/{customer_key}", session.expose())
}
