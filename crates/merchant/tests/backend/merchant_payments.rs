//! Payments through the merchant API.

use serde_json::{Value, json};
use toss_sandbox::{Endpoint, Fault};

use crate::{
    caller::Answer,
    support::{CUSTOMER, Shop, order, text},
};

pub(crate) fn won(value: u64) -> Value {
    json!({"value": value, "currency": "KRW"})
}

/// A registered card, charged once; answers the charge.
pub(crate) async fn charged(shop: &Shop, order_id: &str) -> Answer {
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
