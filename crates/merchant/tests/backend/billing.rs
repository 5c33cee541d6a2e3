//! Automatic payment: registration and first charge.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use toss_merchant::clock::Clock;
use toss_sandbox::{Endpoint, Fault};

use crate::support::{CUSTOMER, Shop, quick, text};

#[tokio::test]
async fn a_card_is_registered_and_shown_masked() {
    let shop = Shop::open().await;
    let session = shop.subscription(false).await;
    let auth = shop.toss.auth_key("CARD");
    let (status, body) = shop.billing(&session, &auth).await;
    assert_eq!((status, &body["status"]), (200, &json!("registered")));
    let result = &body["result"];
    assert_eq!(result["method"], "CARD");
    let number = text(&result["card"]["number"]);
    assert!(number.contains('*'), "{number}");
    let method = shop.method(&session).await;
    let key = shop.state().services.billing_key(&method).unwrap();
    assert!(!body.to_string().contains(key.expose()));
    let sent = shop.toss.seen("issue");
    assert_eq!(sent.len(), 1);
    assert!(sent[0].body["authKey"].is_string());
    assert!(sent[0].body.get("consent").is_none());
    assert!(sent[0].idempotency_key.is_some());
    assert!(shop.toss.seen("charge").is_empty());
    assert_eq!(shop.events().await, ["payment_method.registered"]);
}

#[tokio::test]
async fn an_account_is_shown_when_toss_knows_it_and_not_missed_when_it_does_not() {
    for (transfers, shown) in [
        (None, true),
        (Some(json!([])), false),
        (Some(json!(null)), false),
    ] {
        let shop = Shop::open().await;
        if let Some(transfers) = transfers {
            shop.toss
                .next([Fault::mutate(Endpoint::Issue).set("/transfers", transfers)]);
        }
        let session = shop.subscription(false).await;
        let auth = shop.toss.auth_key("TRANSFER");
        let (status, body) = shop.billing(&session, &auth).await;
        assert_eq!((status, &body["status"]), (200, &json!("registered")));
        assert_eq!(body["result"]["method"], "TRANSFER");
        assert_eq!(body["result"]["account"].is_object(), shown, "{body}");
    }
}

#[tokio::test]
async fn the_first_charge_follows_with_the_stored_price() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    let auth = shop.toss.auth_key("CARD");
    let (status, body) = shop.billing(&session, &auth).await;
    assert_eq!((status, &body["status"]), (200, &json!("active")));
    let charge = &body["result"]["charge"];
    assert_eq!(charge["status"], "succeeded");
    assert_eq!(charge["amount"], json!({"value": 4900, "currency": "KRW"}));
    assert!(charge["approvedAt"].is_string());
    let sent = shop.toss.seen("charge");
    assert_eq!(sent.len(), 1);
    let sent = &sent[0].body;
    assert_eq!(sent["amount"], 4900);
    assert_eq!(sent["orderId"], charge["orderId"]);
    assert_eq!(sent["orderName"], "토스 프라임 구독");
    assert_eq!(sent["customerEmail"], "customer@example.com");
    // A refresh neither issues nor charges again.
    assert_eq!(shop.billing(&session, &auth).await, (status, body.clone()));
    assert_eq!((shop.toss.done("issue"), shop.toss.done("charge")), (1, 1));
    let payment = shop.payment(charge["orderId"].as_str().unwrap()).await;
    assert_eq!(payment.purpose.as_str(), "first_charge");
    assert_eq!(payment.balance, 4900);
    assert_eq!(
        shop.events().await,
        ["payment_method.registered", "payment.paid"]
    );
}

#[tokio::test]
async fn a_first_charge_that_is_cancelled_at_toss_is_seen() {
    let shop = Shop::open().await;
    shop.webhooks_on();
    let session = shop.subscription(true).await;
    let auth = shop.toss.auth_key("CARD");
    let (_, body) = shop.billing(&session, &auth).await;
    let order = text(&body["result"]["charge"]["orderId"]);
    shop.toss.cancel_for(&order);
    let canceled = shop
        .until_payment(&order, |it| it.status.as_str() == "canceled")
        .await;
    assert_eq!(canceled.balance, 0);
    assert!(shop.events().await.contains(&"payment.canceled".to_owned()));
    // The registration stays one.
    assert_eq!(shop.status(&session).await, "active");
}

#[tokio::test]
async fn twenty_tabs_register_and_charge_once() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss.next([
        Fault::delay(Endpoint::Issue, 150),
        Fault::delay(Endpoint::Charge, 150),
    ]);
    let auth = shop.toss.auth_key("CARD");
    let answers = join_all((0..20).map(|_| shop.billing(&session, &auth))).await;
    for (status, body) in &answers {
        assert_eq!((*status, &body["status"]), (200, &json!("active")));
    }
    assert_eq!(shop.toss.seen("issue").len(), 1);
    assert_eq!(shop.toss.seen("charge").len(), 1);
}

#[tokio::test]
async fn a_declined_first_charge_leaves_the_card_registered() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss
        .next([Fault::error(Endpoint::Charge, 403).code("REJECT_CARD_PAYMENT")]);
    let auth = shop.toss.auth_key("CARD");
    let (status, body) = shop.billing(&session, &auth).await;
    assert_eq!((status, &body["status"]), (200, &json!("registered")));
    assert_eq!(body["result"]["charge"]["status"], "declined");
    assert_eq!(
        body["result"]["charge"]["failure"]["code"],
        "REJECT_CARD_PAYMENT"
    );
    assert!(body["result"]["card"]["number"].is_string());
    assert_eq!(shop.billing(&session, &auth).await.1, body);
    assert_eq!(shop.toss.seen("charge").len(), 1);
    assert_eq!(
        shop.events().await,
        ["payment_method.registered", "charge.failed"]
    );
    assert_eq!(shop.method(&session).await.status.as_str(), "active");
}

#[tokio::test]
async fn a_card_that_was_lost_is_not_charged_again() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss
        .next([Fault::error(Endpoint::Charge, 400).code("INVALID_CARD_LOST_OR_STOLEN")]);
    let auth = shop.toss.auth_key("CARD");
    shop.billing(&session, &auth).await;
    let method = shop.method(&session).await;
    assert_eq!(method.status.as_str(), "dead");
    assert_eq!(
        method.dead_code.unwrap().as_str(),
        "INVALID_CARD_LOST_OR_STOLEN"
    );
}

#[tokio::test]
async fn a_lost_issue_is_repeated_under_the_same_key() {
    let shop = Shop::open().await;
    let session = shop.subscription(false).await;
    shop.toss.next([Fault::lost_response(Endpoint::Issue)]);
    let auth = shop.toss.auth_key("CARD");
    let (status, body) = shop.billing(&session, &auth).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    shop.until(&session, "registered").await;
    let sent = shop.toss.seen("issue");
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].idempotency_key, sent[1].idempotency_key);
    assert_eq!(shop.toss.done("issue"), 1);
}

/// An issue that is answered 500 with a documented code and carried out all the same leaves no billing
/// key behind that nobody knows.
#[tokio::test]
async fn an_issue_that_is_answered_500_and_carried_out_later_registers_one_key() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss.next([Fault::error(Endpoint::Issue, 500)
        .code("COMMON_ERROR")
        .work_after(Duration::from_secs(2))]);
    let auth = shop.toss.auth_key("CARD");
    let (status, body) = shop.billing(&session, &auth).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    shop.advance(Duration::from_secs(3));
    shop.until(&session, "active").await;
    assert_eq!((shop.toss.done("issue"), shop.toss.done("charge")), (1, 1));
}

#[tokio::test]
async fn a_lost_charge_is_looked_up_and_never_doubled() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss.next([Fault::lost_response(Endpoint::Charge)]);
    let auth = shop.toss.auth_key("CARD");
    let (status, body) = shop.billing(&session, &auth).await;
    assert_eq!((status, &body["status"]), (200, &json!("active")));
    assert_eq!(shop.toss.seen("charge").len(), 1);
    let order = text(&body["result"]["charge"]["orderId"]);
    assert!(order.starts_with("chg_"));
}

/// The first fault that was reproduced: `declined` for ever, and the card paid.
#[tokio::test]
async fn a_charge_that_is_answered_500_and_carried_out_later_is_found() {
    for code in [
        "FAILED_INTERNAL_SYSTEM_PROCESSING",
        "FAILED_CARD_COMPANY_RESPONSE",
        "FAILED_DB_PROCESSING",
    ] {
        let shop = Shop::open().await;
        let session = shop.subscription(true).await;
        shop.toss.next([Fault::error(Endpoint::Charge, 500)
            .code(code)
            .work_after(Duration::from_mins(1))]);
        let auth = shop.toss.auth_key("CARD");
        let (status, body) = shop.billing(&session, &auth).await;
        assert_eq!((status, &body["status"]), (200, &json!("registered")));
        assert_eq!(body["result"]["charge"]["status"], "unknown", "{code}");
        let looked = shop.toss.seen("lookup").len();
        shop.until_seen("lookup", looked + 1).await;
        shop.advance(Duration::from_secs(61));
        shop.until(&session, "active").await;
        assert_eq!(shop.toss.seen("charge").len(), 1);
        assert_eq!(shop.toss.done("charge"), 1);
    }
}

/// A refusal is a refusal, and the buyer may use another card. Should the charge be carried out all the
/// same, the money is neither lost nor forgotten.
#[tokio::test]
async fn a_charge_that_was_refused_and_carried_out_all_the_same_is_surplus() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss
        .next([Fault::error(Endpoint::Charge, 403).code("REJECT_CARD_PAYMENT")]);
    let auth = shop.toss.auth_key("CARD");
    let (_, body) = shop.billing(&session, &auth).await;
    assert_eq!(body["result"]["charge"]["status"], "declined", "{body}");
    let order = text(&body["result"]["charge"]["orderId"]);
    let method = shop.method(&session).await;
    let key = shop.state().services.billing_key(&method).unwrap();
    let charge = shop
        .http
        .post(format!("{}/v1/billing/{}", shop.toss.url(), key.expose()))
        .basic_auth(shop.toss.secret_key(), Some(""))
        .json(&json!({
            "customerKey": CUSTOMER, "amount": 4_900, "orderId": order, "orderName": "구독",
        }));
    assert_eq!(charge.send().await.unwrap().status(), 200);

    let hook = json!({
        "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-21T09:00:00.000000",
        "data": {"orderId": order, "status": "DONE", "secret": null},
    });
    assert_eq!(shop.webhook_raw("w1", &hook).await, 200);
    let payment = shop
        .until_payment(&order, |payment| payment.balance == 4_900)
        .await;
    assert!(payment.needs_attention.unwrap().contains("all the same"));
    let attempts = shop.state().records.attempts_of_payment(&payment.id).await;
    assert_eq!(attempts.unwrap()[0].status.as_str(), "surplus");
    let events = shop.events().await;
    for kind in [
        "charge.failed",
        "payment.paid",
        "payment.surplus",
        "attention.needed",
    ] {
        assert!(events.contains(&kind.to_owned()), "{kind}: {events:?}");
    }
    assert_eq!(shop.status(&session).await, "active");
}

#[tokio::test]
async fn a_charge_that_never_arrived_goes_again_after_a_minute_and_a_half() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss.next([Fault::reset(Endpoint::Charge)]);
    let auth = shop.toss.auth_key("CARD");
    shop.billing(&session, &auth).await;
    let looked = shop.toss.seen("lookup").len();
    shop.advance(Duration::from_mins(1));
    shop.until_seen("lookup", looked + 1).await;
    assert_eq!(shop.toss.seen("charge").len(), 1, "too early");
    shop.advance(Duration::from_secs(31));
    shop.until(&session, "active").await;
    let sent = shop.toss.seen("charge");
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].idempotency_key, sent[1].idempotency_key);
}

#[tokio::test]
async fn a_slow_charge_does_not_hold_the_buyer_for_ever() {
    let mut timing = quick();
    timing.wait_for_own = Duration::from_millis(150);
    timing.charge = Duration::from_secs(5);
    let shop = Shop::with(&[], Clock::running(), timing).await;
    let session = shop.subscription(true).await;
    shop.toss.next([Fault::delay(Endpoint::Charge, 600)]);
    let auth = shop.toss.auth_key("CARD");
    let (status, body) = shop.billing(&session, &auth).await;
    assert_eq!((status, &body["status"]), (200, &json!("registered")));
    assert_eq!(body["result"]["charge"]["status"], "pending");
    shop.until(&session, "active").await;
    assert_eq!(shop.toss.seen("charge").len(), 1);
}

#[tokio::test]
async fn another_customer_is_refused_and_nothing_is_sent() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    let before = shop.get(&session).await;
    let body = json!({"authKey": "auth_card", "customerKey": "somebody-else"});
    let (status, body) = shop.post(&session, "billing", body).await;
    assert_eq!(
        (status, &body["code"]),
        (422, &json!("CHECKOUT_CUSTOMER_MISMATCH"))
    );
    assert_eq!(shop.get(&session).await, before);
    assert!(shop.toss.seen("issue").is_empty());
}

#[tokio::test]
async fn a_used_key_fails_and_a_new_one_registers() {
    let shop = Shop::open().await;
    let session = shop.subscription(false).await;
    let (status, body) = shop.billing(&session, "auth_made_up").await;
    assert_eq!(status, 400, "{body}");
    assert_eq!(shop.status(&session).await, "failed");
    assert_eq!(shop.billing(&session, "auth_made_up").await.0, 400);
    assert_eq!(shop.toss.seen("issue").len(), 1);
    let auth = shop.toss.auth_key("CARD");
    let (status, body) = shop.billing(&session, &auth).await;
    assert_eq!((status, &body["status"]), (200, &json!("registered")));
    let again = shop.toss.auth_key("CARD");
    let (status, body) = shop.billing(&session, &again).await;
    assert_eq!(
        (status, &body["code"]),
        (409, &json!("CHECKOUT_ALREADY_FINISHED"))
    );
}

/// The database comes back from last night's copy, before the session was finished. The buyer registers
/// another card; the order was paid by the first.
#[tokio::test]
async fn after_a_restored_backup_nobody_is_charged_twice_and_the_other_card_is_told() {
    let mut shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.backend.stop().await;
    let backup = shop.database.back_up().await;
    shop.backend = shop.second().await;
    let first = shop.toss.auth_key("CARD");
    let (_, body) = shop.billing(&session, &first).await;
    let paid_by = text(&body["result"]["card"]["number"]);
    shop.backend.stop().await;
    shop.database.restore(&backup).await;
    shop.backend = shop.second().await;

    let second = shop
        .toss
        .auth_key_with("CARD", &[("number", "5310 7300 0000 0000")]);
    let (status, body) = shop.billing(&session, &second).await;
    assert_eq!((status, &body["status"]), (200, &json!("active")), "{body}");
    let registered = text(&body["result"]["card"]["number"]);
    assert_ne!(registered, paid_by);
    assert_eq!(shop.toss.done("charge"), 1);
    let order = text(&body["result"]["charge"]["orderId"]);
    let payment = shop.payment(&order).await;
    assert_eq!(payment.details.card.unwrap().number, paid_by);
    let reason = payment.needs_attention.unwrap();
    assert!(reason.contains(&paid_by) && reason.contains(&registered));
    assert!(shop.events().await.contains(&"attention.needed".to_owned()));
    let methods = shop.state().records.payment_methods(&payment.customer_key);
    assert_eq!(methods.await.unwrap().len(), 1);
}
