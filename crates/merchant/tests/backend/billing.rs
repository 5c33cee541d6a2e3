//! Automatic payment: registration and first charge.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use crate::support::{
    CUSTOMER, Shop, quick, text,
    toss::{Act, BILLING_KEY},
};

#[tokio::test]
async fn a_card_is_registered_and_shown_masked() {
    let shop = Shop::open().await;
    let session = shop.subscription(false).await;
    let (status, body) = shop.billing(&session, "auth_card").await;
    assert_eq!((status, &body["status"]), (200, &json!("registered")));
    assert_eq!(
        body["result"],
        json!({
            "method": "CARD",
            "card": {"issuerCode": "61", "number": "43301234****123*", "cardType": "신용"},
        })
    );
    assert!(!body.to_string().contains(BILLING_KEY));
    let sent = shop.toss.seen("issue");
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0].body,
        json!({"authKey": "auth_card", "customerKey": CUSTOMER})
    );
    assert!(sent[0].idempotency_key.is_some());
    assert!(shop.toss.seen("charge").is_empty());
}

#[tokio::test]
async fn an_account_is_shown_when_toss_knows_it_and_not_missed_when_it_does_not() {
    for (transfers, account) in [
        (
            json!([{"bankName": "우리은행", "bankAccountNumber": "1002****0000"}]),
            json!({"bankName": "우리은행", "accountNumber": "1002****0000"}),
        ),
        (json!([]), json!(null)),
        (json!(null), json!(null)),
    ] {
        let shop = Shop::open().await;
        shop.toss.transfers(transfers);
        let session = shop.subscription(false).await;
        let (status, body) = shop.billing(&session, "auth_transfer").await;
        assert_eq!((status, &body["status"]), (200, &json!("registered")));
        assert_eq!(body["result"]["method"], "TRANSFER");
        assert_eq!(body["result"]["account"], account);
    }
}

#[tokio::test]
async fn the_first_charge_follows_with_the_stored_price() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    let (status, body) = shop.billing(&session, "auth_card").await;
    assert_eq!((status, &body["status"]), (200, &json!("active")));
    let charge = &body["result"]["charge"];
    assert_eq!(charge["status"], "succeeded");
    assert_eq!(charge["amount"], json!({"value": 4900, "currency": "KRW"}));
    assert_eq!(charge["approvedAt"], "2026-11-21T09:00:01+09:00");
    let sent = shop.toss.seen("charge");
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0].body,
        json!({
            "amount": 4900, "customerKey": CUSTOMER, "orderId": charge["orderId"],
            "orderName": "토스 프라임 구독", "customerEmail": "customer@example.com",
            "customerName": "김토스",
        })
    );
    // A refresh neither issues nor charges again.
    assert_eq!(shop.billing(&session, "auth_card").await, (status, body));
    assert_eq!((shop.toss.done("issue"), shop.toss.done("charge")), (1, 1));
}

#[tokio::test]
async fn twenty_tabs_register_and_charge_once() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss
        .next("issue", &[Act::Late(Duration::from_millis(150))]);
    shop.toss
        .next("charge", &[Act::Late(Duration::from_millis(150))]);
    let answers = join_all((0..20).map(|_| shop.billing(&session, "auth_card"))).await;
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
        .next("charge", &[Act::Refuse(403, "REJECT_CARD_PAYMENT")]);
    let (status, body) = shop.billing(&session, "auth_card").await;
    assert_eq!((status, &body["status"]), (200, &json!("registered")));
    assert_eq!(body["result"]["charge"]["status"], "declined");
    assert_eq!(
        body["result"]["charge"]["failure"]["code"],
        "REJECT_CARD_PAYMENT"
    );
    assert_eq!(body["result"]["card"]["number"], "43301234****123*");
    assert_eq!(shop.billing(&session, "auth_card").await.1, body);
    assert_eq!(shop.toss.seen("charge").len(), 1);
}

#[tokio::test]
async fn a_lost_issue_is_repeated_under_the_same_key() {
    let shop = Shop::open().await;
    let session = shop.subscription(false).await;
    shop.toss.next("issue", &[Act::LoseAnswer]);
    let (status, body) = shop.billing(&session, "auth_card").await;
    assert_eq!((status, &body["status"]), (200, &json!("registered")));
    let sent = shop.toss.seen("issue");
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].idempotency_key, sent[1].idempotency_key);
    assert_eq!(shop.toss.done("issue"), 1);
}

#[tokio::test]
async fn an_issue_that_stays_unknown_is_resolved_later() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss
        .next("issue", &[Act::LoseAnswer, Act::Babble(502), Act::Break]);
    let (status, body) = shop.billing(&session, "auth_card").await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    let body = shop.until(&session, "active").await;
    assert_eq!(body["result"]["charge"]["status"], "succeeded");
    assert_eq!((shop.toss.done("issue"), shop.toss.done("charge")), (1, 1));
}

#[tokio::test]
async fn a_lost_charge_is_looked_up_and_never_doubled() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss.next("charge", &[Act::LoseAnswer]);
    let (status, body) = shop.billing(&session, "auth_card").await;
    assert_eq!((status, &body["status"]), (200, &json!("active")));
    assert_eq!(shop.toss.seen("charge").len(), 1);
    let order = text(&body["result"]["charge"]["orderId"]);
    assert!(order.starts_with("chg_"));
}

#[tokio::test]
async fn a_charge_that_stays_unknown_says_so_and_is_resolved_later() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss.next("charge", &[Act::LoseAnswer]);
    shop.toss.next("lookup", &[Act::Break, Act::Break]);
    let (status, body) = shop.billing(&session, "auth_card").await;
    assert_eq!((status, &body["status"]), (200, &json!("registered")));
    assert_eq!(body["result"]["charge"]["status"], "unknown");
    shop.until(&session, "active").await;
    assert_eq!(shop.toss.seen("charge").len(), 1);
}

#[tokio::test]
async fn a_slow_charge_does_not_hold_the_buyer_for_ever() {
    let mut timing = quick();
    timing.wait_for_own = Duration::from_millis(150);
    timing.charge = Duration::from_secs(5);
    let shop = Shop::with(&[], toss_merchant::clock::Clock::system(), timing).await;
    let session = shop.subscription(true).await;
    shop.toss
        .next("charge", &[Act::Late(Duration::from_millis(600))]);
    let (status, body) = shop.billing(&session, "auth_card").await;
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
    let (status, body) = shop.billing(&session, "auth_used").await;
    assert_eq!(
        (status, &body["code"]),
        (400, &json!("INVALID_BILLING_AUTH"))
    );
    assert_eq!(shop.status(&session).await, "failed");
    assert_eq!(shop.billing(&session, "auth_used").await.0, 400);
    assert_eq!(shop.toss.seen("issue").len(), 1);
    let (status, body) = shop.billing(&session, "auth_new").await;
    assert_eq!((status, &body["status"]), (200, &json!("registered")));
    let (status, body) = shop.billing(&session, "auth_newer").await;
    assert_eq!(
        (status, &body["code"]),
        (409, &json!("CHECKOUT_ALREADY_FINISHED"))
    );
}
