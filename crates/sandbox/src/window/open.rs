//! `POST /sandbox/window`: what the SDK sends, checked again because anybody can send it.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use toss_checkout_contract::{CustomerKey, Method};
use toss_model::{
    ErrorCode, Refusal,
    method::PayMethod,
    window::{Delivery, Target},
};
use url::Url;

use super::{fields::Fields, request};
use crate::{
    error::{ApiError, language},
    toss::Toss,
};

const OPEN_TO_ALL: [(HeaderName, &str); 2] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Lets a page of any origin call.
pub(super) async fn preflight() -> Response {
    let allowed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, OPEN_TO_ALL, allowed).into_response()
}

pub(super) async fn create(State(toss): State<Toss>, headers: HeaderMap, body: Bytes) -> Response {
    match open(&toss, &body) {
        Ok(id) => {
            let url = format!("/sandbox/window/{id}");
            let body = Json(json!({"id": id, "url": url}));
            (StatusCode::CREATED, OPEN_TO_ALL, body).into_response()
        }
        Err(refusal) => {
            let error = ApiError::from(refusal);
            let body = Json(error.body(language(&headers)));
            (error.status, OPEN_TO_ALL, body).into_response()
        }
    }
}

/// Opens what the SDK asks for and returns the name of the window.
///
/// # Errors
/// What Toss refuses.
pub(crate) fn open(toss: &Toss, body: &[u8]) -> Result<String, Refusal> {
    let body: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| Refusal::from(ErrorCode::InvalidRequest))?;
    let body = Fields(&body);
    let now = toss.now();
    let mut state = toss.state();
    let shop = state.shop_of_client(body.text("clientKey")?.unwrap_or_default())?;
    let customer = CustomerKey::new(body.text("customerKey")?.unwrap_or_default())
        .ok()
        .filter(|key| key.expose().len() <= CustomerKey::SDK_MAX)
        .ok_or(ErrorCode::InvalidCustomerKey)?;
    let target = match body.text("target")? {
        Some("iframe") => Target::Iframe {
            opener: origin(body.text("opener")?.unwrap_or_default())?,
        },
        Some("self") => Target::Page,
        _ => return Err(ErrorCode::InvalidRequest.into()),
    };
    let fields = body.object("request")?.ok_or(ErrorCode::InvalidRequest)?;
    let delivery = delivery(fields)?;
    let method = fields.text("method")?.unwrap_or_default();
    match (body.text("kind")?, method, delivery) {
        (Some("billing"), "CARD" | "TRANSFER", Some(delivery)) => {
            let method = if method == "CARD" {
                Method::Card
            } else {
                Method::Transfer
            };
            let form = request::billing(fields, method, customer)?;
            Ok(state.open_billing(shop, target, delivery, form, now))
        }
        (Some("payment"), method, delivery) => {
            let method = PayMethod::read(method).ok_or(ErrorCode::NotSupportedMethod)?;
            let by_promise = delivery.is_none();
            if by_promise && (target == Target::Page || method == PayMethod::ForeignEasyPay) {
                return Err(ErrorCode::InvalidRequest.into());
            }
            let form = request::payment(fields, method, &customer)?;
            let delivery = delivery.unwrap_or(Delivery::Promise);
            state.open_payment(shop, target, delivery, form, now)
        }
        (Some("billing"), "CARD" | "TRANSFER", None) => Err(ErrorCode::InvalidSuccessUrl.into()),
        (Some("billing"), _, _) => Err(ErrorCode::NotSupportedMethod.into()),
        _ => Err(ErrorCode::InvalidRequest.into()),
    }
}

/// The origin of a page that shows a frame.
fn origin(text: &str) -> Result<String, ErrorCode> {
    let url = http_url(text).ok_or(ErrorCode::InvalidRequest)?;
    Ok(url.origin().ascii_serialization())
}

fn http_url(text: &str) -> Option<Url> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// Both addresses, or neither.
fn delivery(request: Fields<'_>) -> Result<Option<Delivery>, Refusal> {
    let read = |name: &str| match request.text(name)? {
        Some(text) => http_url(text)
            .map(Some)
            .ok_or_else(|| Refusal::from(ErrorCode::InvalidRequest).because(name.to_owned())),
        None => Ok(None),
    };
    match (read("successUrl")?, read("failUrl")?) {
        (Some(success), Some(fail)) => Ok(Some(Delivery::Redirect { success, fail })),
        (None, None) => Ok(None),
        _ => Err(ErrorCode::InvalidRequest.into()),
    }
}
