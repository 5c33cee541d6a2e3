//! Webhooks that came in, and what strangers may cause with them.

use async_trait::async_trait;

use super::{Claimed, RecordsError};
use crate::domain::{
    ids::{PaymentId, ShopId},
    time::Millis,
    webhook::{NewWebhook, Webhook, WebhookState},
};

/// Webhooks that came in.
#[async_trait]
pub trait WebhookRecords: Send + Sync {
    /// Stores a webhook, due at once. `None`: it came before, and is counted only.
    async fn insert_webhook(
        &self,
        webhook: NewWebhook,
        now: Millis,
    ) -> Result<Option<Webhook>, RecordsError>;
    /// A webhook.
    async fn webhook(&self, id: &str) -> Result<Option<Webhook>, RecordsError>;
    /// The webhook with Toss's name for its transmission.
    async fn webhook_of_transmission(&self, name: &str) -> Result<Option<Webhook>, RecordsError>;
    /// Writes down what became of a webhook that a worker holds, and of all pending ones of the same
    /// order that came before `until`: one look-up answers them all. `false`: the lease was lost.
    async fn finish_webhook(
        &self,
        claimed: &Claimed,
        state: WebhookState,
        note: &str,
        until: Millis,
    ) -> Result<bool, RecordsError>;
    /// Takes a look-up out of what webhooks without proof may cause: so many a minute for all payments of a
    /// shop, and for each at growing distances. `Err`: when there will be one.
    async fn hint(
        &self,
        shop: &ShopId,
        payment: &PaymentId,
        per_minute: u32,
        now: Millis,
    ) -> Result<Result<(), Millis>, RecordsError>;
}
