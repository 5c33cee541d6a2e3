//! The merchant API, and what every call has in common.

use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::support::{API_KEY, CUSTOMER, Session, Shop, order, subscription, text};

async fn body(answer: reqwest::Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap())
}

#[tokio::test]
async fn the_merchant_api_wants_its_key() {
    let shop = Shop::open().await;
    for (method, path) in [
        (Method::POST, "/api/sessions"),
        (Method::GET, "/api/sessions"),
        (Method::GET, "/api/sessions/cs_0123456789abcdefABCDEF"),
    ] {
        for given in [
            None,
            Some("Bearer".to_owned()),
            Some("Bearer wrong".to_owned()),
            Some(format!("Basic {API_KEY}")),
            Some(format!("Bearer {API_KEY}x")),
            Some(API_KEY.to_owned()),
        ] {
            let mut request = shop.http.request(method.clone(), shop.url(path));
            if let Some(value) = &given {
                request = request.header(header::AUTHORIZATION, value);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            let (status, body) = body(answer).await;
            assert_eq!(
                (status, &body["code"]),
                (401, &json!("CHECKOUT_UNAUTHORIZED"))
            );
        }
    }
}

#[tokio::test]
async fn a_misspelt_field_is_named() {
    let shop = Shop::open().await;
    for (change, says) in [
        (json!({"ammount": 1}), "ammount is not a field"),
        (
            json!({"virtualAccount": {"validHour": 3}}),
            "virtualAccount.validHour is not a field",
        ),
        (json!({"amount": {"value": 0, "currency": "KRW"}}), "amount"),
        (
            json!({"amount": {"value": 1, "currency": "JPY"}}),
            "amount.currency",
        ),
        (json!({"orderId": "short"}), "orderId has 5 characters"),
        (json!({"kind": "gift"}), "kind: unknown variant"),
        (
            json!({"methods": ["PAYPAL"]}),
            "methods[0]: unknown variant",
        ),
    ] {
        let mut request = order();
        for (key, value) in change.as_object().unwrap() {
            request[key] = value.clone();
        }
        let (status, body) = body(shop.create_raw(&request).await).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("CHECKOUT_INVALID_REQUEST"))
        );
        assert!(text(&body["message"]).contains(says), "{body}");
    }
}

#[tokio::test]
async fn a_repeated_creation_makes_one_session() {
    let shop = Shop::open().await;
    let create = async |key: &str, body: Value| {
        let request = shop.http.post(shop.url("/api/sessions"));
        let request = request.bearer_auth(API_KEY).header("Idempotency-Key", key);
        self::body(request.json(&body).send().await.unwrap()).await
    };
    let (status, first) = create("order-77", order()).await;
    assert_eq!(status, 201);
    assert_eq!(create("order-77", order()).await, (200, first.clone()));
    let (status, refused) = create("order-77", subscription(true)).await;
    assert_eq!(status, 422);
    assert!(text(&refused["message"]).contains("Idempotency-Key"));
    let (status, other) = create("order-78", order()).await;
    assert_eq!(status, 201);
    assert_ne!(first["session"]["id"], other["session"]["id"]);
    assert_eq!(create(&"k".repeat(301), order()).await.0, 400);
}

#[tokio::test]
async fn an_order_number_is_used_once() {
    let shop = Shop::open().await;
    let mut request = order();
    request["orderId"] = json!("order-2026-0001");
    let session = shop.create(request.clone()).await;
    assert_eq!(session.order_id, "order-2026-0001");
    let (status, body) = body(shop.create_raw(&request).await).await;
    assert_eq!(status, 409);
    assert!(text(&body["message"]).contains("orderId"));
}

#[tokio::test]
async fn sessions_are_listed_newest_first_in_pages() {
    let shop = Shop::open().await;
    let mut made: Vec<Session> = Vec::new();
    for _ in 0..5 {
        made.push(shop.order().await);
    }
    let mut other = order();
    other["customerKey"] = json!("another-customer");
    shop.create(other).await;
    made.reverse();
    let list = async |query: &str| {
        let request = shop.http.get(shop.url(&format!("/api/sessions?{query}")));
        body(request.bearer_auth(API_KEY).send().await.unwrap()).await
    };
    let ids = |page: &Value| -> Vec<String> {
        page["sessions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| text(&s["id"]))
            .collect()
    };
    let expected = |range: std::ops::Range<usize>| -> Vec<String> {
        made[range].iter().map(|s| s.id.clone()).collect()
    };
    let (status, first) = list(&format!("limit=2&customerKey={CUSTOMER}")).await;
    assert_eq!((status, ids(&first)), (200, expected(0..2)));
    let next = text(&first["next"]);
    let (_, second) = list(&format!("limit=3&before={next}&customerKey={CUSTOMER}")).await;
    assert_eq!(ids(&second), expected(2..5));
    assert!(second.get("next").is_none(), "that was all");
    assert_eq!(ids(&list("").await.1).len(), 6);
    for bad in [
        "limit=0",
        "limit=101",
        "limit=x",
        "before=nonsense",
        "offset=1",
    ] {
        let (status, body) = list(bad).await;
        assert_eq!(
            (status, &body["code"]),
            (400, &json!("CHECKOUT_INVALID_REQUEST")),
            "{bad}"
        );
    }
    let path = format!("/api/sessions/{}", made[0].id);
    let (status, one) = body(
        shop.http
            .get(shop.url(&path))
            .bearer_auth(API_KEY)
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!((status, &one["url"]), (200, &json!(made[0].url)));
}

#[tokio::test]
async fn every_error_is_json_with_a_trace_id() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let confirm = format!("/api/checkout/sessions/{}/confirm", session.id);
    let unknown = "/api/checkout/sessions/cs_0123456789abcdefABCDEF";
    let json_type = "application/json";
    for (method, path, kind, sent, status, code) in [
        (
            Method::GET,
            "/api/nothing",
            json_type,
            "",
            404,
            "CHECKOUT_NOT_FOUND",
        ),
        (
            Method::GET,
            "/nothing",
            json_type,
            "",
            404,
            "CHECKOUT_NOT_FOUND",
        ),
        (
            Method::DELETE,
            "/api/sessions",
            json_type,
            "",
            405,
            "CHECKOUT_NOT_FOUND",
        ),
        (
            Method::GET,
            unknown,
            json_type,
            "",
            404,
            "CHECKOUT_SESSION_NOT_FOUND",
        ),
        (
            Method::GET,
            "/api/checkout/sessions/x",
            json_type,
            "",
            404,
            "CHECKOUT_SESSION_NOT_FOUND",
        ),
        (
            Method::POST,
            confirm.as_str(),
            json_type,
            "{",
            400,
            "CHECKOUT_INVALID_REQUEST",
        ),
        (
            Method::POST,
            confirm.as_str(),
            json_type,
            "{}",
            400,
            "CHECKOUT_INVALID_REQUEST",
        ),
        (
            Method::POST,
            confirm.as_str(),
            "text/plain",
            "{}",
            400,
            "CHECKOUT_INVALID_REQUEST",
        ),
        (
            Method::POST,
            "/webhooks/toss",
            json_type,
            "{}",
            400,
            "CHECKOUT_INVALID_REQUEST",
        ),
    ] {
        let request = shop.http.request(method, shop.url(path));
        let answer = request
            .header("content-type", kind)
            .body(sent)
            .send()
            .await
            .unwrap();
        let trace = answer.headers()["x-trace-id"].to_str().unwrap().to_owned();
        assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let (found, body) = body(answer).await;
        assert_eq!(
            (found, text(&body["code"]).as_str()),
            (status, code),
            "{path} {sent}"
        );
        assert_eq!(text(&body["traceId"]), trace);
        assert_eq!(body["retryable"], false);
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let long = json!({"code": "X", "message": "x".repeat(40_000)});
    let (status, body) = shop.post(&session, "failure", long).await;
    assert_eq!(
        (status, &body["code"]),
        (413, &json!("CHECKOUT_INVALID_REQUEST"))
    );
}

#[tokio::test]
async fn a_script_is_slowed_down() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let url = shop.url(&format!("/api/checkout/sessions/{}", session.id));
    let mut answers = Vec::new();
    for _ in 0..80 {
        answers.push(shop.http.get(&url).send().await.unwrap());
    }
    let limited = answers.pop().unwrap();
    assert_eq!(limited.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = limited.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..5).contains(&wait));
    let (_, body) = body(limited).await;
    assert_eq!(
        (&body["code"], &body["retryable"]),
        (&json!("CHECKOUT_RATE_LIMITED"), &json!(true))
    );
    // Somebody else's session is not affected.
    let other = shop.order().await;
    shop.get(&other).await;
}

#[tokio::test]
async fn other_sites_may_call_only_when_they_are_listed() {
    let extra = ["--allowed-origins=https://shop.example.com,http://localhost:3000"];
    let clock = toss_merchant::clock::Clock::system();
    let shop = Shop::with(&extra, clock, crate::support::quick()).await;
    let session = shop.order().await;
    let url = shop.url(&format!("/api/checkout/sessions/{}", session.id));
    let ask = async |method: Method, url: &str, origin: &str| {
        let request = shop.http.request(method, url).header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        let request = request.header("access-control-request-headers", "content-type");
        request.send().await.unwrap()
    };
    for origin in ["https://shop.example.com", "http://localhost:3000"] {
        let answer = ask(Method::GET, &url, origin).await;
        assert_eq!(answer.headers()["access-control-allow-origin"], origin);
        assert!(
            answer
                .headers()
                .get("access-control-allow-credentials")
                .is_none()
        );
        let answer = ask(Method::OPTIONS, &format!("{url}/confirm"), origin).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["access-control-allow-origin"], origin);
        assert_eq!(answer.headers()["access-control-allow-methods"], "GET,POST");
    }
    let name = "access-control-allow-origin";
    let answer = ask(Method::GET, &url, "https://evil.example.com").await;
    assert!(answer.headers().get(name).is_none());
    // The merchant API is for servers.
    let answer = ask(
        Method::OPTIONS,
        &shop.url("/api/sessions"),
        "https://shop.example.com",
    )
    .await;
    assert!(answer.headers().get(name).is_none());
}

#[tokio::test]
async fn the_health_check_answers() {
    let shop = Shop::open().await;
    let answer = shop.http.get(shop.url("/healthz")).send().await.unwrap();
    assert_eq!(body(answer).await, (200, json!({"status": "ok"})));
}
