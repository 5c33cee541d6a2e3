use std::time::Duration;

use reqwest::Response;
use serde_json::{Value, json};

use crate::harness::*;

async fn send(toss: &Running, path: &str, body: &Value, key: &str) -> Response {
    toss.post(path, body)
        .header("idempotency-key", key)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_repetition_gets_the_first_answer_byte_for_byte() {
    let toss = start().await;
    let key = toss.authenticated("order-1").await;
    let body = confirm_body(&key, "order-1");
    let path = "/v1/payments/confirm";
    let first = send(&toss, path, &body, "key-1").await;
    let first_trace = first.headers()["x-tosspayments-trace-id"].clone();
    assert_eq!(first.headers()["idempotency-key"], "key-1");
    let first = first.bytes().await.unwrap();
    // Another body changes nothing: it is not part of the request's identity.
    let second = send(&toss, path, &json!({"amount": 1}), "key-1").await;
    assert_eq!(second.status(), 200);
    assert_eq!(second.headers()["idempotency-key"], "key-1");
    let traces = second.headers()["x-tosspayments-trace-id"].clone();
    let traces: Vec<_> = traces.to_str().unwrap().split(", ").collect();
    assert_eq!(traces.len(), 2);
    assert_eq!(traces[1], first_trace);
    assert_eq!(second.bytes().await.unwrap(), first);
    let log = toss.control("requests").await;
    assert_eq!(log[0]["replayed"], false);
    assert_eq!(log[1]["replayed"], true);
    assert_eq!(log[1]["idempotencyKey"], "key-1");
    // Without the key it is a new request.
    let third = toss.call(path, &body).await;
    assert_eq!(third.code(), "ALREADY_PROCESSED_PAYMENT");
}

#[tokio::test]
async fn refusals_are_bound_too() {
    let toss = start().await;
    let path = "/v1/payments/confirm";
    let body = confirm_body("tgen_nothing", "order-1");
    let first = read(send(&toss, path, &body, "key-1").await).await;
    assert_eq!(first.status, 404);
    let key = toss.authenticated("order-1").await;
    let good = confirm_body(&key, "order-1");
    let second = read(send(&toss, path, &good, "key-1").await).await;
    assert_eq!((second.status, &second.json), (404, &first.json));
    let third = read(send(&toss, path, &good, "key-2").await).await;
    assert_eq!(third.status, 200);
}

#[tokio::test]
async fn the_same_key_at_another_address_is_another_request() {
    let toss = start().await;
    let key = toss.billing_key(WORKING_CARD).await;
    let charge = format!("/v1/billing/{key}");
    let first = read(send(&toss, &charge, &charge_body("sub-001"), "key-1").await).await;
    assert_eq!(first.status, 200);
    let auth_key = toss.registered(WORKING_CARD).await;
    let issued = read(send(&toss, ISSUE, &issue_body(&auth_key), "key-1").await).await;
    assert_eq!(issued.status, 200);
    // A GET takes no notice of the header.
    let path = "/v1/payments/orders/sub-002";
    let get = || toss.get(path).header("idempotency-key", "key-9").send();
    assert_eq!(get().await.unwrap().status(), 404);
    toss.call(&charge, &charge_body("sub-002")).await;
    assert_eq!(get().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_repetition_while_the_first_is_in_flight_waits_outside() {
    let toss = start().await;
    toss.fault(&json!({"endpoint": "charge", "kind": "delay", "delayMs": 1_500}))
        .await;
    let key = toss.billing_key(WORKING_CARD).await;
    let path = format!("/v1/billing/{key}");
    let body = charge_body("sub-001");
    let slow = send(&toss, &path, &body, "key-1");
    let early = async {
        // A request is logged when it arrives; its status comes with its answer.
        while toss.control("requests").await[1].is_null() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(toss.control("requests").await[1]["status"], Value::Null);
        read(send(&toss, &path, &body, "key-1").await).await
    };
    let (slow, early) = tokio::join!(slow, early);
    assert_eq!(slow.status(), 200);
    assert_eq!(
        (early.status, early.code()),
        (409, "IDEMPOTENT_REQUEST_PROCESSING")
    );
    let later = send(&toss, &path, &body, "key-1").await;
    assert_eq!(
        later.bytes().await.unwrap(),
        slow.bytes().await.unwrap(),
        "the 409 was not kept"
    );
}

#[tokio::test]
async fn a_key_of_more_than_three_hundred_characters_is_refused() {
    let toss = start().await;
    let body = json!({});
    let path = "/v1/payments/confirm";
    let long = read(send(&toss, path, &body, &"k".repeat(301)).await).await;
    assert_eq!((long.status, long.code()), (400, "INVALID_IDEMPOTENCY_KEY"));
    let fits = read(send(&toss, path, &body, &"k".repeat(300)).await).await;
    assert_eq!(fits.code(), "INVALID_REQUEST");
}

/// Whatever is asked with a key, whenever it is asked again: the same status and the same bytes.
#[tokio::test]
async fn every_call_is_answered_again_the_same_whatever_happened_meanwhile() {
    let toss = start().await;
    let key = toss.authenticated("order-1").await;
    let paid = toss.waiting("order-2").await;
    let paid = paid["paymentKey"].as_str().unwrap();
    let auth_key = toss.registered(WORKING_CARD).await;
    let billing = toss.billing_key(WORKING_CARD).await;
    let declined = toss.billing_key("9410 0000 0000 0001").await;
    let account = |order: &str| json!({"amount": 15_000, "orderId": order, "orderName": "x", "customerName": "김토스", "bank": "20"});
    let card = json!({
        "customerKey": CUSTOMER, "cardNumber": "9410001234567890", "cardExpirationYear": "30",
        "cardExpirationMonth": "12", "customerIdentityNumber": "900101",
    });
    let receipt = json!({
        "amount": 1_000, "orderId": "order-9", "orderName": "x", "customerIdentityNumber": "01012345678",
        "type": "소득공제",
    });
    let calls = [
        (
            "/v1/payments/confirm".to_owned(),
            confirm_body(&key, "order-1"),
        ),
        (
            "/v1/payments/confirm".to_owned(),
            confirm_body("tgen_none", "order-1"),
        ),
        (
            format!("/v1/payments/{paid}/cancel"),
            json!({"cancelReason": "x"}),
        ),
        (format!("/v1/payments/{paid}/cancel"), json!({})),
        ("/v1/virtual-accounts".to_owned(), account("order-3")),
        ("/v1/virtual-accounts".to_owned(), account("no")),
        (ISSUE.to_owned(), issue_body(&auth_key)),
        (ISSUE.to_owned(), issue_body("none")),
        ("/v1/billing/authorizations/card".to_owned(), card),
        (format!("/v1/billing/{billing}"), charge_body("sub-001")),
        (format!("/v1/billing/{declined}"), charge_body("sub-002")),
        ("/v1/cash-receipts".to_owned(), receipt),
    ];
    let mut first = Vec::new();
    for (at, (path, body)) in calls.iter().enumerate() {
        let answer = send(&toss, path, body, &format!("key-{at}")).await;
        first.push((answer.status(), answer.bytes().await.unwrap()));
    }
    for step in ["0s", "1h", "7d", "7d 22h"] {
        let order = json!({"advance": step});
        let url = toss.url("/sandbox/clock");
        toss.client.post(url).json(&order).send().await.unwrap();
        for (at, (path, body)) in calls.iter().enumerate().rev() {
            let answer = send(&toss, path, body, &format!("key-{at}")).await;
            let again = (answer.status(), answer.bytes().await.unwrap());
            assert_eq!(again, first[at], "{path} after {step}");
        }
    }
    let payments = toss.control("payments").await;
    assert_eq!(
        payments.as_array().unwrap().len(),
        4,
        "nothing was done twice"
    );
}
