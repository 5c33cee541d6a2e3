//! The process dies at the worst moment and starts again on the same file.

use std::time::Duration;

use serde_json::json;

use crate::support::{
    CUSTOMER, Shop, confirm_body, quick,
    toss::{Act, SECRET},
};

async fn soon() {
    tokio::time::sleep(Duration::from_millis(150)).await;
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
    let key = text_of_confirm(&shop);
    assert_eq!(shop.confirm(&session, &key).await.0, 200);
    assert_eq!(shop.toss.seen("confirm").len(), 1);
}

fn text_of_confirm(shop: &Shop) -> String {
    let sent = shop.toss.seen("confirm");
    sent[0].body["paymentKey"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_confirm_that_was_under_way_is_looked_up() {
    let mut shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss
        .next("confirm", &[Act::Late(Duration::from_mins(1))]);
    let request = shop
        .http
        .post(shop.url(&format!("/api/checkout/sessions/{}/confirm", session.id)));
    let sent = tokio::spawn(request.json(&confirm_body(&session, &key)).send());
    while shop.toss.done("confirm") == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shop.crash_and_restart().await;
    assert!(sent.await.unwrap().is_err(), "the buyer saw an error");
    assert_eq!(shop.status(&session).await, "confirming");

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
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss.next("confirm", &[Act::Hang]);
    let path = format!("/api/checkout/sessions/{}/confirm", session.id);
    let request = shop
        .http
        .post(shop.url(&path))
        .json(&confirm_body(&session, &key));
    drop(tokio::spawn(request.send()));
    soon().await;
    shop.crash_and_restart().await;
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
        .next("issue", &[Act::Late(Duration::from_mins(1))]);
    let path = format!("/api/checkout/sessions/{}/billing", session.id);
    let body = json!({"authKey": "auth_card", "customerKey": CUSTOMER});
    drop(tokio::spawn(
        shop.http.post(shop.url(&path)).json(&body).send(),
    ));
    while shop.toss.done("issue") == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shop.crash_and_restart().await;
    let active = shop.until(&session, "active").await;
    assert_eq!(active["result"]["card"]["number"], "43301234****123*");
    assert_eq!((shop.toss.done("issue"), shop.toss.done("charge")), (1, 1));
}

#[tokio::test]
async fn a_charge_that_was_under_way_is_not_repeated() {
    let mut shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss
        .next("charge", &[Act::Late(Duration::from_mins(1))]);
    let path = format!("/api/checkout/sessions/{}/billing", session.id);
    let body = json!({"authKey": "auth_card", "customerKey": CUSTOMER});
    drop(tokio::spawn(
        shop.http.post(shop.url(&path)).json(&body).send(),
    ));
    while shop.toss.done("charge") == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shop.crash_and_restart().await;
    shop.until(&session, "active").await;
    assert_eq!(shop.toss.seen("charge").len(), 1);
    assert_eq!(shop.toss.done("issue"), 1);
}

#[tokio::test]
async fn a_webhook_that_was_stored_is_not_forgotten() {
    let mut shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit(&session.order_id);
    shop.toss.next("lookup", &[Act::Hang]);
    assert_eq!(
        shop.webhook("w1", &session.order_id, "DONE", SECRET).await,
        200
    );
    while shop.toss.seen("lookup").is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shop.crash_and_restart().await;
    shop.until(&session, "paid").await;
    assert_eq!(shop.fate("w1").await.0, "processed");
}

#[tokio::test]
async fn a_buyer_who_leaves_does_not_stop_the_payment() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss
        .next("confirm", &[Act::Late(Duration::from_millis(300))]);
    let path = format!("/api/checkout/sessions/{}/confirm", session.id);
    let request = shop
        .http
        .post(shop.url(&path))
        .json(&confirm_body(&session, &key));
    let buyer = tokio::spawn(request.send());
    soon().await;
    buyer.abort();
    shop.until(&session, "waiting_for_deposit").await;
    assert_eq!(shop.toss.seen("lookup").len(), 0, "the answer was not lost");
}

#[tokio::test]
async fn work_under_way_is_finished_before_a_stop() {
    let mut timing = quick();
    timing.shutdown = Duration::from_secs(2);
    let mut shop = Shop::with(&[], toss_merchant::clock::Clock::system(), timing).await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss
        .next("confirm", &[Act::Late(Duration::from_millis(400))]);
    let path = format!("/api/checkout/sessions/{}/confirm", session.id);
    let request = shop
        .http
        .post(shop.url(&path))
        .json(&confirm_body(&session, &key));
    let buyer = tokio::spawn(request.send());
    soon().await;
    shop.backend.stop().await;
    // The buyer is told at once that it is under way.
    assert_eq!(buyer.await.unwrap().unwrap().status(), 202);
    shop.backend = shop.second().await;
    assert_eq!(shop.status(&session).await, "waiting_for_deposit");
}
