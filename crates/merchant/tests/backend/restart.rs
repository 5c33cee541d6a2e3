//! The process dies at the worst moment and starts again on the same database.

use std::time::Duration;

use serde_json::json;
use toss_merchant::clock::Clock;
use toss_sandbox::{Endpoint, Fault};

use crate::support::{CUSTOMER, Session, Shop, confirm_body, quick, text};

/// Posts without waiting for the answer.
fn post(
    shop: &Shop,
    session: &Session,
    what: &str,
    body: &serde_json::Value,
) -> tokio::task::JoinHandle<reqwest::Result<reqwest::Response>> {
    let path = format!("/api/checkout/sessions/{}/{what}", session.id);
    tokio::spawn(shop.http.post(shop.url(&path)).json(body).send())
}

fn keys(auth: &str) -> serde_json::Value {
    json!({"authKey": auth, "customerKey": CUSTOMER})
}

#[tokio::test]
async fn sessions_survive_and_the_schema_is_left_alone() {
    let mut shop = Shop::open().await;
    let session = shop.issued().await;
    let before = shop.get(&session).await;
    for _ in 0..2 {
        shop.backend.stop().await;
        shop.backend = shop.second().await;
        assert_eq!(shop.get(&session).await, before);
    }
    let key = text(&shop.toss.seen("confirm")[0].body["paymentKey"]);
    assert_eq!(shop.confirm(&session, &key).await.0, 200);
    assert_eq!(shop.toss.seen("confirm").len(), 1);
}

#[tokio::test]
async fn a_confirm_that_was_under_way_is_looked_up() {
    let mut shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    // Carried out after a moment, and never answered.
    shop.toss
        .next([Fault::timeout(Endpoint::Confirm).work_after_real(Duration::from_millis(50))]);
    let sent = post(&shop, &session, "confirm", &confirm_body(&session, &key));
    shop.until_done("confirm").await;
    shop.crash_and_restart().await;
    assert!(sent.await.unwrap().is_err(), "the buyer saw an error");
    assert_eq!(shop.status(&session).await, "confirming");

    shop.advance(Duration::from_secs(10));
    shop.until(&session, "waiting_for_deposit").await;
    assert_eq!(
        shop.toss.seen("confirm").len(),
        1,
        "looked up, not sent again"
    );
    assert_eq!(shop.confirm(&session, &key).await.0, 200);
}

#[tokio::test]
async fn a_confirm_that_was_never_sent_is_sent_under_its_key() {
    let mut shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss.next([Fault::timeout(Endpoint::Confirm)]);
    drop(post(
        &shop,
        &session,
        "confirm",
        &confirm_body(&session, &key),
    ));
    shop.until_seen("confirm", 1).await;
    shop.crash_and_restart().await;
    shop.advance(Duration::from_secs(20));
    shop.until(&session, "waiting_for_deposit").await;
    let sent = shop.toss.seen("confirm");
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].idempotency_key, sent[1].idempotency_key);
    assert_eq!(shop.toss.done("confirm"), 1);
}

#[tokio::test]
async fn a_registration_that_was_under_way_ends_with_one_key_and_one_charge() {
    let mut shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss
        .next([Fault::timeout(Endpoint::Issue).work_after_real(Duration::from_millis(50))]);
    let auth = shop.toss.auth_key("CARD");
    drop(post(&shop, &session, "billing", &keys(&auth)));
    shop.until_done("issue").await;
    shop.crash_and_restart().await;
    shop.advance(Duration::from_secs(10));
    let active = shop.until(&session, "active").await;
    assert!(active["result"]["card"]["number"].is_string());
    assert_eq!((shop.toss.done("issue"), shop.toss.done("charge")), (1, 1));
}

#[tokio::test]
async fn a_charge_that_was_under_way_is_not_repeated() {
    let mut shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss
        .next([Fault::timeout(Endpoint::Charge).work_after_real(Duration::from_millis(50))]);
    let auth = shop.toss.auth_key("CARD");
    drop(post(&shop, &session, "billing", &keys(&auth)));
    shop.until_done("charge").await;
    shop.crash_and_restart().await;
    shop.advance(Duration::from_secs(10));
    shop.until(&session, "active").await;
    assert_eq!(shop.toss.seen("charge").len(), 1);
    assert_eq!(shop.toss.done("issue"), 1);
}

#[tokio::test]
async fn a_webhook_that_was_stored_is_not_forgotten() {
    let mut shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit_for(&session.order_id);
    shop.toss.next([Fault::timeout(Endpoint::Lookup)]);
    let hook = json!({"status": "DONE", "orderId": session.order_id});
    assert_eq!(shop.webhook_raw("w1", &hook).await, 200);
    shop.until_seen("lookup", 1).await;
    shop.crash_and_restart().await;
    shop.advance(Duration::from_secs(10));
    shop.until(&session, "paid").await;
    assert_eq!(shop.fate("w1").await.0, "processed");
}

/// In half of the cases nobody worked on the payment for 41 seconds: the request was cancelled between
/// the commit of the intent and the start of the work.
#[tokio::test]
async fn a_buyer_who_leaves_at_any_moment_delays_nothing() {
    let shop = Shop::open().await;
    for wait in [0_u64, 1, 2, 3, 5, 8, 12, 20, 50] {
        let session = shop.order().await;
        let key = shop.toss.authenticate(&session.order_id);
        let buyer = post(&shop, &session, "confirm", &confirm_body(&session, &key));
        tokio::time::sleep(Duration::from_millis(wait)).await;
        buyer.abort();
        // Either the request never arrived, or it is worked on at once.
        let begun = async {
            while shop.status(&session).await == "open" {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let arrived = tokio::time::timeout(Duration::from_millis(500), begun).await;
        if arrived.is_ok() {
            shop.until(&session, "waiting_for_deposit").await;
        }
    }
    assert_eq!(shop.toss.seen("lookup").len(), 0, "no answer was lost");
}

#[tokio::test]
async fn work_under_way_is_finished_before_a_stop() {
    let mut timing = quick();
    timing.shutdown = Duration::from_secs(2);
    let mut shop = Shop::with(&[], Clock::running(), timing).await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss.next([Fault::delay(Endpoint::Confirm, 400)]);
    let buyer = post(&shop, &session, "confirm", &confirm_body(&session, &key));
    shop.until_seen("confirm", 1).await;
    shop.backend.stop().await;
    // The buyer is told at once that it is under way.
    assert_eq!(buyer.await.unwrap().unwrap().status(), 202);
    shop.backend = shop.second().await;
    assert_eq!(shop.status(&session).await, "waiting_for_deposit");
}
