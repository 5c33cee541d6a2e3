//! Reads webhooks. Only what is needed to ask Toss is taken; fields and events that Toss adds later
//! do no harm. Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.

use serde::Deserialize;
use toss_checkout_contract::OrderId;

use crate::{crypto::digest, sessions::outcome::secret_digest, store::webhooks::NewWebhook};

/// The one event whose body is flat and names no event.
pub(crate) const DEPOSIT_CALLBACK: &str = "DEPOSIT_CALLBACK";

/// A body that is not a webhook of Toss's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    event_type: Option<String>,
    #[serde(flatten)]
    flat: About,
    data: Option<serde_json::Value>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct About {
    order_id: Option<String>,
    status: Option<String>,
    secret: Option<String>,
}

/// Longer text is not a transmission id, an event or a status.
const MAX_WORD: usize = 100;

fn word(text: String) -> Option<String> {
    let fits = (1..=MAX_WORD).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':'));
    fits.then_some(text)
}

/// Reads a webhook from its body and its `tosspayments-webhook-transmission-id`.
pub(crate) fn parse(transmission_id: Option<&str>, body: &[u8]) -> Result<NewWebhook, Unreadable> {
    let parsed: Body = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    let (event_type, about) = match parsed.event_type {
        Some(event) => {
            let about = parsed
                .data
                .and_then(|data| serde_json::from_value(data).ok())
                .unwrap_or_default();
            (word(event).ok_or(Unreadable)?, about)
        }
        None if parsed.flat.order_id.is_some() => (DEPOSIT_CALLBACK.to_owned(), parsed.flat),
        None => return Err(Unreadable),
    };
    let transmission_id = transmission_id
        .and_then(|id| word(id.to_owned()))
        // Without an id the same body is the same webhook: it holds the moment and the transaction.
        .unwrap_or_else(|| format!("body:{}", digest(&[&String::from_utf8_lossy(body)])));
    Ok(NewWebhook {
        transmission_id,
        event_type,
        order_id: about.order_id.and_then(|id| OrderId::new(id).ok()),
        claimed_status: about.status.and_then(word),
        secret_digest: about.secret.map(|secret| secret_digest(&secret)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deposit_callback_is_flat() {
        let body = br#"{"createdAt":"2022-01-01T00:00:00.000000","secret":"ps_1","status":"DONE",
            "transactionKey":"9FF1","orderId":"order-1"}"#;
        let hook = parse(Some("whtrans_a01"), body).unwrap();
        assert_eq!(hook.event_type, DEPOSIT_CALLBACK);
        assert_eq!(hook.order_id.unwrap().as_str(), "order-1");
        assert_eq!(hook.claimed_status.as_deref(), Some("DONE"));
        assert_eq!(hook.secret_digest, Some(secret_digest("ps_1")));
        assert_eq!(hook.transmission_id, "whtrans_a01");
    }

    #[test]
    fn other_events_wrap_their_data() {
        let body =
            br#"{"eventType":"PAYMENT_STATUS_CHANGED","createdAt":"x","data":{"orderId":"order-1",
            "status":"CANCELED","secret":null,"totalAmount":1}}"#;
        let hook = parse(None, body).unwrap();
        assert_eq!(hook.event_type, "PAYMENT_STATUS_CHANGED");
        assert_eq!(hook.order_id.unwrap().as_str(), "order-1");
        assert_eq!(hook.secret_digest, None);
        assert!(hook.transmission_id.starts_with("body:"));
        let unknown = br#"{"eventType":"payout.changed","entityBody":{}}"#;
        assert_eq!(parse(None, unknown).unwrap().order_id, None);
        let text = br#"{"eventType":"BILLING_DELETED","data":"a billing key"}"#;
        assert_eq!(parse(None, text).unwrap().order_id, None);
    }

    #[test]
    fn what_is_not_a_webhook_is_refused() {
        for bad in ["", "[]", "{}", "not json", r#"{"eventType":"<script>"}"#] {
            assert!(parse(None, bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_hostile_id_is_not_stored_as_it_is() {
        let body = br#"{"orderId":"order-1"}"#;
        let long = "a".repeat(5000);
        for id in ["", "a b", "'; drop table", long.as_str()] {
            let hook = parse(Some(id), body).unwrap();
            assert!(hook.transmission_id.starts_with("body:"), "{id}");
        }
    }
}
