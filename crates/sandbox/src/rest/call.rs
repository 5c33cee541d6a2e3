//! Which call a request is, and what it carries.

use axum::http::Method;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::{
    control::Endpoint,
    errors::{Row, table},
    state::{ChargeRequest, money::Sum},
};

/// A call of the REST API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call {
    /// `POST /v1/payments/confirm`
    Confirm,
    /// `GET /v1/payments/{paymentKey}`
    LookupKey(String),
    /// `GET /v1/payments/orders/{orderId}`
    LookupOrder(String),
    /// `POST /v1/billing/authorizations/issue`
    Issue,
    /// `POST /v1/billing/{billingKey}`
    Charge(String),
}

impl Call {
    /// Reads method and path.
    ///
    /// # Errors
    /// `NOT_FOUND_HTTP_METHOD` for a known path with another method, `NOT_FOUND` for the rest.
    pub(super) fn read(method: &Method, path: &str) -> Result<Self, &'static Row> {
        let mut segments = Vec::new();
        for segment in path.trim_matches('/').split('/') {
            let text = percent_decode_str(segment)
                .decode_utf8()
                .map_err(|_| table::NOT_FOUND)?;
            segments.push(text.into_owned());
        }
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (wanted, call) = match segments.as_slice() {
            ["v1", "payments", "confirm"] => (Method::POST, Self::Confirm),
            ["v1", "payments", "orders", order] => {
                (Method::GET, Self::LookupOrder((*order).to_owned()))
            }
            ["v1", "payments", key] if !key.is_empty() => {
                (Method::GET, Self::LookupKey((*key).to_owned()))
            }
            ["v1", "billing", "authorizations", "issue"] => (Method::POST, Self::Issue),
            ["v1", "billing", key] if !key.is_empty() && *key != "authorizations" => {
                (Method::POST, Self::Charge((*key).to_owned()))
            }
            _ => return Err(table::NOT_FOUND),
        };
        if *method == wanted {
            Ok(call)
        } else {
            Err(table::NOT_FOUND_HTTP_METHOD)
        }
    }

    /// What faults call it.
    pub(super) fn endpoint(&self) -> Endpoint {
        match self {
            Self::Confirm => Endpoint::Confirm,
            Self::LookupKey(_) | Self::LookupOrder(_) => Endpoint::Lookup,
            Self::Issue => Endpoint::Issue,
            Self::Charge(_) => Endpoint::Charge,
        }
    }

    /// Whether `Idempotency-Key` means anything to it.
    pub(super) fn is_post(&self) -> bool {
        matches!(self, Self::Confirm | Self::Issue | Self::Charge(_))
    }
}

/// The path as the request log may show it: billing keys masked.
pub(super) fn masked_path(path: &str) -> String {
    match path.strip_prefix("/v1/billing/") {
        Some(rest) if !rest.starts_with("authorizations") => {
            let shown: String = rest.chars().take(4).collect();
            format!("/v1/billing/{shown}…")
        }
        _ => path.chars().take(300).collect(),
    }
}

/// A JSON object, or the refusal of what is none.
fn object(body: &[u8]) -> Result<serde_json::Map<String, Value>, &'static Row> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(table::INVALID_REQUEST),
    }
}

fn text(object: &serde_json::Map<String, Value>, name: &str) -> Result<String, &'static Row> {
    match object.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        _ => Err(table::INVALID_REQUEST),
    }
}

/// Money: whole won as a number, or as a text of digits because Toss's own samples send that.
fn won(value: &Value) -> Result<u64, &'static Row> {
    match value {
        Value::Number(number) => {
            if let Some(won) = number.as_u64() {
                return Ok(won);
            }
            match number.as_f64() {
                Some(value) if value < 0.0 => Err(table::BELOW_ZERO_AMOUNT),
                _ => Err(table::INVALID_REQUEST),
            }
        }
        Value::String(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => {
            text.parse().map_err(|_| table::INVALID_REQUEST)
        }
        _ => Err(table::INVALID_REQUEST),
    }
}

/// Money of any currency: a number with at most two decimals, or a text that is one.
fn sum(value: &Value) -> Result<Sum, &'static Row> {
    let text = match value {
        Value::Number(number) if number.as_f64().is_some_and(|value| value < 0.0) => {
            return Err(table::BELOW_ZERO_AMOUNT);
        }
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return Err(table::INVALID_REQUEST),
    };
    Sum::read(&text).ok_or(table::INVALID_REQUEST)
}

/// The body of confirm.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ConfirmBody {
    /// Toss's name for the payment.
    pub payment_key: String,
    /// The merchant's.
    pub order_id: String,
    /// In the payment's currency.
    pub amount: Sum,
}

impl ConfirmBody {
    /// Reads JSON. Fields that Toss does not know are ignored.
    ///
    /// # Errors
    /// `INVALID_REQUEST` for what is missing or of another type.
    pub(super) fn read(body: &[u8]) -> Result<Self, &'static Row> {
        let object = object(body)?;
        Ok(Self {
            payment_key: text(&object, "paymentKey")?,
            order_id: text(&object, "orderId")?,
            amount: sum(object.get("amount").unwrap_or(&Value::Null))?,
        })
    }
}

/// The body of issue.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct IssueBody {
    /// From the redirect.
    pub auth_key: String,
    /// From the redirect.
    pub customer_key: String,
}

impl IssueBody {
    /// Reads JSON.
    ///
    /// # Errors
    /// `INVALID_REQUEST` for what is missing or of another type.
    pub(super) fn read(body: &[u8]) -> Result<Self, &'static Row> {
        let object = object(body)?;
        Ok(Self {
            auth_key: text(&object, "authKey")?,
            customer_key: text(&object, "customerKey")?,
        })
    }
}

/// Reads the body of a charge.
///
/// # Errors
/// `INVALID_REQUEST` for what is missing or of another type, `BELOW_ZERO_AMOUNT` for a negative amount.
pub(super) fn charge_body(body: &[u8]) -> Result<ChargeRequest, &'static Row> {
    let object = object(body)?;
    let optional = |name| match object.get(name) {
        None | Some(Value::Null) => Ok(0),
        Some(value) => won(value),
    };
    Ok(ChargeRequest {
        customer_key: text(&object, "customerKey")?,
        amount: won(object.get("amount").unwrap_or(&Value::Null))?,
        order_id: text(&object, "orderId")?,
        order_name: text(&object, "orderName")?,
        tax_free: optional("taxFreeAmount")?,
        tax_exemption: optional("taxExemptionAmount")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_methods_are_told_apart() {
        let read = |method: Method, path: &str| Call::read(&method, path);
        assert_eq!(
            read(Method::POST, "/v1/payments/confirm"),
            Ok(Call::Confirm)
        );
        assert_eq!(
            read(Method::GET, "/v1/payments/confirm"),
            Err(table::NOT_FOUND_HTTP_METHOD)
        );
        assert_eq!(
            read(Method::GET, "/v1/payments/orders/order-1"),
            Ok(Call::LookupOrder("order-1".into()))
        );
        // `=` in a billing key works raw and percent-encoded.
        for path in ["/v1/billing/abc=", "/v1/billing/abc%3D"] {
            assert_eq!(read(Method::POST, path), Ok(Call::Charge("abc=".into())));
        }
        for path in [
            "/v1",
            "/v1/",
            "/v1/payments",
            "/v1/billing/",
            "/v1/%FF",
            "/v1/billing/authorizations",
        ] {
            assert_eq!(read(Method::POST, path), Err(table::NOT_FOUND), "{path}");
        }
    }

    #[test]
    fn a_billing_key_never_reaches_the_log() {
        assert_eq!(
            masked_path("/v1/billing/Z_t5vOvQxrj4499PeiJcjen28"),
            "/v1/billing/Z_t5…"
        );
        assert_eq!(
            masked_path("/v1/billing/authorizations/issue"),
            "/v1/billing/authorizations/issue"
        );
        assert_eq!(masked_path(&"/v".repeat(500)).chars().count(), 300);
    }

    #[test]
    fn amounts_are_whole_won_as_number_or_digits() {
        let body = |amount: &str| {
            ConfirmBody::read(
                format!(r#"{{"paymentKey":"p","orderId":"o","amount":{amount},"extra":1}}"#)
                    .as_bytes(),
            )
            .map(|body| body.amount)
        };
        let expected = Sum::whole(15_000).unwrap();
        for good in ["15000", "\"15000\"", "15000.0", "\"15000.00\""] {
            assert_eq!(body(good), Ok(expected), "{good}");
        }
        assert_eq!(body("-1"), Err(table::BELOW_ZERO_AMOUNT));
        for bad in [
            "null",
            "1.555",
            "1e40",
            "\"\"",
            "\"1,000\"",
            "\"-1\"",
            "[]",
            "true",
        ] {
            assert_eq!(body(bad), Err(table::INVALID_REQUEST), "{bad}");
        }
        for bad in ["", "[]", "null", "{", "\u{0}"] {
            assert_eq!(
                ConfirmBody::read(bad.as_bytes()),
                Err(table::INVALID_REQUEST)
            );
        }
    }
}
