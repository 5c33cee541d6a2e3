//! Money that goes back, through the merchant API.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use toss_sandbox::{Endpoint, Fault};

use crate::{
    merchant_payments::{charged, won},
    support::{Shop, text},
};

fn refunds(payment: &Value) -> String {
    format!("/api/payments/{}/refunds", text(&payment["id"]))
}

#[tokio::test]
async fn money_goes_back_in_parts_and_never_twice() {
    let shop = Shop::open().await;
    let paid = charged(&shop, "renewal-1").await.body;
    let path = refunds(&paid);
    let part = json!({"amount": won(900), "reason": "반품", "refundableAmount": 9_900});
    let first = shop.post_once(&path, "r1", part.clone()).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.body["refund"]["status"], "succeeded");
    assert_eq!(first.body["refund"]["amount"], won(900));
    assert_eq!(first.body["payment"]["status"], "partially_canceled");
    assert_eq!(first.body["payment"]["balance"], 9_000);

    let again = shop.post_once(&path, "r1", part.clone()).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert!(again.replayed() && !first.replayed());
    assert_eq!(shop.toss.seen("cancel").len(), 1);

    // What the caller believed to be left is not any more.
    let stale = shop.post_once(&path, "r2", part.clone()).await;
    assert_eq!(
        (stale.status, stale.code()),
        (409, "CHECKOUT_INVALID_REQUEST")
    );
    assert!(
        stale.message().contains("9000 won are left"),
        "{}",
        stale.body
    );
    let seen = shop.call(Method::POST, path.as_str()).once("r3");
    let seen = seen
        .header("if-match", "\"1\"")
        .body(json!({"reason": "반품"}));
    let seen = seen.send().await;
    assert_eq!(
        (seen.status, seen.code()),
        (412, "CHECKOUT_REVISION_MISMATCH")
    );

    let revision = first.body["payment"]["revision"].to_string();
    let rest = shop.call(Method::POST, path.as_str()).once("r4");
    let rest = rest
        .header("if-match", &revision)
        .body(json!({"reason": "반품"}));
    let rest = rest.send().await;
    assert_eq!(
        (rest.status, &rest.body["payment"]["balance"]),
        (201, &json!(0))
    );
    assert_eq!(rest.body["payment"]["status"], "canceled");
    let all = shop.read(path.as_str()).await.body;
    let all = all["refunds"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(
        (&all[0]["reason"], &all[0]["origin"]),
        (&json!("반품"), &json!("api"))
    );
    let nothing = shop.post_once(&path, "r5", json!({"reason": "반품"})).await;
    assert_eq!(nothing.status, 409);
    assert_eq!(shop.toss.seen("cancel").len(), 2);
}

#[tokio::test]
async fn a_refund_that_is_wrong_is_told_what_and_may_come_again() {
    let shop = Shop::open().await;
    let paid = charged(&shop, "renewal-1").await.body;
    let path = refunds(&paid);
    let without = shop
        .call(Method::POST, path.as_str())
        .body(json!({"reason": "반품"}));
    let without = without.send().await;
    assert_eq!(without.status, 400);
    assert!(without.message().contains("Idempotency-Key is missing"));
    for (body, says) in [
        (json!({}), "reason"),
        (json!({"reason": " "}), "reason has 0 characters"),
        (
            json!({"reason": "x".repeat(201)}),
            "reason has 201 characters",
        ),
        (json!({"reason": "반품", "amount": 900}), "amount"),
        (
            json!({"reason": "반품", "amount": won(10_000)}),
            "9900 won are left",
        ),
        (
            json!({"reason": "반품", "ammount": won(1)}),
            "ammount is not a field",
        ),
        (
            json!({"reason": "반품", "refundReceiveAccount": {"bank": "20", "accountNumber": "1-2", "holderName": "김토스"}}),
            "accountNumber is not 1 to 20 digits",
        ),
    ] {
        // Nothing was done, so the key is not used up.
        let answer = shop.post_once(&path, "r1", body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "CHECKOUT_INVALID_REQUEST")
        );
        assert!(answer.message().contains(says), "{says}: {}", answer.body);
    }
    let right = shop.post_once(&path, "r1", json!({"reason": "반품"})).await;
    assert_eq!(right.status, 201);
    let nowhere = shop.post_once(
        "/api/payments/pay_x/refunds",
        "r2",
        json!({"reason": "반품"}),
    );
    assert_eq!(nowhere.await.status, 404);
}

#[tokio::test]
async fn a_refusal_of_toss_is_the_answer_for_ever() {
    let shop = Shop::open().await;
    let paid = charged(&shop, "renewal-1").await.body;
    let path = refunds(&paid);
    shop.toss
        .next([Fault::error(Endpoint::Cancel, 403).code("EXCEED_MAX_REFUND_DUE")]);
    let body = json!({"reason": "반품"});
    let refused = shop.post_once(&path, "r1", body.clone()).await;
    assert_eq!(
        (refused.status, refused.code()),
        (403, "EXCEED_MAX_REFUND_DUE")
    );
    assert_eq!(refused.body["retryable"], false);
    let again = shop.post_once(&path, "r1", body.clone()).await;
    assert_eq!((again.status, &again.body), (403, &refused.body));
    let read = shop
        .read(format!("/api/payments/{}", text(&paid["id"])))
        .await
        .body;
    assert_eq!(
        (&read["status"], &read["balance"]),
        (&json!("paid"), &json!(9_900))
    );
    assert_eq!(
        read["refunds"][0]["failure"]["code"],
        "EXCEED_MAX_REFUND_DUE"
    );
    // A new key is a new request.
    assert_eq!(shop.post_once(&path, "r2", body).await.status, 201);
}

#[tokio::test]
async fn a_refund_nobody_knows_of_is_202_until_it_is_known() {
    let shop = Shop::open().await;
    let paid = charged(&shop, "renewal-1").await.body;
    let path = refunds(&paid);
    shop.toss.next([Fault::error(Endpoint::Cancel, 500)
        .code("FAILED_REFUND_PROCESS")
        .work_after(Duration::from_secs(30))]);
    let body = json!({"reason": "반품", "amount": won(900)});
    let open = shop.post_once(&path, "r1", body.clone()).await;
    assert_eq!(
        (open.status, &open.body["refund"]["status"]),
        (202, &json!("pending"))
    );
    let other = shop.post_once(&path, "r2", json!({"reason": "반품"})).await;
    assert_eq!((other.status, other.code()), (409, "CHECKOUT_IN_PROGRESS"));
    assert_eq!(other.body["retryable"], true);
    // The key is bound to its request although there is no answer yet.
    let changed = shop.post_once(
        &path,
        "r1",
        json!({"reason": "다른 이유", "amount": won(900)}),
    );
    assert_eq!(changed.await.status, 422);
    shop.advance(Duration::from_secs(31));
    shop.until_payment("renewal-1", |payment| payment.balance == 9_000)
        .await;
    let known = shop.post_once(&path, "r1", body).await;
    assert_eq!(
        (known.status, &known.body["refund"]["status"]),
        (201, &json!("succeeded"))
    );
    assert_eq!(shop.toss.done("cancel"), 1);
    // The other one may go now, under its own key.
    assert_eq!(
        shop.post_once(&path, "r2", json!({"reason": "반품"}))
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn virtual_accounts_are_given_up_or_paid_back_to_an_account() {
    let shop = Shop::open().await;
    shop.webhooks_on();
    let waiting = shop.issued().await;
    let found = shop.read(format!("/api/payments?orderId={}", waiting.order_id));
    let payment = found.await.body["payments"][0].take();
    assert!(text(&payment["virtualAccount"]["accountNumber"]).starts_with('X'));
    let path = refunds(&payment);
    let given_up = shop.post_once(&path, "c1", json!({"reason": "주문 취소"}));
    assert_eq!(given_up.await.body["payment"]["status"], "canceled");
    shop.until(&waiting, "canceled").await;

    let deposited = shop.issued().await;
    shop.toss.deposit_for(&deposited.order_id);
    shop.until(&deposited, "paid").await;
    let found = shop.read(format!("/api/payments?orderId={}", deposited.order_id));
    let path = refunds(&found.await.body["payments"][0]);
    let mut body = json!({"reason": "반품"});
    let missing = shop.post_once(&path, "c2", body.clone()).await;
    assert_eq!(missing.status, 400);
    assert!(
        missing
            .message()
            .contains("refundReceiveAccount is missing")
    );
    body["refundReceiveAccount"] =
        json!({"bank": "20", "accountNumber": "1002123456789", "holderName": "김토스"});
    let back = shop.post_once(&path, "c2", body).await;
    assert_eq!(
        (back.status, &back.body["payment"]["balance"]),
        (201, &json!(0))
    );
    shop.until(&deposited, "canceled").await;
}

/// Part of it was given back in Toss's dashboard, and nobody here knows yet: Toss is told what is believed to
/// be left, and does not let the two add up.
#[tokio::test]
async fn a_refund_that_crosses_one_of_tosss_dashboard_is_refused_by_toss() {
    let shop = Shop::open().await;
    let paid = charged(&shop, "renewal-1").await.body;
    let cancel = format!(
        "{}/v1/payments/{}/cancel",
        shop.toss.url(),
        text(&paid["paymentKey"])
    );
    let dashboard = shop.http.post(cancel);
    let dashboard = dashboard.basic_auth("test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R", Some(""));
    let part = json!({"cancelReason": "반품", "cancelAmount": 5_000});
    let canceled = dashboard.json(&part).send().await.unwrap();
    assert_eq!(canceled.status(), 200);

    let body = json!({"amount": won(4_000), "reason": "반품", "refundableAmount": 9_900});
    let crossed = shop.post_once(&refunds(&paid), "r1", body).await;
    assert_eq!(
        (crossed.status, crossed.code()),
        (400, "NOT_MATCHES_REFUNDABLE_AMOUNT"),
        "{}",
        crossed.body
    );
    assert_eq!(shop.toss.payment_of("renewal-1")["balanceAmount"], 4_900);
}
