use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::RequestBuilder;
use serde_json::json;
use toss_model::KeyPair;

use crate::harness::*;

async fn outcome(request: RequestBuilder) -> (u16, String) {
    let answer = read(request.send().await.unwrap()).await;
    (answer.status, answer.code().to_owned())
}

#[tokio::test]
async fn every_call_asks_who_is_calling() {
    let toss = start().await;
    let client = &toss.client;
    let requests = [
        client.post(toss.url("/v1/payments/confirm")),
        client.get(toss.url("/v1/payments/tgen_1")),
        client.get(toss.url("/v1/payments/orders/order-1")),
        client.post(toss.url(ISSUE)),
        client.post(toss.url("/v1/billing/abc")),
    ];
    for request in requests {
        assert_eq!(outcome(request).await, (401, "UNAUTHORIZED_KEY".to_owned()));
    }
}

#[tokio::test]
async fn each_way_of_being_wrong_has_its_code() {
    let toss = start().await;
    let try_header = async |value: String| {
        let request = toss
            .client
            .get(toss.url("/v1/payments/orders/order-1"))
            .header("authorization", value);
        outcome(request).await
    };
    let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
    let cases = [
        (basic(&format!("{SECRET_KEY}:")), 404, "NOT_FOUND_PAYMENT"),
        (basic(SECRET_KEY), 403, "INCORRECT_BASIC_AUTH_FORMAT"),
        (basic("test_sk_nobody:"), 401, "UNAUTHORIZED_KEY"),
        (basic(&format!("{CLIENT_KEY}:")), 401, "UNAUTHORIZED_KEY"),
        (
            basic("test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6:"),
            400,
            "INVALID_API_KEY",
        ),
        (basic("live_sk_abc:"), 401, "UNAUTHORIZED_KEY"),
        (format!("Bearer {SECRET_KEY}"), 401, "UNAUTHORIZED_KEY"),
        ("Basic %%%".to_owned(), 401, "UNAUTHORIZED_KEY"),
    ];
    for (header, status, code) in cases {
        assert_eq!(
            try_header(header.clone()).await,
            (status, code.to_owned()),
            "{header}"
        );
    }
}

#[tokio::test]
async fn a_live_key_is_refused_in_plain_words_and_not_logged() {
    let toss = start().await;
    let request = toss
        .client
        .get(toss.url("/v1/payments/orders/order-1"))
        .basic_auth("live_sk_verySecret", Some(""));
    let answer = read(request.send().await.unwrap()).await;
    let message = answer.json["message"].as_str().unwrap();
    assert!(message.contains("라이브 키"), "{message}");
    let log = toss.control("requests").await.to_string();
    assert!(!log.contains("verySecret") && !log.contains("live_sk"));
}

#[tokio::test]
async fn messages_are_korean_unless_english_is_asked_for() {
    let toss = start().await;
    let ask = async |language: Option<&str>| {
        let mut request = toss.get("/v1/payments/tgen_nothing");
        if let Some(language) = language {
            request = request.header("accept-language", language);
        }
        read(request.send().await.unwrap()).await.json["message"].clone()
    };
    assert_eq!(ask(None).await, "존재하지 않는 결제 정보 입니다.");
    assert_eq!(ask(Some("ko-KR")).await, "존재하지 않는 결제 정보 입니다.");
    assert_eq!(ask(Some("en-US")).await, "Not found payment");
}

#[tokio::test]
async fn every_answer_names_a_trace() {
    let toss = start().await;
    let first = toss.look("/v1/payments/tgen_nothing").await;
    let second = toss.look("/v1/nothing/here").await;
    assert_eq!((second.status, second.code()), (404, "NOT_FOUND"));
    let traces = [
        first.header("x-tosspayments-trace-id"),
        second.header("x-tosspayments-trace-id"),
    ];
    assert_ne!(traces[0], traces[1]);
    let log = toss.control("requests").await;
    assert_eq!(log[0]["traceId"], traces[0]);
    assert_eq!(log[1]["traceId"], traces[1]);
}

#[tokio::test]
async fn a_browser_may_not_call_the_rest_api() {
    let toss = start().await;
    let request = toss
        .get("/v1/payments/orders/order-1")
        .header("origin", SHOP);
    let response = request.send().await.unwrap();
    assert!(
        !response
            .headers()
            .contains_key("access-control-allow-origin")
    );
}

#[tokio::test]
async fn pairs_of_one_merchant_see_the_same_payments_and_others_do_not() {
    let mut config = config();
    for keys in [
        "test_ck_twin:test_sk_twin:tosspayments:2024-06-01",
        "test_ck_other:test_sk_other:other-shop",
    ] {
        config.shops.push(KeyPair::read(keys, "unnamed").unwrap());
    }
    let toss = start_with(config).await;
    let payment = toss.waiting("order-1").await;
    let key = payment["paymentKey"].as_str().unwrap().to_owned();
    let as_pair = async |secret: &str, path: &str| {
        let request = toss.client.get(toss.url(path));
        let request = request.basic_auth(secret, Some(""));
        read(request.send().await.unwrap()).await
    };
    let path = format!("/v1/payments/{key}");
    let twin = as_pair("test_sk_twin", &path).await;
    assert_eq!((twin.status, &twin.json["mId"]), (200, &payment["mId"]));
    assert_eq!(twin.json["version"], "2024-06-01");
    assert_eq!(payment["version"], "2022-11-16");
    let other = as_pair("test_sk_other", &path).await;
    assert_eq!((other.status, other.code()), (404, "NOT_FOUND_PAYMENT"));
    // An order number is the merchant's own: another may use it, too.
    let account = json!({
        "amount": 15_000, "orderId": "order-1", "orderName": "티셔츠", "customerName": "김토스", "bank": "20",
    });
    for (secret, status) in [("test_sk_twin", 400), ("test_sk_other", 200)] {
        let request = toss.client.post(toss.url("/v1/virtual-accounts"));
        let request = request.basic_auth(secret, Some("")).json(&account);
        assert_eq!(request.send().await.unwrap().status(), status);
    }
    let listed = as_pair(
        "test_sk_other",
        "/v1/transactions?startDate=2020-01-01&endDate=2999-01-01",
    )
    .await;
    assert_eq!(listed.json.as_array().unwrap().len(), 1);
    assert_eq!(listed.json[0]["mId"], "other-shop");
}

#[tokio::test]
async fn versions_and_widget_keys_are_set_as_in_the_developer_centre() {
    let toss = start().await;
    let keys = toss.control("keys").await;
    assert_eq!(keys[0]["version"], "2022-11-16");
    assert_eq!(
        (&keys[0]["family"], &keys[1]["family"]),
        (&json!("individual"), &json!("widget"))
    );
    let set = async |client_key: &str, version: &str| {
        let url = toss.url(&format!("/sandbox/api/keys/{client_key}"));
        let request = toss.client.post(url).json(&json!({"version": version}));
        request.send().await.unwrap().status().as_u16()
    };
    let widget = keys[1]["clientKey"].as_str().unwrap();
    assert_eq!(set(CLIENT_KEY, "2024-06-01").await, 200);
    assert_eq!(set(CLIENT_KEY, "1.4").await, 400);
    assert_eq!(set(widget, "2024-06-01").await, 400);
    assert_eq!(set("test_ck_nobody", "2024-06-01").await, 404);
}
