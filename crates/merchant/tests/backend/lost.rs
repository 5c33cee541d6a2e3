//! Answers that are lost, late, contradictory or about something else.

use std::time::Duration;

use serde_json::json;

use crate::support::{Shop, toss::Act};

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_not_sent_again() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss.next("confirm", &[Act::LoseAnswer]);

    let (status, body) = shop.confirm(&session, &key).await;

    assert_eq!(
        (status, &body["status"]),
        (200, &json!("waiting_for_deposit"))
    );
    assert_eq!(shop.toss.seen("confirm").len(), 1);
    assert_eq!(shop.toss.seen("lookup").len(), 1);
}

#[tokio::test]
async fn an_answer_that_is_too_late_is_looked_up() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss
        .next("confirm", &[Act::Late(Duration::from_secs(3))]);
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!(
        (status, &body["status"]),
        (200, &json!("waiting_for_deposit"))
    );
    assert_eq!(shop.toss.seen("confirm").len(), 1);
}

#[tokio::test]
async fn what_nobody_knows_is_called_unknown_and_resolved_later() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss.next("confirm", &[Act::LoseAnswer]);
    shop.toss.next("lookup", &[Act::Break, Act::Babble(502)]);

    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));

    shop.until(&session, "waiting_for_deposit").await;
    assert_eq!(shop.toss.seen("confirm").len(), 1, "found, not sent again");
    assert_eq!(shop.confirm(&session, &key).await.0, 200);
}

#[tokio::test]
async fn a_confirm_that_never_arrived_is_sent_again_under_the_same_key() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss.next("confirm", &[Act::Break]);

    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    // While nobody knows, no other key may begin.
    let (status, body) = shop.confirm(&session, "another_key").await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));

    shop.until(&session, "waiting_for_deposit").await;
    let sent = shop.toss.seen("confirm");
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].idempotency_key, sent[1].idempotency_key);
    assert_eq!(sent[0].body, sent[1].body);
    assert_eq!(shop.toss.done("confirm"), 1);
}

#[tokio::test]
async fn a_server_error_with_a_code_is_believed_only_after_a_lookup() {
    let shop = Shop::open().await;
    // Toss says it failed, and has done it all the same.
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss.next(
        "confirm",
        &[Act::Refuse(500, "FAILED_INTERNAL_SYSTEM_PROCESSING")],
    );
    shop.toss.change(&session.order_id, |payment| {
        payment["status"] = json!("DONE");
    });
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["status"]), (200, &json!("paid")));

    // It failed, and nothing happened.
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss.next(
        "confirm",
        &[Act::Refuse(500, "FAILED_INTERNAL_SYSTEM_PROCESSING")],
    );
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!(
        (status, &body["code"]),
        (502, &json!("FAILED_INTERNAL_SYSTEM_PROCESSING"))
    );
    assert_eq!(shop.status(&session).await, "failed");
}

#[tokio::test]
async fn an_answer_about_another_payment_is_not_believed() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss.change(&session.order_id, |payment| {
        payment["totalAmount"] = json!(1);
    });
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    shop.toss.change(&session.order_id, |payment| {
        payment["totalAmount"] = json!(15_000);
    });
    shop.until(&session, "waiting_for_deposit").await;
}

#[tokio::test]
async fn toss_is_down_and_comes_back() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss.next("confirm", &[const { Act::Babble(503) }; 3]);
    shop.toss.next("lookup", &[const { Act::Babble(503) }; 6]);
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    shop.until(&session, "waiting_for_deposit").await;
    assert_eq!(shop.toss.done("confirm"), 1);
}

#[tokio::test]
async fn an_earlier_payment_that_was_given_up_says_nothing_about_this_one() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    shop.toss.authenticate(&session.order_id, 15_000);
    // Toss shows the buyer's first visit, which ended badly; the second visit's confirm is lost.
    shop.toss.change(&session.order_id, |payment| {
        payment["status"] = json!("ABORTED");
        payment["failure"] = json!({"code": "REJECT_CARD_COMPANY", "message": "거절"});
    });
    shop.toss.next("confirm", &[const { Act::Break }; 3]);
    let (status, body) = shop.confirm(&session, "tgen_second").await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    tokio::time::sleep(Duration::from_millis(200)).await;
    // Now Toss shows the second.
    shop.toss.change(&session.order_id, |payment| {
        payment["paymentKey"] = json!("tgen_second");
        payment["status"] = json!("IN_PROGRESS");
    });
    shop.until(&session, "waiting_for_deposit").await;
}

#[tokio::test]
async fn a_payment_that_toss_gave_up_fails_with_its_reason() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id, 15_000);
    shop.toss.change(&session.order_id, |payment| {
        payment["status"] = json!("EXPIRED");
        payment["failure"] = json!({"code": "EXPIRED_PAYMENT", "message": "만료"});
    });
    shop.toss.next("confirm", &[Act::Break]);
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!((status, &body["code"]), (400, &json!("EXPIRED_PAYMENT")));
    assert_eq!(shop.status(&session).await, "failed");
}
