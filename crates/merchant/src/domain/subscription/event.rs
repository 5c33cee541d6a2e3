//! What events say of a subscription.

use serde_json::{Value, json};

use super::{Subscription, invoice::Invoice};
use crate::domain::event::{EventType, NewEvent};

/// A subscription as it is told to others.
pub fn subscription_data(subscription: &Subscription) -> Value {
    let state = &subscription.state;
    json!({
        "subscriptionId": subscription.id,
        "customerKey": subscription.customer_key,
        "paymentMethodId": subscription.payment_method_id,
        "orderName": subscription.order_name,
        "status": subscription.status,
        "entitled": subscription.is_entitled(),
        "amount": {"value": state.price, "currency": "KRW"},
        "interval": state.schedule.interval,
        "currentPeriod": state.period,
        "cancelAt": state.cancel.map(|cancel| cancel.at.kst()),
        "endReason": state.ended.map(|ended| ended.reason),
    })
}

/// An event about a subscription as it now is.
pub fn about(kind: EventType, subscription: &Subscription) -> NewEvent {
    NewEvent {
        kind,
        subject: subscription.id.to_string(),
        subject_revision: subscription.revision,
        data: subscription_data(subscription),
    }
}

/// Adds what it is about.
pub fn with_invoice(mut event: NewEvent, invoice: &Invoice) -> NewEvent {
    event.data["invoice"] = json!({
        "invoiceId": invoice.id,
        "kind": invoice.kind,
        "periodNo": invoice.period_no,
        "periodStart": invoice.state.period.start,
        "periodEnd": invoice.state.period.end,
        "amount": {"value": invoice.amount, "currency": "KRW"},
        "status": invoice.status,
        "class": invoice.state.class,
        "code": invoice.state.code,
        "nextRetryAt": invoice.state.retry.map(|retry| retry.at.kst()),
    });
    event
}
