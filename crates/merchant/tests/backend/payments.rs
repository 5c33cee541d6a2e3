//! Virtual accounts: from the page's confirm to the stored outcome.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use toss_sandbox::{Endpoint, Fault};

use crate::support::{CUSTOMER, Session, Shop, confirm_body, order};

#[tokio::test]
async fn a_virtual_account_is_issued_and_shown() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    assert!(
        session
            .url
            .ends_with(&format!("/checkout/?session={}", session.id))
    );
    assert_eq!(shop.status(&session).await, "open");
    let key = shop.toss.authenticate(&session.order_id);

    let (status, body) = shop.confirm(&session, &key).await;

    assert_eq!(status, 200);
    assert_eq!(body["status"], "waiting_for_deposit");
    assert_eq!(body["result"]["method"], "VIRTUAL_ACCOUNT");
    let account = &body["result"]["virtualAccount"];
    let at_toss = shop.toss.payment_of(&session.order_id);
    let number = &at_toss["virtualAccount"]["accountNumber"];
    assert_eq!(&account["accountNumber"], number);
    assert_eq!(account["customerName"], "김토스");
    assert!(
        body["result"].get("approvedAt").is_none(),
        "nothing is paid"
    );
    assert!(body.get("paymentKey").is_none() && body.get("secret").is_none());

    let sent = shop.toss.seen("confirm");
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0].body,
        json!({"paymentKey": key, "orderId": session.order_id, "amount": 15_000})
    );
    assert!(
        sent[0]
            .idempotency_key
            .as_ref()
            .is_some_and(|key| key.len() <= 300)
    );
    let payment = shop.payment(&session.order_id).await;
    assert_eq!(payment.status.as_str(), "waiting_for_deposit");
    assert!(payment.secret_digest.is_some());
    assert!(payment.work.next_action_at.is_some(), "looked at unasked");
    assert_eq!(shop.events().await, ["payment.waiting_for_deposit"]);
}

#[tokio::test]
async fn every_other_method_is_paid_at_once() {
    let shop = Shop::open().await;
    for method in [
        "CARD",
        "TRANSFER",
        "MOBILE_PHONE",
        "CULTURE_GIFT_CERTIFICATE",
        "BOOK_GIFT_CERTIFICATE",
        "GAME_GIFT_CERTIFICATE",
    ] {
        let mut body = order();
        body["methods"] = json!([method]);
        let session = shop.create(body).await;
        let key = shop.toss.authenticate_by(method, &session.order_id);

        let (status, body) = shop.confirm(&session, &key).await;

        assert_eq!((status, &body["status"]), (200, &json!("paid")), "{method}");
        let result = &body["result"];
        assert_eq!(result["method"], method);
        assert_eq!(result["card"].is_object(), method == "CARD", "{result}");
        assert!(result["approvedAt"].is_string(), "{result}");
        let at_toss = shop.toss.payment_of(&session.order_id);
        assert_eq!(result["receiptUrl"], at_toss["receipt"]["url"], "{method}");
        let payment = shop.payment(&session.order_id).await;
        assert_eq!((payment.status.as_str(), payment.balance), ("paid", 15_000));
    }
    assert_eq!(shop.events().await, ["payment.paid"; 6]);
}

#[tokio::test]
async fn twenty_tabs_confirm_once() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss.next([Fault::delay(Endpoint::Confirm, 200)]);

    let answers = join_all((0..20).map(|_| shop.confirm(&session, &key))).await;

    for (status, body) in &answers {
        assert_eq!(
            (*status, &body["status"]),
            (200, &json!("waiting_for_deposit"))
        );
    }
    assert_eq!(shop.toss.seen("confirm").len(), 1);
}

#[tokio::test]
async fn two_processes_confirm_once() {
    let shop = Shop::open().await;
    let other = shop.second().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss.next([Fault::delay(Endpoint::Confirm, 200)]);
    let body = confirm_body(&session, &key);

    let origins = [&shop.backend.origin, &other.origin];
    let answers =
        join_all((0..20).map(|n| shop.post_to(origins[n % 2], &session, "confirm", body.clone())))
            .await;

    for (status, body) in &answers {
        assert_eq!(
            (*status, &body["status"]),
            (200, &json!("waiting_for_deposit"))
        );
    }
    assert_eq!(shop.toss.seen("confirm").len(), 1);
}

#[tokio::test]
async fn a_refresh_gets_the_same_answer_and_another_key_is_refused() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    let first = shop.confirm(&session, &key).await;
    assert_eq!(shop.confirm(&session, &key).await, first);

    let (status, body) = shop.confirm(&session, "another_key").await;
    assert_eq!(
        (status, &body["code"]),
        (409, &json!("CHECKOUT_ALREADY_FINISHED"))
    );
    assert_eq!(shop.toss.seen("confirm").len(), 1);
}

#[tokio::test]
async fn a_payment_that_was_confirmed_elsewhere_is_known_by_its_key() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    let elsewhere = shop
        .http
        .post(format!("{}/v1/payments/confirm", shop.toss.url()))
        .basic_auth(shop.toss.secret_key(), Some(""))
        .json(&confirm_body(&session, &key))
        .send()
        .await;
    assert_eq!(elsewhere.unwrap().status(), 200);
    // The webhook tells first, then the buyer's page posts the same key.
    let hook = json!({
        "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-21T09:00:00.000000",
        "data": {"orderId": session.order_id, "status": "WAITING_FOR_DEPOSIT"},
    });
    assert_eq!(shop.webhook_raw("w1", &hook).await, 200);
    shop.until(&session, "waiting_for_deposit").await;
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!(
        (status, &body["status"]),
        (200, &json!("waiting_for_deposit")),
        "{body}"
    );
}

#[tokio::test]
async fn what_the_buyer_changed_in_the_address_is_refused_by_name() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    let before = shop.get(&session).await;
    for (field, value, code) in [
        ("amount", json!(100), "CHECKOUT_AMOUNT_MISMATCH"),
        ("orderId", json!("another-order"), "CHECKOUT_ORDER_MISMATCH"),
    ] {
        let mut body = confirm_body(&session, &key);
        body[field] = value;
        let (status, body) = shop.post(&session, "confirm", body).await;
        assert_eq!((status, &body["code"]), (422, &json!(code)));
        assert_eq!(body["retryable"], false);
    }
    assert_eq!(shop.get(&session).await, before);
    assert!(shop.toss.seen("confirm").is_empty(), "nothing was sent");
    // The right address still works.
    assert_eq!(shop.confirm(&session, &key).await.0, 200);
}

#[tokio::test]
async fn a_refusal_passes_through_and_a_new_key_may_try_again() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let first = shop.toss.authenticate(&session.order_id);
    shop.toss
        .next([Fault::error(Endpoint::Confirm, 403).code("REJECT_CARD_COMPANY")]);

    let (status, body) = shop.confirm(&session, &first).await;
    assert_eq!(
        (status, &body["code"]),
        (403, &json!("REJECT_CARD_COMPANY"))
    );
    assert!(!body["message"].as_str().unwrap().is_empty());
    let failed = shop.get(&session).await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["result"]["failure"]["code"], "REJECT_CARD_COMPANY");

    // The same key says the same, without asking Toss.
    let (status, again) = shop.confirm(&session, &first).await;
    assert_eq!(
        (status, &again["code"]),
        (403, &json!("REJECT_CARD_COMPANY"))
    );
    assert_eq!(shop.toss.seen("confirm").len(), 1);

    let second = shop.toss.authenticate(&session.order_id);
    let (status, body) = shop.confirm(&session, &second).await;
    assert_eq!(
        (status, &body["status"]),
        (200, &json!("waiting_for_deposit"))
    );
    assert!(body["result"].get("failure").is_none());
    let keys = shop.toss.seen("confirm");
    assert_ne!(keys[0].idempotency_key, keys[1].idempotency_key);

    // The first key is history now.
    let (status, body) = shop.confirm(&session, &first).await;
    assert_eq!(
        (status, &body["code"]),
        (409, &json!("CHECKOUT_ALREADY_FINISHED"))
    );
    assert_eq!(
        shop.events().await,
        ["payment.failed", "payment.waiting_for_deposit"]
    );
}

#[tokio::test]
async fn the_shops_wrong_key_is_the_shops_trouble() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss
        .next([Fault::error(Endpoint::Confirm, 401).code("UNAUTHORIZED_KEY")]);
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["code"]), (502, &json!("UNAUTHORIZED_KEY")));
    let key = shop.toss.authenticate(&session.order_id);
    assert_eq!(shop.confirm(&session, &key).await.0, 200);
}

#[tokio::test]
async fn made_up_keys_do_not_reach_toss_for_ever() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    for n in 0..20 {
        let (status, body) = shop.confirm(&session, &format!("made_up_{n}")).await;
        assert_eq!(status, 404, "{body}");
    }
    let (status, body) = shop.confirm(&session, "made_up_20").await;
    assert_eq!(
        (status, &body["code"]),
        (429, &json!("CHECKOUT_RATE_LIMITED"))
    );
    assert_eq!(shop.toss.seen("confirm").len(), 20);
}

async fn for_seconds(shop: &Shop, seconds: u64) -> Session {
    let mut body = order();
    body["expiresInSeconds"] = json!(seconds);
    shop.create(body).await
}

#[tokio::test]
async fn a_session_ends_by_the_clock() {
    let shop = Shop::open().await;
    let session = for_seconds(&shop, 60).await;
    shop.advance(Duration::from_mins(1));
    assert_eq!(shop.status(&session).await, "expired");
    shop.until_payment(&session.order_id, |it| it.status.as_str() == "expired")
        .await;
    assert_eq!(shop.events().await, ["payment.expired"]);

    // The buyer was in the window when it ended: the key is still tried.
    shop.advance(Duration::from_mins(8));
    let key = shop.toss.authenticate(&session.order_id);
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!(status, 200, "{body}");

    let late = for_seconds(&shop, 60).await;
    shop.advance(Duration::from_mins(12));
    let key = shop.toss.authenticate(&late.order_id);
    let (status, body) = shop.confirm(&late, &key).await;
    assert_eq!(
        (status, &body["code"]),
        (410, &json!("CHECKOUT_SESSION_EXPIRED"))
    );
    assert_eq!(shop.toss.seen("confirm").len(), 1);
}

/// The bank reports at 00:00:30 what was deposited before the account closed at midnight, and Toss's
/// webhook of it is lost.
#[tokio::test]
async fn a_deposit_of_the_last_minute_that_is_reported_late_is_paid() {
    for closed in [true, false] {
        let shop = Shop::open().await;
        let session = shop.issued().await;
        let due = Duration::from_hours(72);
        shop.advance(due.saturating_sub(Duration::from_secs(20)));
        shop.toss.deposit_for(&session.order_id);
        // Toss has not heard of the deposit yet. It may call the account closed, or say nothing.
        shop.toss.next([Fault::mutate(Endpoint::Lookup)
            .set("/status", "WAITING_FOR_DEPOSIT")
            .set("/approvedAt", Value::Null)
            .set("/virtualAccount/expired", closed)
            .times(1_000)]);
        shop.advance(Duration::from_mins(2));
        if closed {
            shop.until(&session, "expired").await;
        } else {
            let looks = shop.toss.seen("lookup").len();
            shop.until_seen("lookup", looks + 1).await;
            assert_eq!(shop.status(&session).await, "waiting_for_deposit");
            shop.advance(Duration::from_hours(2));
            shop.until(&session, "expired").await;
        }
        shop.toss.clear_faults();
        let mut paid = Value::Null;
        // The look that found nothing may still be on its way to say when the next one is.
        for _ in 0..3 {
            shop.advance(Duration::from_hours(27));
            let found = shop.until(&session, "paid");
            if let Ok(found) = tokio::time::timeout(Duration::from_secs(3), found).await {
                paid = found;
                break;
            }
        }
        assert!(paid["result"]["approvedAt"].is_string());
        assert_eq!(
            shop.events().await,
            [
                "payment.waiting_for_deposit",
                "payment.expired",
                "payment.paid"
            ]
        );
    }
}

#[tokio::test]
async fn a_deposit_whose_webhook_was_lost_is_found() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit_for(&session.order_id);
    shop.advance(Duration::from_mins(70));
    shop.until(&session, "paid").await;
}

#[tokio::test]
async fn a_cancel_in_the_dashboard_whose_webhook_was_lost_is_found() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.webhooks_on();
    shop.toss.deposit_for(&session.order_id);
    shop.until(&session, "paid").await;
    shop.toss.remove_webhook_targets();
    shop.toss.cancel_for(&session.order_id);
    shop.advance(Duration::from_mins(17));
    shop.until(&session, "canceled").await;
    let payment = shop.payment(&session.order_id).await;
    assert_eq!(payment.balance, 0);
    let refunds = shop.state().records.refunds(&payment.id).await.unwrap();
    assert_eq!(refunds.len(), 1);
    assert_eq!(refunds[0].origin.as_str(), "toss");
    assert!(shop.events().await.contains(&"payment.canceled".to_owned()));
}

#[tokio::test]
async fn reports_of_the_fail_page_are_recorded_and_change_nothing() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let before = shop.get(&session).await;
    let report = json!({"code": "PAY_PROCESS_CANCELED", "message": "취소"});
    assert_eq!(shop.post(&session, "failure", report).await.0, 204);
    let long = json!({"code": "X", "message": "가".repeat(5000), "orderId": "another-order"});
    assert_eq!(shop.post(&session, "failure", long).await.0, 204);
    for _ in 0..30 {
        let more = json!({"code": "PAY_PROCESS_ABORTED"});
        assert_eq!(shop.post(&session, "failure", more).await.0, 204);
    }
    assert_eq!(shop.get(&session).await, before);
}

#[tokio::test]
async fn each_kind_takes_its_own_call() {
    let shop = Shop::open().await;
    let order = shop.order().await;
    let subscription = shop.subscription(false).await;
    let (status, body) = shop.billing(&order, "auth").await;
    assert_eq!(
        (status, &body["code"]),
        (409, &json!("CHECKOUT_WRONG_KIND"))
    );
    let body = json!({"paymentKey": "key", "orderId": "order-1", "amount": 1});
    let (status, body) = shop.post(&subscription, "confirm", body).await;
    assert_eq!(
        (status, &body["code"]),
        (409, &json!("CHECKOUT_WRONG_KIND"))
    );
    assert_eq!(shop.get(&subscription).await["customerKey"], CUSTOMER);
}
