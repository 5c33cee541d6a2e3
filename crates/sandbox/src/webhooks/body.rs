//! What webhooks say. Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.

use serde::Serialize;
use time::OffsetDateTime;
use toss_model::{Event, Rules, moment, payment::Status};

use crate::event_type::EventType;
use crate::shape::{CancelBody, PaymentBody, Secret, Viewer};

/// The flat body: no eventType, no data, no paymentKey.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DepositCallback<'a> {
    created_at: String,
    secret: &'a str,
    status: &'a str,
    transaction_key: &'a str,
    order_id: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<T> {
    event_type: &'static str,
    created_at: String,
    data: T,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BillingDeleted<'a> {
    billing_key: &'a str,
    reason: Option<&'a str>,
}

/// One message, the same for every address that is registered for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) event_type: EventType,
    /// The status that it tells, or what became of the key.
    pub(super) status: String,
    /// The payment's order, or the beginning of the billing key.
    pub(super) about: String,
    pub(super) body: String,
}

fn enveloped(event_type: EventType, at: OffsetDateTime, data: impl Serialize) -> String {
    let envelope = Envelope {
        event_type: event_type.as_str(),
        created_at: moment::webhook_time(at),
        data,
    };
    serde_json::to_string(&envelope).unwrap_or_default()
}

/// Which messages an event makes. A virtual account makes two, if somebody is registered for both.
pub(super) fn messages(event: &Event, viewer: Viewer<'_>, rules: &Rules) -> Vec<Message> {
    match event {
        Event::Payment { payment, at } => {
            let about = payment.order_id.as_str().to_owned();
            let status = payment.status.as_str().to_owned();
            let mut messages = Vec::new();
            if tells_status(payment.status, rules) {
                let data = PaymentBody::new(payment, viewer, Secret::Shown);
                messages.push(Message {
                    event_type: EventType::PaymentStatusChanged,
                    status: status.clone(),
                    about: about.clone(),
                    body: enveloped(EventType::PaymentStatusChanged, *at, data),
                });
            }
            if let Some(callback) = event.deposit_callback() {
                let body = DepositCallback {
                    created_at: moment::webhook_time(callback.created_at),
                    secret: &callback.secret,
                    status: callback.status,
                    transaction_key: &callback.transaction_key,
                    order_id: &callback.order_id,
                };
                messages.push(Message {
                    event_type: EventType::DepositCallback,
                    status,
                    about,
                    body: serde_json::to_string(&body).unwrap_or_default(),
                });
            }
            messages
        }
        Event::BillingDeleted {
            billing_key,
            reason,
            at,
            ..
        } => {
            let start: String = billing_key.chars().take(4).collect();
            let data = BillingDeleted {
                billing_key,
                reason: *reason,
            };
            vec![Message {
                event_type: EventType::BillingDeleted,
                status: "DELETED".to_owned(),
                about: format!("{start}…"),
                body: enveloped(EventType::BillingDeleted, *at, data),
            }]
        }
        Event::Cancel {
            payment,
            cancel,
            at,
        } => {
            let data = CancelBody::of(cancel, payment);
            vec![Message {
                event_type: EventType::CancelStatusChanged,
                status: cancel.status.as_str().to_owned(),
                about: payment.order_id.as_str().to_owned(),
                body: enveloped(EventType::CancelStatusChanged, *at, data),
            }]
        }
    }
}

/// READY and IN_PROGRESS are never told; the documented list leaves WAITING_FOR_DEPOSIT out.
fn tells_status(status: Status, rules: &Rules) -> bool {
    match status {
        Status::Ready | Status::InProgress => false,
        Status::WaitingForDeposit => rules.tells_waiting,
        Status::Done
        | Status::Canceled
        | Status::PartialCanceled
        | Status::Aborted
        | Status::Expired => true,
    }
}
