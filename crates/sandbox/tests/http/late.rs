//! Answers that go out before the work is done, as behind a gateway that gave up on Toss.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::*;

const CONFIRM: &str = "/v1/payments/confirm";

async fn confirm(toss: &Running, body: &Value) -> Answer {
    let request = toss.post(CONFIRM, body).header("idempotency-key", "key-1");
    read(request.send().await.unwrap()).await
}

async fn advance(toss: &Running, by: &str) {
    let url = toss.url("/sandbox/clock");
    let order = json!({"advance": by});
    let sent = toss.client.post(url).json(&order).send().await.unwrap();
    assert_eq!(sent.status(), 200);
}

async fn status_of(toss: &Running, order: &str) -> Value {
    toss.look(&format!("/v1/payments/orders/{order}"))
        .await
        .json["status"]
        .clone()
}

#[tokio::test]
async fn a_gateway_may_answer_before_the_work_by_the_sandboxs_clock() {
    let toss = start().await;
    toss.press_clock("freeze").await;
    let key = toss.authenticated("order-1").await;
    let body = confirm_body(&key, "order-1");
    toss.fault(&json!({"endpoint": "confirm", "kind": "error", "status": 502, "workAfter": "30s"}))
        .await;
    let answer = confirm(&toss, &body).await;
    assert_eq!(answer.status, 502);
    assert_eq!(status_of(&toss, "order-1").await, "IN_PROGRESS");
    // Toss is still at it, so the key is taken.
    let again = confirm(&toss, &body).await;
    assert_eq!(
        (again.status, again.code()),
        (409, "IDEMPOTENT_REQUEST_PROCESSING")
    );
    advance(&toss, "29s").await;
    assert_eq!(status_of(&toss, "order-1").await, "IN_PROGRESS");
    advance(&toss, "1s").await;
    assert_eq!(status_of(&toss, "order-1").await, "WAITING_FOR_DEPOSIT");
    // The key brings back what the work came to, secret included.
    let again = confirm(&toss, &body).await;
    assert_eq!(again.status, 200);
    assert!(again.json["secret"].is_string());
    let log = toss.control("requests").await;
    assert_eq!(
        (&log[0]["status"], &log[0]["lateStatus"]),
        (&json!(502), &json!(200))
    );
}

#[tokio::test]
async fn put_off_work_is_done_at_its_own_moment_however_far_the_clock_jumps() {
    let toss = start().await;
    toss.press_clock("freeze").await;
    let key = toss.authenticated("order-1").await;
    toss.fault(&json!({"endpoint": "confirm", "kind": "error", "workAfter": "5m"}))
        .await;
    assert_eq!(
        confirm(&toss, &confirm_body(&key, "order-1")).await.status,
        500
    );
    // A month later the ten minutes to confirm are long over; five minutes after the call they were not.
    advance(&toss, "31d").await;
    assert_eq!(status_of(&toss, "order-1").await, "WAITING_FOR_DEPOSIT");
}

#[tokio::test]
async fn the_connection_may_be_cut_or_never_answered_and_the_work_still_be_done() {
    let toss = start().await;
    let billing = toss.billing_key(WORKING_CARD).await;
    for (order, kind) in [("sub-001", "reset"), ("sub-002", "timeout")] {
        toss.fault(&json!({"endpoint": "charge", "kind": kind, "workAfterMs": 1}))
            .await;
        let sent = toss
            .post(&format!("/v1/billing/{billing}"), &charge_body(order))
            .timeout(Duration::from_millis(500))
            .send()
            .await;
        assert_eq!(sent.unwrap_err().is_timeout(), kind == "timeout");
        let started = Instant::now();
        while status_of(&toss, order).await != "DONE" {
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "{kind}: never done"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

#[tokio::test]
async fn without_a_moment_nothing_is_ever_done() {
    let toss = start().await;
    let key = toss.authenticated("order-1").await;
    toss.fault(&json!({"endpoint": "confirm", "kind": "timeout"}))
        .await;
    let sent = toss
        .post(CONFIRM, &confirm_body(&key, "order-1"))
        .timeout(Duration::from_millis(100))
        .send()
        .await;
    assert!(sent.unwrap_err().is_timeout());
    assert_eq!(status_of(&toss, "order-1").await, "IN_PROGRESS");
}

#[tokio::test]
async fn a_reset_withdraws_work_that_was_put_off() {
    let toss = start().await;
    let billing = toss.billing_key(WORKING_CARD).await;
    toss.fault(&json!({"endpoint": "charge", "kind": "error", "workAfter": "1h"}))
        .await;
    let path = format!("/v1/billing/{billing}");
    assert_eq!(toss.call(&path, &charge_body("sub-001")).await.status, 500);
    assert_eq!(toss.press("reset").await.status, 204);
    advance(&toss, "2h").await;
    assert_eq!(toss.control("payments").await, json!([]));
}

#[tokio::test]
async fn what_only_asks_to_come_again_is_not_bound_to_the_key() {
    let toss = start().await;
    for (at, status) in [408, 409, 429, 500, 503].into_iter().enumerate() {
        let order = format!("order-{at}");
        let body = confirm_body(&toss.authenticated(&order).await, &order);
        let confirm = async || {
            let request = toss.post(CONFIRM, &body).header("idempotency-key", &order);
            read(request.send().await.unwrap()).await.status
        };
        let code = "TRY_LATER";
        toss.fault(
            &json!({"endpoint": "confirm", "kind": "error", "status": status, "code": code}),
        )
        .await;
        assert_eq!(confirm().await, status);
        assert_eq!(confirm().await, 200, "{status}");
    }
}
