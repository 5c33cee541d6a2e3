//! A shop that stands for the merchant's own site: plain HTML, and a server side that makes sessions
//! through the merchant API over HTTP, as any backend in any language would.

mod client;
mod html;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::core::Core;

const STYLE: &str = include_str!("demo/style.css");
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Keeps the visitor's customer key: unguessable, stable, and never an e-mail or a number.
const COOKIE: &str = "shop_visitor";
const SHOWN: usize = 5;

pub(crate) fn routes() -> Router<Arc<Core>> {
    Router::new()
        .route("/", get(home))
        .route("/demo/style.css", get(style))
        .route("/demo/subscribe", get(subscribe))
        .route("/demo/order", get(order))
}

async fn style() -> Response {
    (
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        STYLE,
    )
        .into_response()
}

async fn home(State(core): State<Arc<Core>>, headers: HeaderMap) -> Response {
    let sessions = match visitor(&headers) {
        Some(visitor) => client::recent(&core, &visitor, SHOWN)
            .await
            .unwrap_or_else(|error| {
                tracing::warn!(%error, "the shop could not read its sessions");
                Vec::new()
            }),
        None => Vec::new(),
    };
    page(StatusCode::OK, html::home(&sessions))
}

#[derive(Deserialize)]
struct Subscribe {
    /// `later`: register only.
    charge: Option<String>,
}

async fn subscribe(
    State(core): State<Arc<Core>>,
    Query(query): Query<Subscribe>,
    headers: HeaderMap,
) -> Response {
    let order = json!({
        "kind": "billing",
        "orderName": "토스 프라임 구독",
        "plan": {"amount": {"value": 4900, "currency": "KRW"}, "interval": "month"},
        "chargeNow": query.charge.as_deref() != Some("later"),
        "methods": ["CARD", "TRANSFER"],
    });
    check_out(&core, &headers, order).await
}

async fn order(State(core): State<Arc<Core>>, headers: HeaderMap) -> Response {
    let order = json!({
        "kind": "payment",
        "orderName": "티셔츠 1장",
        "amount": {"value": 15_000, "currency": "KRW"},
        "methods": ["VIRTUAL_ACCOUNT"],
        "virtualAccount": {"validHours": 72, "cashReceipt": {"type": "소득공제"}},
    });
    check_out(&core, &headers, order).await
}

/// Price and customer are decided here, on the server; the browser gets an address only.
async fn check_out(core: &Core, headers: &HeaderMap, mut order: Value) -> Response {
    let visitor = visitor(headers).unwrap_or_else(Uuid::new_v4);
    order["customerKey"] = json!(visitor.to_string());
    order["customer"] = json!({"name": "김토스", "email": "customer@example.com"});
    order["returnUrl"] = json!(format!("{}/", core.public_origin));
    match client::create(core, &order).await {
        Ok(url) => {
            let mut answer = Redirect::to(&url).into_response();
            if let Ok(cookie) = HeaderValue::from_str(&cookie(core, &visitor)) {
                answer.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            answer
        }
        Err(error) => {
            tracing::error!(%error, "the shop could not create a session");
            page(StatusCode::BAD_GATEWAY, html::broken())
        }
    }
}

fn page(status: StatusCode, html: String) -> Response {
    let mut answer = (status, Html(html)).into_response();
    answer.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    answer
}

fn visitor(headers: &HeaderMap) -> Option<Uuid> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
        .find_map(|value| Uuid::parse_str(value).ok())
}

fn cookie(core: &Core, visitor: &Uuid) -> String {
    let secure = if core.public_origin.starts_with("https://") {
        "; Secure"
    } else {
        ""
    };
    format!("{COOKIE}={visitor}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_uuid_is_taken_from_the_cookie() {
        let visitor_of = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().unwrap());
            visitor(&headers)
        };
        let id = "3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11";
        let found = visitor_of(&format!("a=b; shop_visitor={id}"));
        assert_eq!(found.unwrap().to_string(), id);
        assert_eq!(visitor_of("shop_visitor=somebody-else"), None);
        assert_eq!(visitor_of("shop_visitors=x"), None);
    }
}
