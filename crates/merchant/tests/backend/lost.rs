//! Answers that are lost, late, contradictory or about something else.

use std::time::Duration;

use serde_json::json;
use toss_sandbox::{Endpoint, Fault};

use crate::support::Shop;

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_not_sent_again() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss.next([Fault::lost_response(Endpoint::Confirm)]);

    let (status, body) = shop.confirm(&session, &key).await;

    assert_eq!(
        (status, &body["status"]),
        (200, &json!("waiting_for_deposit"))
    );
    assert_eq!(shop.toss.seen("confirm").len(), 1);
    assert_eq!(shop.toss.seen("lookup").len(), 1);
}

#[tokio::test]
async fn an_answer_that_is_too_late_or_cannot_be_read_is_looked_up() {
    for fault in [
        Fault::delay(Endpoint::Confirm, 1500),
        Fault::malformed(Endpoint::Confirm),
    ] {
        let shop = Shop::open().await;
        let session = shop.order().await;
        let key = shop.toss.authenticate(&session.order_id);
        shop.toss.next([fault]);
        shop.confirm(&session, &key).await;
        shop.until(&session, "waiting_for_deposit").await;
        assert_eq!(shop.toss.done("confirm"), 1);
    }
}

#[tokio::test]
async fn what_nobody_knows_is_called_unknown_once_and_resolved_later() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss.next([
        Fault::lost_response(Endpoint::Confirm),
        Fault::error(Endpoint::Lookup, 502).times(8),
    ]);

    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    let revision = body["revision"].as_u64().unwrap();

    let found = shop.until(&session, "waiting_for_deposit").await;
    assert_eq!(shop.toss.seen("confirm").len(), 1, "found, not sent again");
    assert!(shop.toss.seen("lookup").len() >= 8);
    assert_eq!(
        found["revision"],
        revision + 1,
        "look-ups that find nothing write no revision"
    );
    assert_eq!(shop.events().await, ["payment.waiting_for_deposit"]);
    assert_eq!(shop.confirm(&session, &key).await.0, 200);
}

#[tokio::test]
async fn a_confirm_that_never_arrived_goes_again_under_its_key_but_not_at_once() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss.next([Fault::reset(Endpoint::Confirm)]);

    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    // While nobody knows, no other key may begin.
    let (status, body) = shop.confirm(&session, "another_key").await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    shop.until_seen("lookup", 4).await;
    assert_eq!(
        shop.toss.seen("confirm").len(),
        1,
        "that Toss has it not says nothing for 15 seconds"
    );

    shop.advance(Duration::from_secs(16));
    shop.until(&session, "waiting_for_deposit").await;
    let sent = shop.toss.seen("confirm");
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].idempotency_key, sent[1].idempotency_key);
    assert_eq!(sent[0].body, sent[1].body);
    assert_eq!(shop.toss.done("confirm"), 1);
}

/// Documented or not, a server error is no refusal: Toss may complete the request seconds later.
#[tokio::test]
async fn a_confirm_that_is_answered_500_and_carried_out_later_is_found() {
    for (status, code) in [
        (500, "FAILED_INTERNAL_SYSTEM_PROCESSING"),
        (500, "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"),
        (503, "ADDED_LATER"),
    ] {
        let shop = Shop::open().await;
        let session = shop.order().await;
        let key = shop.toss.authenticate(&session.order_id);
        shop.toss.next([Fault::error(Endpoint::Confirm, status)
            .code(code)
            .work_after(Duration::from_secs(10))]);
        let (status, body) = shop.confirm(&session, &key).await;
        assert_eq!(
            (status, &body["status"]),
            (202, &json!("unknown")),
            "{code}"
        );
        shop.advance(Duration::from_secs(10));
        shop.until(&session, "waiting_for_deposit").await;
        assert_eq!(shop.toss.done("confirm"), 1, "{code}");
        assert_eq!(shop.confirm(&session, &key).await.0, 200);
    }
}

#[tokio::test]
async fn an_answer_about_another_payment_is_not_believed_but_looked_up() {
    for fault in [
        Fault::mutate(Endpoint::Confirm).set("/paymentKey", "tgen_another"),
        Fault::mutate(Endpoint::Confirm).set("/currency", "USD"),
        Fault::mutate(Endpoint::Confirm).set("/totalAmount", 1),
        Fault::mutate(Endpoint::Confirm).set("/orderId", "another-order"),
    ] {
        let shop = Shop::open().await;
        let session = shop.order().await;
        let key = shop.toss.authenticate(&session.order_id);
        shop.toss.next([fault]);
        let (status, body) = shop.confirm(&session, &key).await;
        assert_eq!(
            (status, &body["status"]),
            (200, &json!("waiting_for_deposit")),
            "{body}"
        );
        let payment = shop.payment(&session.order_id).await;
        assert_eq!(payment.payment_key.unwrap().expose(), key);
        assert_eq!(shop.toss.seen("lookup").len(), 1);
        // The true deposit is seen.
        shop.webhooks_on();
        shop.toss.deposit_for(&session.order_id);
        shop.until(&session, "paid").await;
    }
}

#[tokio::test]
async fn a_contradiction_that_lasts_is_told_once_and_taken_back() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss.next([
        Fault::mutate(Endpoint::Confirm).set("/currency", "USD"),
        Fault::mutate(Endpoint::Lookup)
            .set("/currency", "USD")
            .times(3),
    ]);
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    let settled = shop.until(&session, "waiting_for_deposit").await;
    assert_eq!(settled["result"]["method"], "VIRTUAL_ACCOUNT");
    assert_eq!(shop.payment(&session.order_id).await.needs_attention, None);
    assert_eq!(
        shop.events().await,
        ["attention.needed", "payment.waiting_for_deposit"]
    );
}

#[tokio::test]
async fn toss_is_down_and_comes_back() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss.next([
        Fault::error(Endpoint::Confirm, 503),
        Fault::error(Endpoint::Lookup, 503).times(6),
    ]);
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    shop.until_seen("lookup", 7).await;
    shop.advance(Duration::from_secs(16));
    shop.until(&session, "waiting_for_deposit").await;
    assert_eq!(shop.toss.done("confirm"), 1);
}

#[tokio::test]
async fn an_earlier_payment_that_was_given_up_says_nothing_about_this_one() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    // The buyer's first visit ended badly; the second visit's confirm is lost.
    let first = shop.toss.authenticate(&session.order_id);
    shop.toss.expire(&first).unwrap();
    let second = shop.toss.authenticate(&session.order_id);
    shop.toss.next([Fault::reset(Endpoint::Confirm)]);
    let (status, body) = shop.confirm(&session, &second).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    shop.advance(Duration::from_secs(16));
    shop.until(&session, "waiting_for_deposit").await;
}

#[tokio::test]
async fn a_payment_that_toss_gave_up_fails_with_its_reason() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss.expire(&key).unwrap();
    shop.toss.next([Fault::reset(Endpoint::Confirm)]);
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!(
        (status, &body["code"]),
        (400, &json!("EXPIRED_PAYMENT")),
        "{body}"
    );
    assert_eq!(shop.status(&session).await, "failed");
}

#[tokio::test]
async fn toss_is_asked_again_when_it_says() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss
        .next([Fault::error(Endpoint::Confirm, 429).code("TOO_MANY_REQUESTS")]);
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    shop.advance(Duration::from_mins(2));
    shop.until(&session, "waiting_for_deposit").await;
    assert_eq!(shop.toss.done("confirm"), 1);
}

/// Idempotency is bound to the secret key: under another one the same request would be a new one.
#[tokio::test]
async fn an_open_request_is_never_repeated_under_another_secret_key() {
    let mut shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss.next([Fault::reset(Endpoint::Charge)]);
    let auth = shop.toss.auth_key("CARD");
    let (_, body) = shop.billing(&session, &auth).await;
    let order = body["result"]["charge"]["orderId"]
        .as_str()
        .unwrap()
        .to_owned();
    shop.backend.kill();
    shop.advance(Duration::from_mins(5));
    shop.change_secret_key();
    shop.backend = shop.second().await;
    let told = shop
        .until_payment(&order, |payment| payment.needs_attention.is_some())
        .await;
    assert!(told.needs_attention.unwrap().contains("another secret key"));
    assert_eq!(shop.toss.seen("charge").len(), 1);
    assert!(shop.events().await.contains(&"attention.needed".to_owned()));
}
