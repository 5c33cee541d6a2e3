//! Webhooks.

use sea_orm::ActiveValue::Set;

use super::work;
use crate::{
    domain::{
        time::Millis,
        webhook::{NewWebhook, Webhook, WebhookState},
    },
    store::{
        columns::Text,
        entities::webhook::{ActiveModel, Model},
    },
};

pub(in crate::store) fn record(row: Model) -> Webhook {
    Webhook {
        id: row.id,
        content: NewWebhook {
            transmission_id: row.transmission_id,
            event_type: row.event_type,
            order_id: row.order_id.map(|it| it.0),
            key_digest: row.key_digest,
            claimed_status: row.claimed_status,
            secret_digest: row.secret_digest,
            body: row.body,
        },
        state: row.state.0,
        note: row.note,
        deliveries: u32::try_from(row.deliveries).unwrap_or(0),
        received_at: row.received_at,
        work: work(row.next_action_at, row.lease_no, row.tries),
        needs_attention: row.needs_attention,
    }
}

pub(in crate::store) fn row(id: String, webhook: NewWebhook, now: Millis) -> ActiveModel {
    ActiveModel {
        id: Set(id),
        transmission_id: Set(webhook.transmission_id),
        event_type: Set(webhook.event_type),
        order_id: Set(webhook.order_id.map(Text)),
        key_digest: Set(webhook.key_digest),
        claimed_status: Set(webhook.claimed_status),
        secret_digest: Set(webhook.secret_digest),
        body: Set(webhook.body),
        state: Set(Text(WebhookState::Pending)),
        note: Set(None),
        deliveries: Set(1),
        received_at: Set(now),
        next_action_at: Set(Some(now)),
        lease_no: Set(0),
        tries: Set(0),
        needs_attention: Set(None),
    }
}
