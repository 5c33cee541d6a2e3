//! Webhooks: believed only after Toss was asked, in any order, any number of times.

use std::time::Duration;

use serde_json::json;

use crate::support::{
    Shop,
    toss::{Act, SECRET},
};

#[tokio::test]
async fn a_deposit_turns_the_session_to_paid() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit(&session.order_id);
    assert_eq!(
        shop.webhook("w1", &session.order_id, "DONE", SECRET).await,
        200
    );
    let paid = shop.until(&session, "paid").await;
    assert_eq!(paid["result"]["approvedAt"], "2026-11-21T10:00:00+09:00");
    assert_eq!(paid["result"]["virtualAccount"]["depositorName"], "김토스");
    assert_eq!(shop.fate("w1").await.0, "processed");
}

#[tokio::test]
async fn what_a_webhook_says_is_not_believed() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    let before = shop.get(&session).await;
    // Right secret, but Toss knows of no deposit.
    assert_eq!(
        shop.webhook("w1", &session.order_id, "DONE", SECRET).await,
        200
    );
    assert_eq!(shop.fate("w1").await.1, "Toss says nothing new");
    assert_eq!(shop.get(&session).await, before);
}

#[tokio::test]
async fn a_wrong_secret_is_recorded_and_ignored() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit(&session.order_id);
    let lookups = shop.toss.seen("lookup").len();
    for (id, secret) in [("w1", "ps_wrong"), ("w2", ""), ("w3", "ps_Zq1Bf4zJk0pX7sV")] {
        assert_eq!(
            shop.webhook(id, &session.order_id, "DONE", secret).await,
            200
        );
        assert_eq!(shop.fate(id).await.1, "wrong secret");
    }
    let bare = json!({"status": "DONE", "orderId": session.order_id});
    assert_eq!(shop.webhook_raw("w4", &bare).await, 200);
    assert_eq!(shop.fate("w4").await.1, "wrong secret");
    assert_eq!(shop.status(&session).await, "waiting_for_deposit");
    assert_eq!(
        shop.toss.seen("lookup").len(),
        lookups,
        "Toss was not asked"
    );
}

#[tokio::test]
async fn a_repeated_delivery_changes_nothing() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit(&session.order_id);
    assert_eq!(
        shop.webhook("w1", &session.order_id, "DONE", SECRET).await,
        200
    );
    let paid = shop.until(&session, "paid").await;
    shop.fate("w1").await;
    let lookups = shop.toss.seen("lookup").len();
    for _ in 0..5 {
        assert_eq!(
            shop.webhook("w1", &session.order_id, "DONE", SECRET).await,
            200
        );
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(shop.get(&session).await, paid);
    assert_eq!(shop.toss.seen("lookup").len(), lookups);
    assert_eq!(shop.fate("w1").await.2, 6, "every delivery is counted");
}

#[tokio::test]
async fn a_reversed_deposit_turns_back_and_may_come_again() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit(&session.order_id);
    shop.webhook("w1", &session.order_id, "DONE", SECRET).await;
    shop.until(&session, "paid").await;

    shop.toss.reverse(&session.order_id);
    shop.webhook("w2", &session.order_id, "WAITING_FOR_DEPOSIT", SECRET)
        .await;
    let back = shop.until(&session, "waiting_for_deposit").await;
    assert!(back["result"].get("approvedAt").is_none());
    let reversed_at = back["result"]["reversedAt"].as_str().unwrap();
    assert!(reversed_at.ends_with("+09:00"), "{reversed_at}");

    shop.toss.deposit(&session.order_id);
    shop.webhook("w3", &session.order_id, "DONE", SECRET).await;
    let paid = shop.until(&session, "paid").await;
    assert!(
        paid["result"].get("reversedAt").is_none(),
        "not owed any more"
    );
}

#[tokio::test]
async fn the_order_of_arrival_does_not_matter() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit(&session.order_id);
    // The news of the deposit comes before the older news of the account.
    shop.webhook("w2", &session.order_id, "DONE", SECRET).await;
    shop.until(&session, "paid").await;
    shop.webhook("w1", &session.order_id, "WAITING_FOR_DEPOSIT", SECRET)
        .await;
    assert_eq!(shop.fate("w1").await.0, "processed");
    assert_eq!(shop.status(&session).await, "paid");
}

#[tokio::test]
async fn a_webhook_that_overtakes_the_confirm_is_no_harm() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss
        .next("confirm", &[Act::Late(Duration::from_millis(300))]);
    let confirm = shop.confirm(&session, &key);
    let overtaking = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        // The buyer was quick, too: the money is there before the confirm's answer.
        shop.toss.deposit(&session.order_id);
        shop.webhook("w1", &session.order_id, "DONE", "not known yet")
            .await;
        shop.until(&session, "paid").await;
    };
    let ((status, body), ()) = futures_util::join!(confirm, overtaking);
    assert_eq!((status, &body["status"]), (200, &json!("paid")));
    // The confirm's answer said "waiting"; it is older and must not win.
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(shop.status(&session).await, "paid");
    // Its secret was kept all the same.
    shop.webhook("w2", &session.order_id, "DONE", "ps_wrong")
        .await;
    assert_eq!(shop.fate("w2").await.1, "wrong secret");
}

#[tokio::test]
async fn without_a_stored_secret_a_webhook_is_a_hint() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss.next("confirm", &[Act::LoseAnswer]);
    assert_eq!(shop.confirm(&session, &key).await.0, 200);

    shop.webhook("w1", &session.order_id, "DONE", "whatever")
        .await;
    assert_eq!(shop.fate("w1").await.1, "Toss says nothing new");
    assert_eq!(shop.status(&session).await, "waiting_for_deposit");

    shop.toss.deposit(&session.order_id);
    shop.webhook("w2", &session.order_id, "DONE", "whatever")
        .await;
    shop.until(&session, "paid").await;
}

#[tokio::test]
async fn toss_is_asked_again_when_it_does_not_answer() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit(&session.order_id);
    shop.toss.next("lookup", &[Act::Babble(503), Act::Break]);
    assert_eq!(
        shop.webhook("w1", &session.order_id, "DONE", SECRET).await,
        200
    );
    shop.until(&session, "paid").await;
    assert_eq!(shop.fate("w1").await.0, "processed");
}

#[tokio::test]
async fn cancels_are_told_by_what_is_left() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    for (n, (status, balance, becomes)) in [
        ("PARTIAL_CANCELED", 5000, "partially_canceled"),
        // Toss leaves the status when the rest follows.
        ("PARTIAL_CANCELED", 0, "canceled"),
    ]
    .into_iter()
    .enumerate()
    {
        shop.toss.change(&session.order_id, |payment| {
            payment["status"] = json!(status);
            payment["balanceAmount"] = json!(balance);
        });
        shop.webhook(&format!("w{n}"), &session.order_id, status, SECRET)
            .await;
        shop.until(&session, becomes).await;
    }
}

#[tokio::test]
async fn what_is_not_about_us_is_taken_and_ignored() {
    let shop = Shop::open().await;
    shop.webhook("w1", "another-shops-order", "DONE", "x").await;
    assert_eq!(shop.fate("w1").await.1, "no session has this order");
    let deleted = json!({"eventType": "BILLING_DELETED", "data": {"billingKey": "abc"}});
    assert_eq!(shop.webhook_raw("w2", &deleted).await, 200);
    assert_eq!(shop.fate("w2").await.1, "about no order");
    let new = json!({"eventType": "added.later", "data": [1, 2]});
    assert_eq!(shop.webhook_raw("w3", &new).await, 200);
    assert_eq!(
        shop.webhook_raw("w4", &json!({"hello": "world"})).await,
        400
    );
    assert!(shop.toss.seen("lookup").is_empty());
}

#[tokio::test]
async fn a_changed_payment_is_looked_up_too() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit(&session.order_id);
    let changed = json!({
        "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-21T09:00:00.000000",
        "data": {"orderId": session.order_id, "status": "DONE", "secret": null},
    });
    assert_eq!(shop.webhook_raw("w1", &changed).await, 200);
    shop.until(&session, "paid").await;
}
