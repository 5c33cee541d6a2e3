//! The shop over HTTP, with a merchant API that notes what it is asked.

#![expect(clippy::unwrap_used, reason = "a test may end")]

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
    routing::{get, post},
};
use demo_shop::{CheckoutApi, Shop, routes};
use reqwest::{Client, Response, redirect::Policy};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const KEY: &str = "a-key-of-the-merchant-api";
const CUSTOMER: &str = "3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11";

/// What was asked of the API: bearer key and body.
type Asked = Arc<Mutex<Vec<(String, Value)>>>;

fn session(customer: &str) -> Value {
    json!({
        "id": "cs_theirs", "customerKey": customer, "kind": "billing", "status": "active",
        "orderName": "토스 프라임 구독", "plan": {"amount": {"value": 4900, "currency": "KRW"}},
    })
}

async fn create(
    State(asked): State<Asked>,
    headers: HeaderMap,
    Json(order): Json<Value>,
) -> impl IntoResponse {
    let key = headers["authorization"].to_str().unwrap().to_owned();
    assert!(headers.contains_key("idempotency-key"));
    asked.lock().unwrap().push((key, order));
    let url = "https://pay.shop.example/checkout/?session=cs_new";
    (
        StatusCode::CREATED,
        Json(json!({"session": {}, "url": url})),
    )
}

async fn serve(routes: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, routes).await });
    format!("http://{address}")
}

async fn shop(api: &str) -> String {
    serve(routes(Shop {
        api: CheckoutApi::new(api, KEY.into()).unwrap(),
        origin: "https://shop.example".to_owned(),
    }))
    .await
}

async fn open(address: &str, cookie: &str) -> Response {
    let http = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .build()
        .unwrap();
    let request = http.get(address).header("cookie", cookie);
    request.send().await.unwrap()
}

#[tokio::test]
async fn price_and_customer_are_the_servers_and_the_buyer_gets_an_address() {
    let asked = Asked::default();
    let api = Router::new()
        .route("/api/sessions", post(create))
        .with_state(Arc::clone(&asked));
    let shop = shop(&serve(api).await).await;

    let mut cookie = String::new();
    for (path, kind, charge) in [
        ("/subscribe?amount=1", "billing", Some(true)),
        ("/subscribe?charge=later", "billing", Some(false)),
        ("/order", "payment", None),
    ] {
        let answer = open(&format!("{shop}{path}"), &cookie).await;
        assert_eq!(answer.status(), 303);
        let location = answer.headers()["location"].to_str().unwrap();
        assert_eq!(
            location,
            "https://pay.shop.example/checkout/?session=cs_new"
        );
        let set = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        for part in ["HttpOnly", "SameSite=Lax", "Secure"] {
            assert!(set.contains(part), "{set}");
        }
        let (key, order) = asked.lock().unwrap().last().unwrap().clone();
        assert_eq!(key, format!("Bearer {KEY}"));
        assert_eq!(order["kind"], kind);
        assert_eq!(order["chargeNow"].as_bool(), charge);
        let price = order
            .pointer("/amount/value")
            .or(order.pointer("/plan/amount/value"));
        assert_eq!(
            price,
            Some(&json!(if kind == "billing" { 4900 } else { 15_000 }))
        );
        assert_eq!(order["returnUrl"], "https://shop.example/");
        // The same customer at every visit.
        let customer = order["customerKey"].as_str().unwrap();
        assert!(set.starts_with(&format!("shop_visitor={customer};")));
        assert!(cookie.is_empty() || cookie.ends_with(customer));
        cookie = set.split(';').next().unwrap().to_owned();
    }
}

#[tokio::test]
async fn the_visitor_sees_orders_and_subscriptions_of_their_own_only() {
    let listed = get(|| async { Json(json!({"sessions": [session(CUSTOMER)]})) });
    let one = get(|Path(id): Path<String>| async move {
        let url = format!("https://pay.shop.example/checkout/?session={id}");
        Json(json!({"session": session(CUSTOMER), "url": url}))
    });
    let api = Router::new()
        .route("/api/sessions", listed)
        .route("/api/sessions/{id}", one);
    let shop = shop(&serve(api).await).await;
    let own = format!("shop_visitor={CUSTOMER}");
    let other = "shop_visitor=988c7734-9e4b-4b8a-a0a4-d86120403a2a";

    let answer = open(&format!("{shop}/"), &own).await;
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self';"));
    let html = answer.text().await.unwrap();
    assert!(html.contains("<h1>내 주문</h1>"), "{html}");
    assert!(
        html.contains("구독 중") && html.contains("4,900원"),
        "{html}"
    );
    let stranger = open(&format!("{shop}/"), "").await.text().await.unwrap();
    assert!(!stranger.contains("내 주문"));

    let answer = open(&format!("{shop}/orders/cs_theirs"), &own).await;
    let location = answer.headers()["location"].to_str().unwrap();
    assert_eq!(
        location,
        "https://pay.shop.example/checkout/?session=cs_theirs"
    );
    for (id, cookie) in [
        ("cs_theirs", other),
        ("cs_theirs", ""),
        ("..%2fhealthz", &own),
    ] {
        let answer = open(&format!("{shop}/orders/{id}"), cookie).await;
        assert_eq!(answer.status(), 404, "{id}");
    }
}

#[tokio::test]
async fn the_visitors_subscriptions_open_by_a_link_of_their_own() {
    let link = post(|Json(body): Json<Value>| async move {
        assert_eq!(body["returnUrl"], "https://shop.example/");
        let url = format!(
            "https://pay.shop.example/subscription/#link=cl_{}",
            body["customerKey"].as_str().unwrap()
        );
        (StatusCode::CREATED, Json(json!({"url": url})))
    });
    let api = Router::new().route("/api/customer-links", link);
    let shop = shop(&serve(api).await).await;
    let address = format!("{shop}/subscriptions");
    let answer = open(&address, &format!("shop_visitor={CUSTOMER}")).await;
    assert_eq!(answer.status(), 303);
    let location = answer.headers()["location"].to_str().unwrap();
    let expected = format!("https://pay.shop.example/subscription/#link=cl_{CUSTOMER}");
    assert_eq!(location, expected);
    let stranger = open(&address, "").await;
    assert_eq!(stranger.status(), 200);
    assert!(
        stranger
            .text()
            .await
            .unwrap()
            .contains("아직 구독이 없어요")
    );
}

#[tokio::test]
async fn without_the_merchant_api_the_shop_says_so() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let shop = shop(&address).await;
    let cookie = format!("shop_visitor={CUSTOMER}");
    for path in ["/order", "/subscriptions", "/orders/cs_1"] {
        let answer = open(&format!("{shop}{path}"), &cookie).await;
        assert_eq!(answer.status(), 502, "{path}");
        assert!(answer.text().await.unwrap().contains("잠시 후 다시"));
    }
    // What is sold can be seen all the same.
    assert_eq!(open(&format!("{shop}/"), &cookie).await.status(), 200);
}
