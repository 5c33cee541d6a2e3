//! A database that is away for a while: stopped or not reached on PostgreSQL, locked on SQLite. Whoever asks
//! meanwhile is told to come again, and finds what had begun.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use toss_sandbox::{Endpoint, Fault};

use crate::{
    caller::Answer,
    merchant_payments::charged,
    support::{Session, Shop, confirm_body, order, outage::Outage, text},
};

/// Twice the time for which a statement waits, and a busy machine.
const SOON: Duration = Duration::from_secs(10);

fn assert_away(answer: &Answer, began: Instant) {
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    assert_eq!(
        (answer.status, answer.code()),
        (503, "CHECKOUT_UNAVAILABLE"),
        "{}",
        answer.body
    );
    assert_eq!(answer.body["retryable"], true);
    assert_eq!(answer.headers["retry-after"], "3");
}

fn confirm_path(session: &Session) -> String {
    format!("/api/checkout/sessions/{}/confirm", session.id)
}

async fn confirm(shop: &Shop, session: &Session, body: Value) -> Answer {
    let path = confirm_path(session);
    shop.call(reqwest::Method::POST, path)
        .body(body)
        .send()
        .await
}

/// An order with what confirms it, and where a paid one is refunded.
async fn two_payments(shop: &Shop) -> (Session, Value, String) {
    let session = shop.order().await;
    let body = confirm_body(&session, &shop.toss.authenticate(&session.order_id));
    let paid = charged(shop, "renewal-1").await.body;
    let refunds = format!("/api/payments/{}/refunds", text(&paid["id"]));
    (session, body, refunds)
}

#[tokio::test]
async fn what_finds_the_database_away_is_told_so_and_goes_through_when_it_comes_again() {
    let (shop, outage) = Outage::shop().await;
    let (session, body, refunds) = two_payments(&shop).await;

    outage.begin().await;
    let began = Instant::now();
    let (made, confirmed, refunded) = futures_util::join!(
        shop.post_once("/api/sessions", "s1", order()),
        confirm(&shop, &session, body.clone()),
        shop.post_once(&refunds, "r1", json!({"reason": "반품"})),
    );
    for answer in [&made, &confirmed, &refunded] {
        assert_away(answer, began);
    }
    if matches!(outage, Outage::Postgres(_)) {
        for path in ["/healthz", "/readyz", "/api/payments"] {
            let began = Instant::now();
            assert_away(&shop.read(path).await, began);
        }
    }
    assert_eq!(shop.toss.seen("confirm").len(), 0);
    assert_eq!(shop.toss.seen("cancel").len(), 0);

    outage.end().await;
    // A connection that was used a moment before is not tested, and ends the request that takes it.
    let made = until_answered(&shop, "/api/sessions", "s1", order()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let again = shop.post_once("/api/sessions", "s1", order()).await;
    assert_eq!(again.body["session"]["id"], made.body["session"]["id"]);
    let confirmed = until_answered(&shop, &confirm_path(&session), "c1", body).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    let refunded = until_answered(&shop, &refunds, "r1", json!({"reason": "반품"})).await;
    assert_eq!(refunded.status, 201, "{}", refunded.body);
    assert_eq!(shop.toss.done("confirm"), 1);
    assert_eq!(shop.toss.done("cancel"), 1);
    until_ready(&shop).await;
}

async fn until_ready(shop: &Shop) {
    for _ in 0..800 {
        if shop.read("/readyz").await.status == 200 {
            assert_eq!(shop.read("/healthz").await.status, 200);
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it is never ready again");
}

/// Sends the same request again while its answer says that the outcome is open.
async fn until_answered(shop: &Shop, path: &str, key: &str, body: Value) -> Answer {
    for _ in 0..400 {
        let answer = shop.post_once(path, key, body.clone()).await;
        if answer.status != 202 && answer.body["retryable"] != true {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{path} is never answered");
}

#[tokio::test]
async fn money_that_moves_while_the_database_goes_away_moves_once() {
    let (shop, outage) = Outage::shop().await;
    let (session, body, refunds) = two_payments(&shop).await;
    shop.toss.next([
        Fault::delay(Endpoint::Confirm, 700),
        Fault::delay(Endpoint::Cancel, 700),
    ]);
    let began = Instant::now();
    let (confirmed, refunded, ()) = futures_util::join!(
        confirm(&shop, &session, body.clone()),
        shop.post_once(&refunds, "r1", json!({"reason": "반품"})),
        async {
            shop.until_seen("confirm", 1).await;
            shop.until_seen("cancel", 1).await;
            outage.begin().await;
        }
    );
    // Its intent is stored: nobody is told that nothing was done.
    for answer in [&confirmed, &refunded] {
        assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
        let open = answer.status == 202 || answer.body["retryable"] == true;
        assert!(open, "{} {}", answer.status, answer.body);
        assert_ne!(answer.status, 500, "{}", answer.body);
    }
    shop.until_done("confirm").await;
    shop.until_done("cancel").await;
    outage.end().await;
    // Long before two minutes, after which anybody could take the request up.
    let refunded = until_answered(&shop, &refunds, "r1", json!({"reason": "반품"})).await;
    assert_eq!(refunded.status, 201, "{}", refunded.body);
    assert_eq!(refunded.body["refund"]["status"], "succeeded");
    shop.until(&session, "waiting_for_deposit").await;
    let confirmed = until_answered(&shop, &confirm_path(&session), "c1", body).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    assert_eq!(shop.toss.done("confirm"), 1);
    assert_eq!(shop.toss.done("cancel"), 1);
}
