//! What went wrong elsewhere while nobody knew the outcome of a charge.

use std::time::Duration;

use serde_json::json;
use toss_sandbox::{Endpoint, Fault};

use super::declined;
use crate::support::{Shop, books, text};

/// Row 2: no retry was planned when an unknown outcome turned out to be a refusal.
#[tokio::test]
async fn an_unknown_charge_that_was_refused_is_tried_again_as_its_code_deserves() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    // Nothing is done, and the same request then gets a refusal.
    shop.toss.next([
        Fault::reset(Endpoint::Charge).times(4),
        declined("REJECT_CARD_PAYMENT"),
    ]);
    let at = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    shop.advance_to(&at);
    for _ in 0..60 {
        if shop.read_subscription(&id).await["status"] == "past_due" {
            break;
        }
        shop.advance(Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let due = shop.read_subscription(&id).await;
    assert_eq!(due["status"], "past_due", "{:?}", shop.invoices(&id).await);
    assert!(
        text(&due["nextChargeAt"]).starts_with("2027-03-01T"),
        "{due}"
    );
    let keys: std::collections::BTreeSet<_> = shop.toss.seen("charge")[1..]
        .iter()
        .map(|it| it.idempotency_key.clone())
        .collect();
    assert_eq!(keys.len(), 1, "one attempt, one key");
    shop.advance_to(&text(&due["nextChargeAt"]));
    shop.until_subscription(&id, |it| it["status"] == "active")
        .await;
    assert_eq!(shop.toss.done("charge"), 2);
}

/// Row 16: two flows worked on one order, one of them thought it lost, and a good order was refunded.
#[tokio::test]
async fn confirm_webhook_and_another_copy_at_once_leave_a_good_order_alone() {
    let shop = Shop::open().await;
    shop.webhooks_on();
    let copy = shop.second().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate_by("CARD", &session.order_id);
    shop.toss.next([Fault::delay(Endpoint::Confirm, 300)]);
    let body = crate::support::confirm_body(&session, &key);
    let hint = json!({
        "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-21T09:00:00.000000",
        "data": {"paymentKey": key, "orderId": session.order_id, "status": "DONE"},
    });
    let (here, there, told) = tokio::join!(
        shop.confirm(&session, &key),
        shop.post_to(&copy.origin, &session, "confirm", body),
        shop.webhook_raw("w1", &hint),
    );
    assert!(here.0 < 300 && there.0 < 300, "{here:?} {there:?}");
    assert_eq!(told, 200);
    shop.until(&session, "paid").await;
    shop.fate("w1").await;
    assert_eq!(shop.toss.done("confirm"), 1);
    assert!(shop.toss.seen("cancel").is_empty());
    assert_eq!(shop.events().await, ["payment.paid"]);
    assert_eq!(books::differences(&shop).await, [""; 0]);
}

/// Row 17: what was stuck was marked as failed after the last try, and charged again.
#[tokio::test]
async fn a_charge_that_stays_unknown_is_never_called_failed_and_ends_with_an_operator() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.toss.next([
        Fault::lost_response(Endpoint::Charge),
        Fault::error(Endpoint::Lookup, 500).times(100_000),
    ]);
    let at = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    shop.advance_to(&at);
    shop.until_seen("charge", 2).await;
    // A clock that is moved before the lost answer is written down overtakes it.
    let order = text(&shop.invoices(&id).await[0]["charges"][0]["orderId"]);
    shop.until_payment(&order, |payment| payment.status.as_str() == "unknown")
        .await;
    let attention = "/api/payments?needsAttention=true";
    let mut asked = 0;
    let mut left = 120;
    loop {
        let open = shop.read(attention).await.body["payments"].clone();
        if let Some(payment) = open.get(0) {
            assert_eq!(payment["status"], "unknown", "{payment}");
            break;
        }
        left -= 1;
        assert!(left > 0, "nobody was told after {asked} look-ups");
        let seen = shop.toss.seen("lookup").len();
        if seen == asked {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        asked = seen;
        shop.advance(Duration::from_hours(6));
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    let waits = shop.read_subscription(&id).await;
    assert_eq!(
        (&waits["status"], &waits["entitled"]),
        (&json!("active"), &json!(true)),
        "nobody is dunned for it"
    );
    let (status, _) = shop.command(&id, "charge", json!({})).await;
    assert_eq!(status, 409);
    assert_eq!(shop.toss.seen("charge").len(), 2);

    // Toss can be asked again: it was paid all the time.
    shop.toss.clear_faults();
    let order = text(&shop.invoices(&id).await[0]["charges"][0]["orderId"]);
    let ask = ["payments", "resolve", &order, "--ask"];
    crate::operator::good(&shop, &ask).await;
    let paid = shop
        .until_subscription(&id, |it| it["owedAmount"].is_null())
        .await;
    assert_eq!(paid["currentPeriod"]["no"], 2);
    assert_eq!(shop.toss.done("charge"), 2);
}
