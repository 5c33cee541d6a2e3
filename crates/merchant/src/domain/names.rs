//! Names that are computed from what they name, so that every process gives the same name and a database
//! that was restored from a backup does not do a thing twice.

use sha2::{Digest, Sha256};
use toss_checkout_contract::{OrderId, SessionId, ValueError};

use super::{
    attempt::AttemptKind,
    ids::{AttemptId, EndpointId, PaymentId, PaymentMethodId, RefundId, ShopId},
};

/// SHA-256 of the parts, in hex. Every part is preceded by its length, so that no two lists of parts
/// give the same input.
pub fn digest(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let mut hex = String::with_capacity(64);
    for byte in hasher.finalize() {
        for half in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    hex
}

/// Long enough that no two things share it.
fn short(parts: &[&str], length: usize) -> String {
    digest(parts).chars().take(length).collect()
}

/// Recognises a one-time key without keeping it.
pub fn one_time_key(kind: AttemptKind, key: &str) -> String {
    digest(&["one-time-key", kind.as_str(), key])
}

/// Recognises a session without being able to open it.
pub fn session(id: &SessionId) -> String {
    short(&["session", id.expose()], 32)
}

/// Recognises a billing key.
pub fn billing_key(key: &str) -> String {
    digest(&["billing-key", key])
}

/// Recognises the token of a link to a customer's subscriptions.
pub fn customer_link(token: &str) -> String {
    digest(&["customer-link", token])
}

/// Recognises the secret of webhooks.
pub fn webhook_secret(secret: &str) -> String {
    digest(&["webhook-secret", secret])
}

/// Tells secret keys apart.
pub fn key_fingerprint(secret_key: &str) -> String {
    short(&["secret-key", secret_key], 16)
}

/// The attempt with a one-time key. Its name is also Toss's `Idempotency-Key`.
pub fn attempt_of_key(kind: AttemptKind, session: &SessionId, key_digest: &str) -> AttemptId {
    let digest = short(
        &["attempt", kind.as_str(), session.expose(), key_digest],
        40,
    );
    AttemptId::new(format!("{kind}-{digest}"))
}

/// The attempt and the order number of a session's first charge: one per session.
///
/// # Errors
/// Never: the number keeps the rules.
pub fn first_charge(session: &SessionId) -> Result<(AttemptId, OrderId), ValueError> {
    let digest = digest(&["first-charge", session.expose()]);
    let order = OrderId::new(format!(
        "chg_{}",
        digest.chars().take(32).collect::<String>()
    ))?;
    let attempt: String = digest.chars().take(40).collect();
    Ok((AttemptId::new(format!("charge-{attempt}")), order))
}

/// The attempt of a charge with an order number of its own.
pub fn charge(order: &OrderId) -> AttemptId {
    AttemptId::new(format!("charge-{}", short(&["charge", order.as_str()], 40)))
}

/// The attempt that makes a refund.
pub fn cancel(refund: &RefundId) -> AttemptId {
    AttemptId::new(format!(
        "cancel-{}",
        short(&["cancel", refund.as_str()], 40)
    ))
}

/// The request that registers a card by its number, as Toss gets its `Idempotency-Key`.
pub fn card(customer_key: &str, request_key: &str) -> String {
    format!("card-{}", short(&["card", customer_key, request_key], 40))
}

/// Recognises a key of the merchant API.
pub fn api_key(key: &str) -> String {
    digest(&["api-key", key])
}

/// The payment of an order.
pub fn payment(order: &OrderId) -> PaymentId {
    let digest = short(&["payment", order.as_str()], 22);
    PaymentId::new(format!("{}{digest}", PaymentId::PREFIX))
}

/// The card or account that a session registered.
pub fn payment_method(session: &SessionId) -> PaymentMethodId {
    let digest = short(&["payment-method", session.expose()], 22);
    PaymentMethodId::new(format!("{}{digest}", PaymentMethodId::PREFIX))
}

/// The refund that a request asked for.
pub fn refund(payment: &PaymentId, request_key: &str) -> RefundId {
    let digest = short(&["refund", payment.as_str(), request_key], 22);
    RefundId::new(format!("{}{digest}", RefundId::PREFIX))
}

/// The refund that was found at Toss.
pub fn refund_at_toss(payment: &PaymentId, transaction_key: &str) -> RefundId {
    let digest = short(&["refund-at-toss", payment.as_str(), transaction_key], 22);
    RefundId::new(format!("{}{digest}", RefundId::PREFIX))
}

/// A number from 0 to 999 that spreads rows over time.
pub fn spread(id: &str) -> u32 {
    u32::from_str_radix(&short(&["spread", id], 6), 16).unwrap_or(0) % 1000
}

/// What sealed values are bound to.
pub mod context {
    use super::{AttemptId, EndpointId, PaymentMethodId, RefundId, SessionId, ShopId};

    /// A one-time key.
    pub fn one_time_key(attempt: &AttemptId) -> String {
        format!("one-time-key/{attempt}")
    }

    /// The billing key of a card or account, and which session registered it for whom, if one did.
    pub fn billing_key(
        method: &PaymentMethodId,
        session: Option<&SessionId>,
        customer_key: &str,
    ) -> String {
        match session {
            Some(session) => format!("billing-key/{}/{customer_key}", session.expose()),
            None => format!("billing-key/{method}"),
        }
    }

    /// A secret with which events to an endpoint are signed.
    pub fn signing_secret(endpoint: &EndpointId) -> String {
        format!("endpoint {endpoint}")
    }

    /// A shop's secret key.
    pub fn shop_secret(shop: &ShopId) -> String {
        format!("shop-secret/{shop}")
    }

    /// The digest of a request of the merchant API.
    pub fn api_request(idempotency_key: &str) -> String {
        format!("api-request/{idempotency_key}")
    }

    /// The answer to a request of the merchant API.
    pub fn api_answer(idempotency_key: &str) -> String {
        format!("api-answer/{idempotency_key}")
    }

    /// The account that a refund goes to.
    pub fn refund_account(refund: &RefundId) -> String {
        format!("refund-account/{refund}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_depend_on_where_a_part_ends() {
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_eq!(digest(&["ab"]).len(), 64);
    }

    /// What 0.1 wrote must be found again.
    #[test]
    fn names_stay_as_they_were_released() {
        let session = SessionId::new("cs_0123456789abcdefABCDEF").unwrap();
        let key = one_time_key(AttemptKind::Confirm, "tgen_1");
        assert_eq!(key, digest(&["one-time-key", "confirm", "tgen_1"]));
        let attempt = attempt_of_key(AttemptKind::Confirm, &session, &key);
        assert_eq!(attempt.as_str().len(), "confirm-".len() + 40);
        let (attempt, order) = first_charge(&session).unwrap();
        assert!(attempt.as_str().starts_with("charge-"));
        assert_eq!(order.as_str().len(), 36);
    }

    #[test]
    fn rows_are_spread() {
        let values: Vec<u32> = (0..100).map(|n| spread(&format!("pay_{n}"))).collect();
        assert!(values.iter().all(|n| *n < 1000));
        assert!(values.iter().any(|n| *n < 300) && values.iter().any(|n| *n > 700));
    }
}
