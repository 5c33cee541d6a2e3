//! Reads webhooks. Only what is needed to ask Toss is taken; fields and events that Toss adds later
//! do no harm. Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.

use serde_json::{Map, Value};
use toss_checkout_contract::{BillingKey, OrderId};

use crate::domain::{
    names::{billing_key, digest, webhook_secret},
    webhook::NewWebhook,
};

/// The one event whose body is flat and names no event.
const DEPOSIT_CALLBACK: &str = "DEPOSIT_CALLBACK";
/// The event of a billing key that does not exist any more.
const BILLING_DELETED: &str = "BILLING_DELETED";

/// A body that is not a webhook of Toss's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is not a webhook of Toss's")]
pub struct Unreadable;

/// Longer text is not a transmission id, an event or a status.
const MAX_WORD: usize = 100;
/// How much of a body is kept: strangers can post here.
const MAX_KEPT: usize = 8 * 1024;
/// Fields whose values open something.
const BLANKED: [&str; 4] = ["secret", "billingKey", "paymentKey", "customerKey"];

fn word(text: &str) -> Option<String> {
    let fits = (1..=MAX_WORD).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':'));
    fits.then(|| text.to_owned())
}

/// Text, or a number: some senders write order numbers of digits without quotes.
fn text(object: &Map<String, Value>, field: &str) -> Option<String> {
    match object.get(field)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads a webhook from its body and its `tosspayments-webhook-transmission-id`.
///
/// # Errors
/// It is no JSON object, or names neither an event nor an order.
pub fn parse(transmission_id: Option<&str>, body: &[u8]) -> Result<NewWebhook, Unreadable> {
    // A byte order mark is none of JSON's, and some proxies add one.
    let body = body.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(body);
    let mut value: Value = serde_json::from_slice(body).map_err(|_| Unreadable)?;
    let object = value.as_object().ok_or(Unreadable)?;
    let nothing = Map::new();
    let (event_type, about) = match text(object, "eventType") {
        Some(event) => {
            // Newer events call their envelope `entityBody`.
            let data = object.get("data").or_else(|| object.get("entityBody"));
            let about = data.and_then(Value::as_object).unwrap_or(&nothing);
            (word(&event).ok_or(Unreadable)?, about)
        }
        None if object.contains_key("orderId") => (DEPOSIT_CALLBACK.to_owned(), object),
        None => return Err(Unreadable),
    };
    let key_digest = text(about, "billingKey")
        .filter(|_| event_type == BILLING_DELETED)
        .and_then(|key| BillingKey::new(key).ok())
        .map(|key| billing_key(key.expose()));
    Ok(NewWebhook {
        transmission_id: transmission_id
            .and_then(word)
            // Without an id the same body is the same webhook: it holds the moment and the transaction.
            .unwrap_or_else(|| format!("body:{}", digest(&[&String::from_utf8_lossy(body)]))),
        order_id: text(about, "orderId").and_then(|id| OrderId::new(id).ok()),
        key_digest,
        claimed_status: text(about, "status").and_then(|status| word(&status)),
        secret_digest: text(about, "secret").map(|secret| webhook_secret(&secret)),
        event_type,
        body: kept(&mut value),
    })
}

/// The body as it is kept: without what opens anything, and not longer than an operator needs.
fn kept(value: &mut Value) -> String {
    blank(value);
    let text = value.to_string();
    if text.len() <= MAX_KEPT {
        return text;
    }
    let end = (0..=MAX_KEPT).rev().find(|at| text.is_char_boundary(*at));
    text[..end.unwrap_or(0)].to_owned()
}

fn blank(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (field, value) in object {
                if BLANKED.contains(&field.as_str()) && !value.is_null() {
                    *value = Value::String("…".to_owned());
                } else {
                    blank(value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(blank),
        _ => {}
    }
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
        assert_eq!(hook.secret_digest, Some(webhook_secret("ps_1")));
        assert_eq!(hook.transmission_id, "whtrans_a01");
        assert!(!hook.body.contains("ps_1") && hook.body.contains("9FF1"));
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
        let unknown = br#"{"eventType":"payout.changed","entityBody":{"id":"x"}}"#;
        assert_eq!(parse(None, unknown).unwrap().order_id, None);
        let text = br#"{"eventType":"BILLING_DELETED","data":"a billing key"}"#;
        assert_eq!(parse(None, text).unwrap().key_digest, None);
    }

    #[test]
    fn a_deleted_billing_key_is_recognised_and_not_kept() {
        let body = br#"{"eventType":"BILLING_DELETED","data":{"billingKey":"Z_t5vOvQxrj4499"}}"#;
        let hook = parse(None, body).unwrap();
        assert_eq!(hook.key_digest, Some(billing_key("Z_t5vOvQxrj4499")));
        assert!(!hook.body.contains("Z_t5"), "{}", hook.body);
    }

    #[test]
    fn a_byte_order_mark_and_an_order_number_without_quotes_are_read() {
        let body = "\u{FEFF}{\"orderId\":20261128001,\"status\":\"DONE\",\"secret\":\"ps\"}";
        let hook = parse(None, body.as_bytes()).unwrap();
        assert_eq!(hook.order_id.unwrap().as_str(), "20261128001");
    }

    #[test]
    fn what_is_not_a_webhook_is_refused() {
        for bad in ["", "[]", "{}", "not json", r#"{"eventType":"<script>"}"#] {
            assert!(parse(None, bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_hostile_id_or_a_long_body_is_not_stored_as_it_is() {
        let body = br#"{"orderId":"order-1"}"#;
        let long = "a".repeat(5000);
        for id in ["", "a b", "'; drop table", long.as_str()] {
            let hook = parse(Some(id), body).unwrap();
            assert!(hook.transmission_id.starts_with("body:"), "{id}");
        }
        let body = format!(r#"{{"orderId":"order-1","x":"{}"}}"#, "가".repeat(50_000));
        let hook = parse(None, body.as_bytes()).unwrap();
        assert!(hook.body.len() <= MAX_KEPT);
    }
}
