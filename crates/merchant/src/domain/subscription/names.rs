//! Names of what a subscription charges, computed from what they name: a database that was restored from
//! yesterday's backup asks for the same order again, and Toss answers with the payment that it made.

use toss_checkout_contract::{CustomerKey, OrderId, SessionId, ValueError};

use super::invoice::{Invoice, InvoiceKind};
use crate::domain::{
    ids::{AttemptId, InvoiceId, NoticeId, SubscriptionId},
    names::digest,
};

fn short(parts: &[&str], length: usize) -> String {
    digest(parts).chars().take(length).collect()
}

/// The subscription that a session began.
pub fn of_session(session: &SessionId) -> SubscriptionId {
    let digest = short(&["subscription", session.expose()], 22);
    SubscriptionId::new(format!("{}{digest}", SubscriptionId::PREFIX))
}

/// The subscription that a request of the merchant's server asked for.
pub fn of_request(customer: &CustomerKey, request_key: &str) -> SubscriptionId {
    let parts = ["subscription-of-request", customer.expose(), request_key];
    SubscriptionId::new(format!("{}{}", SubscriptionId::PREFIX, short(&parts, 22)))
}

/// The invoice of a period.
pub fn period_invoice(subscription: &SubscriptionId, no: u32) -> InvoiceId {
    let digest = short(&["invoice", subscription.as_str(), &no.to_string()], 22);
    InvoiceId::new(format!("{}{digest}", InvoiceId::PREFIX))
}

/// The invoice of a change.
pub fn change_invoice(subscription: &SubscriptionId, request_key: &str) -> InvoiceId {
    let digest = short(&["change", subscription.as_str(), request_key], 22);
    InvoiceId::new(format!("{}{digest}", InvoiceId::PREFIX))
}

/// The notice that comes due with a step of a subscription. `revision`: the one that the step leads to.
pub fn notice(subscription: &SubscriptionId, revision: u64) -> NoticeId {
    let parts = ["notice", subscription.as_str(), &revision.to_string()];
    NoticeId::new(format!("{}{}", NoticeId::PREFIX, short(&parts, 22)))
}

/// A request that somebody makes of a subscription.
pub fn request(key: &str) -> String {
    short(&["subscription-command", key], 22)
}

/// The order number of a charge: `s-{subscription}-{period}-{charge}`. Toss takes each number once.
///
/// # Errors
/// Never: the number keeps the rules.
pub fn order(invoice: &Invoice, charge_no: u32) -> Result<OrderId, ValueError> {
    let subscription = short(&["order", invoice.subscription_id.as_str()], 26);
    let about = match invoice.kind {
        InvoiceKind::Period => invoice.period_no.to_string(),
        InvoiceKind::Proration => format!(
            "{}-{}",
            invoice.period_no,
            short(&["change", invoice.id.as_str()], 8)
        ),
    };
    OrderId::new(format!("s-{subscription}-{about}-{charge_no}"))
}

/// Toss's `Idempotency-Key` for a charge. It names the secret key, since Toss's promise is bound to it.
pub fn idempotency_key(order: &OrderId, key_fingerprint: &str) -> String {
    let key: String = key_fingerprint.chars().take(8).collect();
    format!("{}:{key}", order.as_str())
}

/// The attempt that makes a charge.
pub fn attempt(order: &OrderId) -> AttemptId {
    crate::domain::names::charge(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::subscription::engine::tests::open_invoice;

    #[test]
    fn an_order_number_tells_subscription_period_and_charge() {
        let mut invoice = open_invoice("sub_0123456789abcdefABCDEF", 4_294_967_295);
        let order = order(&invoice, 99).unwrap();
        assert!(order.as_str().len() <= 64, "{order:?}");
        assert!(order.as_str().ends_with("-4294967295-99"));
        assert_eq!(super::order(&invoice, 99).unwrap(), order);
        assert_ne!(super::order(&invoice, 98).unwrap(), order);
        invoice.kind = InvoiceKind::Proration;
        let change = super::order(&invoice, 99).unwrap();
        assert!(change.as_str().len() <= 64 && change != order);
        assert_eq!(
            idempotency_key(&order, "0123456789abcdef"),
            format!("{}:01234567", order.as_str())
        );
    }
}
