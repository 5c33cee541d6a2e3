//! The shop's clock differs from Toss's: somebody has set it, or it was lost.

use std::time::Duration;

use serde_json::json;

use super::{DAY, monthly};
use crate::support::{Shop, subscription, text};

/// Waits until the clock was compared with Toss's twice more.
async fn looked_at(shop: &Shop) {
    let before = shop.toss.seen("other").len();
    shop.until_seen("other", before + 2).await;
}

#[tokio::test]
async fn a_clock_that_was_ahead_makes_nothing_late() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.advance_only_ours(DAY * 30);
    looked_at(&shop).await;
    assert_eq!(shop.toss.done("charge"), 1);
    shop.set_back_ours(DAY * 30);
    let renewed = shop.next_charge(&id).await;
    assert_eq!(renewed["currentPeriod"]["no"], 2, "{renewed}");
    assert_eq!(shop.toss.done("charge"), 2);
}

#[tokio::test]
async fn no_command_and_no_registration_charges_by_a_wrong_clock() {
    let shop = Shop::at_noon(&[]).await;
    let made = shop
        .subscribe(|body| body["interval"] = json!({"unit": "day", "count": 1}))
        .await;
    let id = text(&made["id"]);
    let card = shop.card().await;
    shop.advance_only_ours(DAY * 2);

    let body = json!({"paymentMethodId": card});
    let (status, changed) = shop.command(&id, "payment-method", body).await;
    assert_eq!(status, 200, "{changed}");
    let (status, ends) = shop
        .command(&id, "cancel", json!({"at": "period_end"}))
        .await;
    assert_eq!(
        (status, ends["cancelAt"].as_str()),
        (200, Some("2027-02-01T00:00:00+09:00")),
        "by the right time: {ends}"
    );
    let (status, _) = shop.command(&id, "uncancel", json!({})).await;
    assert_eq!(status, 200);

    let mut session = subscription(true);
    session["subscribe"] = json!(true);
    let session = shop.create(session).await;
    let (status, done) = shop.billing(&session, &shop.toss.auth_key("CARD")).await;
    assert_eq!(status, 200, "{done}");
    let registered = text(&done["result"]["subscriptionId"]);
    let (status, created) = shop
        .ask("POST", "/api/subscriptions", Some(monthly(&card)))
        .await;
    assert_eq!(status, 201, "{created}");
    assert_eq!(created["status"], "incomplete");
    assert_eq!(shop.toss.done("charge"), 1, "nothing was charged");

    shop.set_back_ours(DAY * 2);
    shop.advance(Duration::from_mins(1));
    for id in [registered, text(&created["id"])] {
        let begun = shop
            .until_subscription(&id, |it| it["status"] == "active")
            .await;
        assert_eq!(begun["anchorDate"], "2027-01-31");
    }
    assert_eq!(shop.toss.done("charge"), 3);
    let untouched = shop.read_subscription(&id).await;
    assert_eq!(untouched["currentPeriod"]["no"], 1);
}

/// What is left of a period that has begun is told as it will be charged, while the charge has to wait.
#[tokio::test]
async fn the_next_amount_after_a_pause_is_that_of_the_days_that_are_left() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    let (status, paused) = shop.command(&id, "pause", json!({"at": "now"})).await;
    assert_eq!((status, &paused["status"]), (200, &json!("paused")));
    shop.advance(DAY * 35);
    let ahead = Duration::from_hours(1);
    shop.advance_only_ours(ahead);
    let (status, waits) = shop.command(&id, "resume", json!({})).await;
    assert_eq!(status, 200, "{waits}");
    // 24 of the 31 days from 28 February on.
    assert_eq!(waits["nextChargeAmount"]["value"], 7_664, "{waits}");
    shop.set_back_ours(ahead);
    shop.until_subscription(&id, |it| it["currentPeriod"]["no"] == 2)
        .await;
    let invoice = shop.invoices(&id).await.remove(0);
    assert_eq!(invoice["amount"]["value"], 7_664, "{invoice}");
}
