use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::*;

#[tokio::test]
async fn half_an_answer_is_no_json_but_the_work_is_done() {
    let toss = start().await;
    let key = toss.authenticated("order-1").await;
    let fault = json!({"endpoint": "confirm", "kind": "malformed"});
    toss.fault(&fault).await;
    let answer = toss
        .call("/v1/payments/confirm", &confirm_body(&key, "order-1"))
        .await;
    assert_eq!(answer.status, 200);
    assert!(answer.json.is_string(), "{answer:?}");
    let payment = toss.look("/v1/payments/orders/order-1").await;
    assert_eq!(payment.json["status"], "WAITING_FOR_DEPOSIT");
}

#[tokio::test]
async fn chance_applies_to_some_and_the_other_address_is_the_same_list() {
    let toss = start().await;
    let fault = json!({"endpoint": "lookup", "kind": "error", "code": "COMMON_ERROR", "probability": 0.5, "seed": 3});
    let url = toss.url("/sandbox/faults");
    let ordered = toss.client.post(&url).json(&fault).send().await.unwrap();
    assert_eq!(ordered.status(), 201);
    assert_eq!(toss.control("faults").await, json!([fault]));
    let mut applied = 0;
    for _ in 0..40 {
        applied += usize::from(toss.look("/v1/payments/any").await.code() == "COMMON_ERROR");
    }
    assert!((8..=32).contains(&applied), "{applied}");
    assert_eq!(toss.client.delete(&url).send().await.unwrap().status(), 204);
    assert_eq!(toss.control("faults").await, json!([]));
}

#[tokio::test]
async fn a_lost_response_did_the_work() {
    let toss = start().await;
    toss.fault(&json!({"endpoint": "confirm", "kind": "lost_response", "count": 1}))
        .await;
    let key = toss.authenticated("order-1").await;
    let body = confirm_body(&key, "order-1");
    let confirm = || {
        toss.post("/v1/payments/confirm", &body)
            .header("idempotency-key", "key-1")
            .send()
    };
    assert!(confirm().await.is_err());
    let found = toss.look("/v1/payments/orders/order-1").await.json;
    assert_eq!(found["status"], "WAITING_FOR_DEPOSIT");
    assert_eq!(found["secret"], Value::Null);
    // The same key brings the lost answer back, secret included.
    let again = read(confirm().await.unwrap()).await;
    assert_eq!(again.status, 200);
    assert!(again.json["secret"].is_string());
    let log = toss.control("requests").await;
    assert_eq!(log[0]["fault"], "lost_response");
    assert_eq!(log[0]["status"], 200);
}

#[tokio::test]
async fn a_reset_did_nothing() {
    let toss = start().await;
    toss.fault(&json!({"endpoint": "confirm", "kind": "reset", "count": 2}))
        .await;
    let key = toss.authenticated("order-1").await;
    let body = confirm_body(&key, "order-1");
    for _ in 0..2 {
        let sent = toss.post("/v1/payments/confirm", &body).send().await;
        assert!(sent.is_err());
        let found = toss.look("/v1/payments/orders/order-1").await.json;
        assert_eq!(found["status"], "IN_PROGRESS");
    }
    assert_eq!(toss.call("/v1/payments/confirm", &body).await.status, 200);
    let log = toss.control("requests").await;
    assert_eq!(log[0]["fault"], "reset");
    assert_eq!(log[0]["status"], Value::Null);
}

#[tokio::test]
async fn an_error_answers_what_was_ordered_and_does_nothing() {
    let toss = start().await;
    let key = toss.authenticated("order-1").await;
    let body = confirm_body(&key, "order-1");
    let confirm = async |key: &str| {
        let request = toss
            .post("/v1/payments/confirm", &body)
            .header("idempotency-key", key);
        read(request.send().await.unwrap()).await
    };
    toss.fault(&json!({"endpoint": "confirm", "kind": "error", "code": "REJECT_CARD_PAYMENT"}))
        .await;
    let refused = confirm("key-1").await;
    assert_eq!(
        (refused.status, refused.code()),
        (403, "REJECT_CARD_PAYMENT")
    );
    // A refusal is Toss's own word, so it is bound to its key.
    assert_eq!(confirm("key-1").await.status, 403);

    toss.fault(&json!({"endpoint": "confirm", "kind": "error", "status": 503, "code": "GATEWAY"}))
        .await;
    let broken = confirm("key-2").await;
    assert_eq!((broken.status, broken.code()), (503, "GATEWAY"));
    // Something in front of Toss answered: the same key works afterwards.
    assert_eq!(confirm("key-2").await.status, 200);
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_undo_what_it_asked_for() {
    let toss = start().await;
    toss.fault(&json!({"endpoint": "charge", "kind": "delay", "delayMs": 1_500}))
        .await;
    let key = toss.billing_key(WORKING_CARD).await;
    let path = format!("/v1/billing/{key}");
    let impatient = toss
        .post(&path, &charge_body("sub-001"))
        .timeout(Duration::from_millis(200))
        .send()
        .await;
    assert!(impatient.unwrap_err().is_timeout());
    assert_eq!(toss.look("/v1/payments/orders/sub-001").await.status, 404);
    let started = Instant::now();
    while toss.look("/v1/payments/orders/sub-001").await.status != 200 {
        assert!(started.elapsed() < Duration::from_secs(5), "never done");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_lookup_can_go_wrong_too() {
    let toss = start().await;
    toss.waiting("order-1").await;
    toss.fault(&json!({"endpoint": "lookup", "kind": "error", "count": 1}))
        .await;
    let answer = toss.look("/v1/payments/orders/order-1").await;
    assert_eq!(
        (answer.status, answer.code()),
        (500, "FAILED_INTERNAL_SYSTEM_PROCESSING")
    );
    assert_eq!(toss.look("/v1/payments/orders/order-1").await.status, 200);
}

#[tokio::test]
async fn an_answer_can_be_changed_and_a_repetition_has_it_as_toss_said_it() {
    let toss = start().await;
    let key = toss.authenticated("order-1").await;
    toss.fault(&json!({
        "endpoint": "confirm", "kind": "mutate",
        "set": {"/totalAmount": "15000", "/virtualAccount/bankCode": 20, "/brandNew": {"a": [1]}},
        "remove": ["/status", "/receipt"],
    }))
    .await;
    let body = confirm_body(&key, "order-1");
    let confirm = async || {
        let request = toss
            .post("/v1/payments/confirm", &body)
            .header("idempotency-key", "key-1");
        read(request.send().await.unwrap()).await
    };
    let changed = confirm().await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.json["totalAmount"], "15000");
    assert_eq!(changed.json["virtualAccount"]["bankCode"], 20);
    assert_eq!(changed.json["brandNew"], json!({"a": [1]}));
    assert!(changed.json.get("status").is_none() && changed.json.get("orderId").is_some());
    let again = confirm().await;
    assert_eq!(again.json["totalAmount"], 15_000);
    assert_eq!(again.json["status"], "WAITING_FOR_DEPOSIT");
}

#[tokio::test]
async fn a_refused_request_has_its_reason_in_the_log_and_not_in_the_answer() {
    let toss = start().await;
    let key = toss.authenticated("order-1").await;
    let cases = [
        (
            "/v1/payments/confirm".to_owned(),
            json!({}),
            "paymentKey is missing",
        ),
        (
            "/v1/payments/confirm".to_owned(),
            json!({"paymentKey": key, "orderId": 1, "amount": 1}),
            "orderId is not a text",
        ),
        (
            "/v1/payments/confirm".to_owned(),
            json!({"paymentKey": key, "orderId": "order-1", "amount": 1}),
            "amount is not the window's 15000 KRW",
        ),
        (
            format!("/v1/payments/{key}/cancel"),
            json!({"cancelReason": "가".repeat(201)}),
            "cancelReason is longer than 200 characters",
        ),
        (
            "/v1/virtual-accounts".to_owned(),
            json!({"amount": 1.5}),
            "amount is not whole won",
        ),
    ];
    for (path, body, reason) in cases {
        let answer = toss.call(&path, &body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "INVALID_REQUEST"),
            "{reason}"
        );
        assert_eq!(answer.json["message"], "잘못된 요청입니다.");
        let log = toss.control("requests").await;
        assert_eq!(log.as_array().unwrap().last().unwrap()["reason"], reason);
    }
}

#[tokio::test]
async fn orders_can_be_listed_refused_and_withdrawn() {
    let toss = start().await;
    let fault = json!({"endpoint": "issue", "kind": "error", "count": 3});
    toss.fault(&fault).await;
    assert_eq!(toss.control("faults").await, json!([fault]));
    let url = toss.url("/sandbox/api/faults");
    for bad in [
        json!({"endpoint": "issue", "kind": "explode"}),
        json!({"endpoint": "issue", "kind": "delay"}),
        json!({"endpoint": "issue"}),
        json!({"endpoint": "issue", "kind": "error", "workAfter": "soon"}),
        json!([]),
    ] {
        let sent = toss.client.post(&url).json(&bad).send().await.unwrap();
        let answer = read(sent).await;
        assert_eq!((answer.status, answer.code()), (400, "INVALID_FAULT"));
        let message = answer.json["message"].as_str().unwrap();
        assert!(
            !message.is_empty() && !message.contains("column"),
            "{message}"
        );
    }
    let gone = toss.client.delete(&url).send().await.unwrap();
    assert_eq!(gone.status(), 204);
    assert_eq!(toss.control("faults").await, json!([]));
}

#[tokio::test]
async fn a_reset_of_everything_forgets_everything() {
    let toss = start().await;
    toss.waiting("order-1").await;
    toss.fault(&json!({"endpoint": "issue", "kind": "error"}))
        .await;
    assert_eq!(toss.press("reset").await.status, 204);
    for what in ["payments", "requests", "faults", "webhooks"] {
        assert_eq!(toss.control(what).await, json!([]), "{what}");
    }
    toss.waiting("order-1").await;
}
