//! Webhooks as they came in from Toss.

use toss_checkout_contract::OrderId;

use super::{time::Millis, words::words, work::Work};

words! {
    /// What became of a webhook.
    pub enum WebhookState as "state of a webhook" {
        /// To be worked on.
        Pending = "pending",
        /// Toss was asked, and its answer applied.
        Processed = "processed",
        /// Not for us, or not to be believed.
        Ignored = "ignored",
    }
}

/// A webhook to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// Toss's `tosspayments-webhook-transmission-id`, or a digest of the body.
    pub transmission_id: String,
    /// `DEPOSIT_CALLBACK`, or the body's `eventType`.
    pub event_type: String,
    /// The order that it is about.
    pub order_id: Option<OrderId>,
    /// Digest of the billing key that it is about.
    pub key_digest: Option<String>,
    /// What it says; looked up before it is believed.
    pub claimed_status: Option<String>,
    /// Digest of the secret that it brought.
    pub secret_digest: Option<String>,
    /// As it came, secrets and billing keys blanked.
    pub body: String,
}

/// A webhook as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The row.
    pub id: String,
    /// What it said.
    pub content: NewWebhook,
    /// What became of it.
    pub state: WebhookState,
    /// Why.
    pub note: Option<String>,
    /// How often Toss delivered it.
    pub deliveries: u32,
    /// When it came first.
    pub received_at: Millis,
    /// When it is to be worked on.
    pub work: Work,
    /// Why a human has to look at it.
    pub needs_attention: Option<String>,
}
