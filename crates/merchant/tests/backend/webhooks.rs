//! Webhooks: believed only after Toss was asked, in any order, any number of times.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use toss_sandbox::{Endpoint, Fault};

use crate::support::Shop;

#[tokio::test]
async fn a_deposit_turns_the_session_to_paid() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.webhooks_on();
    shop.toss.deposit_for(&session.order_id);
    let paid = shop.until(&session, "paid").await;
    assert!(paid["result"]["approvedAt"].is_string());
    assert_eq!(paid["result"]["virtualAccount"]["depositorName"], "김토스");
    let payment = shop.payment(&session.order_id).await;
    assert_eq!(payment.balance, 15_000);
    let receipt = payment.details.cash_receipt.unwrap();
    assert!(receipt.issue_number.is_some(), "{receipt:?}");
    assert_eq!(
        shop.events().await,
        ["payment.waiting_for_deposit", "payment.paid"]
    );
}

#[tokio::test]
async fn what_a_webhook_says_is_not_believed() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    let before = shop.get(&session).await;
    // Of the newer kind, which brings no secret; but Toss knows of no deposit.
    let hook = json!({
        "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-21T09:00:00.000000",
        "data": {"orderId": session.order_id, "status": "DONE", "secret": null},
    });
    assert_eq!(shop.webhook_raw("w1", &hook).await, 200);
    assert_eq!(shop.fate("w1").await.1, "Toss says nothing new");
    assert_eq!(shop.get(&session).await, before);
}

#[tokio::test]
async fn another_secret_is_recorded_and_ignored() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit_for(&session.order_id);
    for (id, secret) in [("w1", "ps_wrong"), ("w2", "")] {
        assert_eq!(
            shop.webhook(id, &session.order_id, "DONE", secret).await,
            200
        );
        assert_eq!(shop.fate(id).await.1, "another payment's secret");
    }
    assert_eq!(shop.status(&session).await, "waiting_for_deposit");
    assert_eq!(shop.toss.seen("lookup").len(), 0, "Toss was not asked");
}

/// The buyer's first visit to the window ended with a refusal; Toss tells of it all the same, with that
/// payment's secret.
#[tokio::test]
async fn a_webhook_of_an_earlier_visit_is_looked_up_and_changes_nothing() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let first = shop.toss.authenticate(&session.order_id);
    shop.toss
        .next([Fault::error(Endpoint::Confirm, 403).code("REJECT_ACCOUNT_PAYMENT")]);
    assert_eq!(shop.confirm(&session, &first).await.0, 403);
    let second = shop.toss.authenticate(&session.order_id);
    assert_eq!(shop.confirm(&session, &second).await.0, 200);
    let before = shop.get(&session).await;
    let posted = shop
        .webhook("w1", &session.order_id, "CANCELED", "ps_of_the_first_visit")
        .await;
    assert_eq!(posted, 200);
    let (state, note, _) = shop.fate("w1").await;
    assert_eq!(
        (state.as_str(), note.as_str()),
        ("processed", "Toss says nothing new")
    );
    assert_eq!(shop.get(&session).await, before);
}

/// Strangers can post what they like about an order. Toss allows a test key 100 look-ups a minute, and
/// buyers need them.
#[tokio::test]
async fn four_hundred_forged_webhooks_cost_a_few_lookups_and_delay_nobody() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    let bare = json!({"status": "DONE", "orderId": session.order_id});
    let ids: Vec<String> = (0..400).map(|n| format!("forged{n}")).collect();
    join_all(ids.iter().map(|id| shop.webhook_raw(id, &bare))).await;
    let other = shop.order().await;
    let key = shop.toss.authenticate(&other.order_id);
    assert_eq!(shop.confirm(&other, &key).await.0, 200);
    shop.fate("forged0").await;
    shop.advance(Duration::from_secs(10));
    for id in &ids {
        shop.fate(id).await;
    }
    let looked = shop.toss.seen("lookup").len();
    assert!(looked <= 8, "{looked} look-ups");
    // A webhook that proves itself is worked on at once, whatever the forged ones cost.
    shop.webhooks_on();
    shop.toss.deposit_for(&session.order_id);
    shop.until(&session, "paid").await;
}

#[tokio::test]
async fn a_repeated_delivery_changes_nothing() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit_for(&session.order_id);
    let bare = json!({"status": "DONE", "orderId": session.order_id});
    assert_eq!(shop.webhook_raw("w1", &bare).await, 200);
    let paid = shop.until(&session, "paid").await;
    shop.fate("w1").await;
    let lookups = shop.toss.seen("lookup").len();
    for _ in 0..5 {
        assert_eq!(shop.webhook_raw("w1", &bare).await, 200);
    }
    assert_eq!(shop.fate("w1").await.2, 6, "every delivery is counted");
    assert_eq!(shop.get(&session).await["revision"], paid["revision"]);
    assert_eq!(shop.toss.seen("lookup").len(), lookups);
}

#[tokio::test]
async fn a_reversed_deposit_turns_back_and_may_come_again() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.webhooks_on();
    shop.toss.deposit_for(&session.order_id);
    shop.until(&session, "paid").await;

    shop.toss.reverse(&session.order_id);
    let back = shop.until(&session, "waiting_for_deposit").await;
    assert!(back["result"].get("approvedAt").is_none());
    let reversed_at = back["result"]["reversedAt"].as_str().unwrap();
    assert!(reversed_at.ends_with("+09:00"), "{reversed_at}");
    assert_eq!(shop.payment(&session.order_id).await.balance, 0);

    shop.toss.deposit_for(&session.order_id);
    let paid = shop.until(&session, "paid").await;
    assert!(
        paid["result"].get("reversedAt").is_none(),
        "not owed any more"
    );
    assert_eq!(
        shop.events().await,
        [
            "payment.waiting_for_deposit",
            "payment.paid",
            "payment.deposit_reversed",
            "payment.paid"
        ]
    );
}

#[tokio::test]
async fn the_order_of_arrival_does_not_matter() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.webhooks_on();
    shop.toss.next([Fault::webhook_reorder()]);
    shop.toss.deposit_for(&session.order_id);
    shop.toss.reverse(&session.order_id);
    shop.toss.deposit_for(&session.order_id);
    shop.until(&session, "paid").await;
    shop.advance(Duration::from_mins(2));
    assert_eq!(shop.status(&session).await, "paid");
}

#[tokio::test]
async fn a_webhook_that_overtakes_the_confirm_is_no_harm() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    // The confirm is carried out at once, and its answer comes late: by then the buyer has paid.
    shop.toss
        .next([Fault::reset(Endpoint::Confirm).work_after_real(Duration::from_millis(50))]);
    shop.webhooks_on();
    let deposit = async {
        shop.until_done("confirm").await;
        shop.toss.deposit_for(&session.order_id);
    };
    let (_, ()) = futures_util::join!(shop.confirm(&session, &key), deposit);
    shop.until(&session, "paid").await;
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["status"]), (200, &json!("paid")));
}

#[tokio::test]
async fn without_a_stored_secret_a_webhook_is_a_hint() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss.next([Fault::lost_response(Endpoint::Confirm)]);
    assert_eq!(shop.confirm(&session, &key).await.0, 200);

    shop.webhook("w1", &session.order_id, "DONE", "whatever")
        .await;
    assert_eq!(shop.fate("w1").await.1, "Toss says nothing new");
    assert_eq!(shop.status(&session).await, "waiting_for_deposit");

    shop.toss.deposit_for(&session.order_id);
    shop.advance(Duration::from_secs(10));
    shop.webhook("w2", &session.order_id, "DONE", "whatever")
        .await;
    shop.until(&session, "paid").await;
}

#[tokio::test]
async fn toss_is_asked_again_when_it_does_not_answer() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.next([
        Fault::error(Endpoint::Lookup, 503),
        Fault::reset(Endpoint::Lookup),
    ]);
    shop.webhooks_on();
    shop.toss.deposit_for(&session.order_id);
    shop.until(&session, "paid").await;
}

#[tokio::test]
async fn cancels_in_the_dashboard_are_told_by_what_is_left() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.webhooks_on();
    shop.toss.deposit_for(&session.order_id);
    shop.until(&session, "paid").await;
    shop.cancel_elsewhere(&session.order_id, 10_000).await;
    shop.until(&session, "partially_canceled").await;
    assert_eq!(shop.payment(&session.order_id).await.balance, 5_000);
    shop.cancel_elsewhere(&session.order_id, 5_000).await;
    shop.until(&session, "canceled").await;
    let payment = shop.payment(&session.order_id).await;
    let refunds = shop.state().records.refunds(&payment.id).await.unwrap();
    let amounts: Vec<u64> = refunds.iter().map(|it| it.amount.value()).collect();
    assert_eq!(amounts, [10_000, 5_000]);
    let events = shop.events().await;
    assert_eq!(
        events[2..],
        ["payment.partially_canceled", "payment.canceled"]
    );
}

#[tokio::test]
async fn a_deleted_billing_key_is_seen() {
    let shop = Shop::open().await;
    shop.webhooks_on();
    let session = shop.subscription(false).await;
    let auth = shop.toss.auth_key("CARD");
    assert_eq!(shop.billing(&session, &auth).await.0, 200);
    let method = shop.method(&session).await;
    let key = shop.state().services.billing_key(&method).unwrap();
    assert!(shop.toss.delete_billing_key(key.expose()));
    let deleted = shop.until_method(&session, "deleted").await;
    assert_eq!(deleted.id, method.id);
    assert_eq!(
        shop.events().await,
        ["payment_method.registered", "payment_method.deleted"]
    );
}

#[tokio::test]
async fn what_is_not_about_us_is_taken_and_ignored() {
    let shop = Shop::open().await;
    shop.webhook("w1", "another-shops-order", "DONE", "x").await;
    assert_eq!(shop.fate("w1").await.1, "no payment has this order");
    let deleted = json!({"eventType": "BILLING_DELETED", "data": {"billingKey": "abc"}});
    assert_eq!(shop.webhook_raw("w2", &deleted).await, 200);
    assert_eq!(shop.fate("w2").await.1, "no card or account of ours");
    let new = json!({"eventType": "added.later", "data": [1, 2]});
    assert_eq!(shop.webhook_raw("w3", &new).await, 200);
    assert_eq!(shop.fate("w3").await.1, "about no order");
    assert_eq!(
        shop.webhook_raw("w4", &json!({"hello": "world"})).await,
        400
    );
    assert!(shop.toss.seen("lookup").is_empty());
}

/// Toss repeats seven times what is refused, so nothing of its is refused for its form.
#[tokio::test]
async fn a_byte_order_mark_or_a_numeric_order_is_no_reason_to_refuse() {
    let shop = Shop::open().await;
    for (id, body) in [
        (
            "bom",
            "\u{FEFF}{\"orderId\":\"order-1\",\"status\":\"DONE\"}",
        ),
        ("number", "{\"orderId\":20261128001,\"status\":\"DONE\"}"),
    ] {
        let answer = shop
            .http
            .post(shop.url("/webhooks/toss"))
            .header("tosspayments-webhook-transmission-id", id)
            .body(body)
            .send()
            .await;
        assert_eq!(answer.unwrap().status(), 200, "{id}");
        assert_eq!(shop.fate(id).await.1, "no payment has this order");
    }
}
