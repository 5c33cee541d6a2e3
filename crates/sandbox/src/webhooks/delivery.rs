//! One webhook and its attempts.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use toss_model::moment;

use crate::event_type::EventType;

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryStatus {
    /// An attempt is under way or will follow.
    Pending,
    /// The merchant answered 200.
    Delivered,
    /// All attempts are used up, or a fault has lost it.
    Failed,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// `tosspayments-webhook-transmission-retried-count`.
    pub retried_count: usize,
    /// When it was sent.
    pub at: String,
    /// What the merchant answered; null when nothing came.
    pub status: Option<u16>,
    /// Why nothing came.
    pub error: Option<String>,
}

/// One webhook to one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Names it in the console.
    pub id: u64,
    /// The header; the same for every attempt (assumed).
    pub transmission_id: String,
    /// Which event.
    pub event_type: EventType,
    /// The status that it tells.
    pub status: String,
    /// The payment's order, or the beginning of the billing key.
    pub order_id: String,
    /// Where it goes.
    pub url: String,
    /// When it came about.
    pub created_at: String,
    /// Where it stands.
    pub standing: DeliveryStatus,
    /// So far.
    pub attempts: Vec<Attempt>,
    /// The fault that was applied to it.
    pub fault: Option<String>,
}

/// A delivery with what is not shown: the body holds the payment's secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredDelivery {
    pub(super) shown: Delivery,
    /// As sent.
    pub(super) body: String,
    /// Grows with every resend.
    pub(super) round: u32,
    /// Attempts of this round.
    pub(super) tries: usize,
    /// When the next is due.
    pub(super) due: OffsetDateTime,
}

impl StoredDelivery {
    /// Sends it once.
    pub(super) async fn attempt(&self, client: &reqwest::Client, now: OffsetDateTime) -> Attempt {
        let at = moment::kst(now);
        let sent = client
            .post(&self.shown.url)
            .header("content-type", "application/json; charset=utf-8")
            .header("tosspayments-webhook-transmission-time", &at)
            .header(
                "tosspayments-webhook-transmission-id",
                &self.shown.transmission_id,
            )
            .header(
                "tosspayments-webhook-transmission-retried-count",
                self.tries,
            )
            .body(self.body.clone())
            .send()
            .await;
        let (status, error) = match sent {
            Ok(response) => (Some(response.status().as_u16()), None),
            Err(error) if error.is_timeout() => (None, Some("10초 안에 응답이 없었습니다")),
            Err(error) if error.is_connect() => (None, Some("연결할 수 없습니다")),
            Err(_) => (None, Some("응답 없이 끊겼습니다")),
        };
        Attempt {
            retried_count: self.tries,
            at,
            status,
            error: error.map(str::to_owned),
        }
    }
}
