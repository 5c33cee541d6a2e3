use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::RequestBuilder;

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
