//! Virtual accounts: from the page's confirm to the stored outcome.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use toss_merchant::clock::{Clock, Millis};

use crate::support::{
    CUSTOMER, Session, Shop, confirm_body, order, quick,
    toss::{Act, SECRET},
};

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
    let key = shop.toss.authenticate(&session.order_id, 15_000);

    let (status, body) = shop.confirm(&session, &key).await;

    assert_eq!(status, 200);
    assert_eq!(body["status"], "waiting_for_deposit");
    assert_eq!(body["result"]["method"], "VIRTUAL_ACCOUNT");
    assert_eq!(
        body["result"]["virtualAccount"],
        json!({
            "bankCode": "20", "accountNumber": "X6505636518308", "customerName": "김토스",
            "dueDate": "2099-11-24T09:00:00+09:00",
        })
    );
    assert!(
        body["result"].get("approvedAt").is_none(),
        "nothing is paid"
    );
    let text = body.to_string();
    assert!(!text.contains(SECRET) && !text.contains(&key), "{text}");

    let sent = shop.toss.seen("confirm");
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0].body,
        json!({"paymentKey": key, "orderId": session.order_id, "amount": 15_000})
    );
    assert_eq!(
        sent[0].authorization,
        "Basic dGVzdF9za196WExrS0V5cE5BcldtbzUwblgzbG1lYXhZRzVSOg=="
    );
    assert!(
        sent[0]
            .idempotency_key
            .as_ref()
            .is_some_and(|key| key.len() <= 300)
    );
}

#[tokio::test]
async fn twenty_tabs_confirm_once() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss
        .next("confirm", &[Act::Late(Duration::from_millis(200))]);

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
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss
        .next("confirm", &[Act::Late(Duration::from_millis(200))]);
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
    let key = shop.toss.authenticate(&session.order_id, 15_000);
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
async fn what_the_buyer_changed_in_the_address_is_refused_by_name() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
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
    let first = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss
        .next("confirm", &[Act::Refuse(403, "REJECT_CARD_COMPANY")]);

    let (status, body) = shop.confirm(&session, &first).await;
    assert_eq!(
        (status, &body["code"]),
        (403, &json!("REJECT_CARD_COMPANY"))
    );
    assert_eq!(body["message"], "거절됐어요.");
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

    let second = shop.toss.authenticate(&session.order_id, 15_000);
    let second = format!("{second}x");
    shop.toss.change(&session.order_id, |payment| {
        payment["paymentKey"] = json!(second);
    });
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
}

#[tokio::test]
async fn made_up_keys_do_not_reach_toss_for_ever() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    for n in 0..20 {
        assert_eq!(shop.confirm(&session, &format!("made_up_{n}")).await.0, 404);
    }
    let (status, body) = shop.confirm(&session, "made_up_20").await;
    assert_eq!(
        (status, &body["code"]),
        (429, &json!("CHECKOUT_RATE_LIMITED"))
    );
    assert_eq!(shop.toss.seen("confirm").len(), 20);
}

async fn at_noon(shop: &Shop, seconds: u64) -> Session {
    let mut body = order();
    body["expiresInSeconds"] = json!(seconds);
    shop.create(body).await
}

#[tokio::test]
async fn a_session_ends_by_the_clock() {
    let clock = Clock::manual(Millis(1_795_219_200_000));
    let shop = Shop::with(&[], clock.clone(), quick()).await;
    let session = at_noon(&shop, 60).await;
    assert_eq!(
        shop.get(&session).await["expiresAt"],
        "2026-11-21T09:01:00+09:00"
    );
    clock.advance(Duration::from_mins(1));
    assert_eq!(shop.status(&session).await, "expired");

    // The buyer was in the window when it ended: the key is still tried.
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    clock.advance(Duration::from_mins(9));
    assert_eq!(shop.confirm(&session, &key).await.0, 200);

    let late = at_noon(&shop, 60).await;
    let key = shop.toss.authenticate(&late.order_id, 15_000);
    clock.advance(Duration::from_mins(12));
    let (status, body) = shop.confirm(&late, &key).await;
    assert_eq!(
        (status, &body["code"]),
        (410, &json!("CHECKOUT_SESSION_EXPIRED"))
    );
    assert_eq!(shop.toss.seen("confirm").len(), 1);
}

#[tokio::test]
async fn an_account_that_closes_is_looked_up_before_it_is_called_expired() {
    let clock = Clock::manual(Millis(1_795_219_200_000));
    let shop = Shop::with(&[], clock.clone(), quick()).await;
    let closing = |payment: &mut Value| {
        payment["virtualAccount"]["dueDate"] = json!("2026-11-21T09:30:00");
    };
    let mut sessions = Vec::new();
    for _ in 0..2 {
        let session = shop.order().await;
        let key = shop.toss.authenticate(&session.order_id, 15_000);
        assert_eq!(shop.confirm(&session, &key).await.0, 200);
        shop.toss.change(&session.order_id, closing);
        // As a webhook would, so that the new due date is known.
        shop.webhook(
            &session.id,
            &session.order_id,
            "WAITING_FOR_DEPOSIT",
            SECRET,
        )
        .await;
        shop.fate(&session.id).await;
        sessions.push(session);
    }
    // The money for the first arrived, and its webhook was lost.
    shop.toss.deposit(&sessions[0].order_id);
    clock.advance(Duration::from_mins(31));
    shop.until(&sessions[0], "paid").await;
    shop.until(&sessions[1], "expired").await;
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
