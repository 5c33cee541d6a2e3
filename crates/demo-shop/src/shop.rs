//! The shop's addresses.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    checkout_api::{CheckoutApi, Session},
    pages,
};

const STYLE: &str = include_str!("style.css");
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Keeps the visitor's customer key: unguessable, stable, and never an e-mail or a number.
const COOKIE: &str = "shop_visitor";
const SHOWN_ORDERS: usize = 5;

/// The shop.
#[derive(Debug)]
pub struct Shop {
    /// Where its sessions are made.
    pub api: CheckoutApi,
    /// Under which buyers reach it.
    pub origin: String,
}

/// Everything that the shop answers.
pub fn routes(shop: Shop) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/style.css", get(style))
        .route("/subscribe", get(subscribe))
        .route("/order", get(order))
        .route("/order/abroad", get(order_abroad))
        .route("/orders/{session}", get(placed))
        .route("/subscriptions", get(subscriptions))
        // Browsers ask for it unasked; a 404 would be an error in every console.
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .with_state(Arc::new(shop))
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

async fn home(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    match sessions(&shop, &headers, SHOWN_ORDERS).await {
        Ok(sessions) => page(StatusCode::OK, pages::home(&sessions)),
        // Who cannot see old orders can still make a new one.
        Err(error) => {
            tracing::warn!("the shop could not read its sessions: {error:#}");
            page(StatusCode::OK, pages::home(&[]))
        }
    }
}

/// An order of the visitor's own: its page shows how it stands.
async fn placed(
    State(shop): State<Arc<Shop>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let is_id = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (Some(visitor), true) = (visitor(&headers), id.chars().all(is_id)) else {
        return page(StatusCode::NOT_FOUND, pages::broken("없는 주문이에요"));
    };
    match shop.api.session(&id).await {
        Ok((session, url)) if session.customer_key == visitor.to_string() => {
            Redirect::to(&url).into_response()
        }
        Ok(_) => page(StatusCode::NOT_FOUND, pages::broken("없는 주문이에요")),
        Err(error) => {
            tracing::error!("the shop could not read a session: {error:#}");
            let words = "주문을 불러오지 못했어요";
            page(StatusCode::BAD_GATEWAY, pages::broken(words))
        }
    }
}

/// 내 구독: a new link for the visitor, whom the shop knows. A shop with accounts asks for a sign-in first.
async fn subscriptions(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let Some(visitor) = visitor(&headers) else {
        return page(StatusCode::OK, pages::no_subscriptions());
    };
    let back = format!("{}/", shop.origin);
    match shop.api.customer_link(&visitor, &back).await {
        Ok(url) => Redirect::to(&url).into_response(),
        Err(error) => {
            tracing::error!("the shop could not make a link: {error:#}");
            let words = "구독을 불러오지 못했어요";
            page(StatusCode::BAD_GATEWAY, pages::broken(words))
        }
    }
}

async fn sessions(shop: &Shop, headers: &HeaderMap, limit: usize) -> anyhow::Result<Vec<Session>> {
    match visitor(headers) {
        Some(visitor) => shop.api.sessions(&visitor, limit).await,
        None => Ok(Vec::new()),
    }
}

#[derive(Deserialize)]
struct Subscribe {
    /// `later`: register only.
    charge: Option<String>,
    /// An easy pay service whose own window is to open.
    easy_pay: Option<String>,
}

#[derive(Deserialize)]
struct Order {
    /// An easy pay service whose own window is to open.
    easy_pay: Option<String>,
}

/// Cards by the own window of an easy pay service; it is for the merchant's backend to refuse one.
fn by(easy_pay: Option<&str>) -> Value {
    match easy_pay {
        Some(service) => json!({"flowMode": "DIRECT", "easyPay": service}),
        None => Value::Null,
    }
}

async fn subscribe(
    State(shop): State<Arc<Shop>>,
    Query(query): Query<Subscribe>,
    headers: HeaderMap,
) -> Response {
    let order = json!({
        "kind": "billing",
        "orderName": "토스 프라임 구독",
        "plan": {"amount": {"value": 4900, "currency": "KRW"}, "interval": "month"},
        "subscribe": true,
        "chargeNow": query.charge.as_deref() != Some("later"),
        "methods": ["CARD", "TRANSFER"],
        "card": by(query.easy_pay.as_deref()),
    });
    check_out(&shop, &headers, order).await
}

async fn order(
    State(shop): State<Arc<Shop>>,
    Query(query): Query<Order>,
    headers: HeaderMap,
) -> Response {
    let order = json!({
        "kind": "payment",
        "orderName": "티셔츠 1장",
        "amount": {"value": 15_000, "currency": "KRW"},
        "methods": [
            "CARD", "TRANSFER", "VIRTUAL_ACCOUNT", "MOBILE_PHONE", "CULTURE_GIFT_CERTIFICATE",
            "BOOK_GIFT_CERTIFICATE", "GAME_GIFT_CERTIFICATE",
        ],
        "virtualAccount": {"validHours": 72, "cashReceipt": {"type": "소득공제"}},
        "card": by(query.easy_pay.as_deref()),
    });
    check_out(&shop, &headers, order).await
}

/// Easy pay services abroad take dollars.
async fn order_abroad(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let order = json!({
        "kind": "payment",
        "orderName": "Sticker pack",
        "amount": {"value": 12.5, "currency": "USD"},
        "methods": ["FOREIGN_EASY_PAY"],
        "foreignEasyPay": {"country": "US"},
    });
    check_out(&shop, &headers, order).await
}

/// Price and customer are decided here, on the server; the browser gets an address only.
async fn check_out(shop: &Shop, headers: &HeaderMap, mut order: Value) -> Response {
    let visitor = visitor(headers).unwrap_or_else(Uuid::new_v4);
    order["customerKey"] = json!(visitor.to_string());
    order["customer"] = json!({"name": "김토스", "email": "customer@example.com"});
    order["returnUrl"] = json!(format!("{}/", shop.origin));
    match shop.api.create(&order).await {
        Ok(url) => {
            let mut answer = Redirect::to(&url).into_response();
            if let Ok(cookie) = HeaderValue::from_str(&cookie(shop, &visitor)) {
                answer.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            answer
        }
        Err(error) => {
            tracing::error!("the shop could not create a session: {error:#}");
            let words = "주문을 만들지 못했어요";
            page(StatusCode::BAD_GATEWAY, pages::broken(words))
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

fn cookie(shop: &Shop, visitor: &Uuid) -> String {
    let secure = if shop.origin.starts_with("https://") {
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
