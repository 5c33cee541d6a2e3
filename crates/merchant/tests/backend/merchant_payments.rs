//! Payments and refunds through the merchant API.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use toss_sandbox::{Endpoint, Fault};

use crate::{
    caller::Answer,
    support::{CUSTOMER, Shop, order, text},
};

fn won(value: u64) -> Value {
    json!({"value": value, "currency": "KRW"})
}

/// A registered card, charged once; answers the charge.
async fn charged(shop: &Shop, order_id: &str) -> Answer {
    let session = shop.subscription(false).await;
    let auth = shop.toss.auth_key("CARD");
    assert_eq!(shop.billing(&session, &auth).await.0, 200);
    let method = shop.method(&session).await;
    let path = format!("/api/payment-methods/{}/charges", method.id);
    let body = json!({"orderId": order_id, "orderName": "12월 구독", "amount": won(9_900)});
    let answer = shop.post_once(&path, order_id, body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer
}

fn refunds(payment: &Value) -> String {
    format!("/api/payments/{}/refunds", text(&payment["id"]))
}

fn ids(page: &Value) -> Vec<String> {
    let payments = page["payments"].as_array().unwrap();
    payments
        .iter()
        .map(|payment| text(&payment["id"]))
        .collect()
}

#[tokio::test]
async fn a_back_office_reads_everything_about_a_payment() {
    let shop = Shop::open().await;
    let paid = charged(&shop, "renewal-1").await.body;
    let path = format!("/api/payments/{}", text(&paid["id"]));
    let read = shop.read(path).await;
    assert_eq!((read.status, &read.body), (200, &paid));
    assert_eq!(read.headers["etag"], format!("\"{}\"", paid["revision"]));
    for (field, value) in [
        ("orderId", json!("renewal-1")),
        ("purpose", json!("manual_charge")),
        ("status", json!("paid")),
        ("amount", won(9_900)),
        ("balance", json!(9_900)),
        ("customerKey", json!(CUSTOMER)),
        ("method", json!("CARD")),
        ("surplus", json!(false)),
        ("refunds", json!([])),
    ] {
        assert_eq!(paid[field], value, "{field}");
    }
    assert!(text(&paid["receiptUrl"]).starts_with("https://"));
    assert!(text(&paid["card"]["number"]).contains('*'));
    let attempts = paid["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 1);
    assert_eq!(
        (&attempts[0]["kind"], &attempts[0]["status"]),
        (&json!("charge"), &json!("succeeded"))
    );
    assert_eq!(shop.read("/api/payments/pay_x").await.status, 404);
}

#[tokio::test]
async fn a_cash_receipt_can_be_read() {
    let shop = Shop::open().await;
    shop.webhooks_on();
    let session = shop.issued().await;
    shop.toss.deposit_for(&session.order_id);
    shop.until(&session, "paid").await;
    let found = shop.read(format!("/api/payments?orderId={}", session.order_id));
    let receipt = &found.await.body["payments"][0]["cashReceipt"];
    assert!(!text(&receipt["issueNumber"]).is_empty(), "{receipt}");
    assert_eq!(receipt["type"], "소득공제");
    assert!(text(&receipt["receiptUrl"]).starts_with("https://"));
}

#[tokio::test]
async fn payments_are_searched_and_listed_in_pages() {
    let shop = Shop::open().await;
    let mut made = Vec::new();
    for number in 0..3 {
        let mut order = order();
        order["orderId"] = json!(format!("order-{number}"));
        made.push(shop.create(order).await);
    }
    let paid = charged(&shop, "renewal-1").await.body;
    let list = async |query: &str| shop.read(format!("/api/payments?{query}")).await;
    let first = list("limit=2").await.body;
    assert_eq!(ids(&first)[0], text(&paid["id"]));
    let next = text(&first["next"]);
    assert_eq!(ids(&first)[1], next);
    let rest = list(&format!("limit=2&before={next}")).await.body;
    assert_eq!(ids(&rest).len(), 2);
    assert!(rest.get("next").is_none(), "that was all");

    let method = text(&paid["paymentMethodId"]);
    let now = text(&paid["createdAt"]);
    for (query, found) in [
        (format!("customerKey={CUSTOMER}"), 4),
        ("customerKey=somebody-else".to_owned(), 0),
        ("orderId=order-1".to_owned(), 1),
        (format!("paymentMethodId={method}"), 1),
        ("status=paid".to_owned(), 1),
        ("status=ready".to_owned(), 3),
        ("needsAttention=true".to_owned(), 0),
        (
            "from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z".to_owned(),
            0,
        ),
        // A plus sign that nobody encoded.
        (
            format!("from=2020-01-01T00:00:00Z&to={now}&status=failed"),
            0,
        ),
        ("from=2020-01-01T00:00:00+09:00".to_owned(), 4),
    ] {
        let answer = list(&query).await;
        assert_eq!(
            (answer.status, ids(&answer.body).len()),
            (200, found),
            "{query}"
        );
    }
    for bad in [
        "limit=0",
        "limit=101",
        "status=payed",
        "from=soon",
        "before=pay_nobody",
        "orderId=x",
        "page=2",
        "needsAttention=maybe",
    ] {
        let answer = list(bad).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "CHECKOUT_INVALID_REQUEST"),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn what_needs_a_human_is_found_with_its_reason() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss
        .next([Fault::error(Endpoint::Confirm, 403).code("REJECT_ACCOUNT_PAYMENT")]);
    assert_eq!(shop.confirm(&session, &key).await.0, 403);
    let nothing = shop.read("/api/payments?needsAttention=true").await;
    assert_eq!(ids(&nothing.body).len(), 0);
    // It was refused to us; another program with the same key carries it out all the same.
    let confirm = format!("{}/v1/payments/confirm", shop.toss.url());
    let request = shop.http.post(confirm);
    let request = request.basic_auth(shop.toss.secret_key(), Some(""));
    let body = json!({"paymentKey": key, "orderId": session.order_id, "amount": 15_000});
    assert_eq!(request.json(&body).send().await.unwrap().status(), 200);
    let status = shop
        .webhook("w1", &session.order_id, "WAITING_FOR_DEPOSIT", "x")
        .await;
    assert_eq!(status, 200);
    shop.until_payment(&session.order_id, |payment| {
        payment.needs_attention.is_some()
    })
    .await;
    let found = shop.read("/api/payments?needsAttention=true").await.body;
    let found = &found["payments"][0];
    assert_eq!(found["orderId"], json!(session.order_id));
    assert!(text(&found["needsAttention"]).contains("all the same"));
    let path = format!("/api/payments/{}", text(&found["id"]));
    let detail = shop.read(path).await.body;
    assert_eq!(detail["surplus"], true);
    assert_eq!(detail["attempts"][0]["status"], "surplus");
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
