//! Rows that cannot be read, and requests that come again.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use crate::support::{API_KEY, Shop, order, text};

async fn execute(shop: &Shop, sql: &str) {
    let database = Database::connect(shop.database.url()).await.unwrap();
    database.execute_unprepared(sql).await.unwrap();
    database.close().await.unwrap();
}

/// A status of a later version stopped everything that happens unasked, and the list answered 500.
#[tokio::test]
async fn a_row_that_cannot_be_read_stops_no_other() {
    let shop = Shop::open().await;
    let broken = shop.issued().await;
    let session = shop.issued().await;
    let open = shop.order().await;
    execute(
        &shop,
        &format!(
            "UPDATE payments SET status = 'added_later' WHERE order_id = '{}'",
            broken.order_id
        ),
    )
    .await;
    execute(
        &shop,
        &format!(
            "UPDATE sessions SET methods = '[\"ADDED_LATER\"]' WHERE id = '{}'",
            broken.id
        ),
    )
    .await;
    shop.toss.deposit_for(&session.order_id);
    shop.advance(Duration::from_mins(70));
    shop.until(&session, "paid").await;
    shop.until(&open, "expired").await;
    let list = shop
        .http
        .get(shop.url("/api/sessions"))
        .bearer_auth(API_KEY)
        .send()
        .await
        .unwrap();
    assert_eq!(list.status(), 200);
    let body: Value = list.json().await.unwrap();
    assert_eq!(body["sessions"].as_array().unwrap().len(), 2, "{body}");
}

async fn create(shop: &Shop, key: &str, body: &Value) -> (u16, Value) {
    let answer = shop
        .http
        .post(shop.url("/api/sessions"))
        .bearer_auth(API_KEY)
        .header("idempotency-key", key)
        .json(body)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_repeated_create_is_answered_before_anything_is_checked() {
    let shop = Shop::open().await;
    let due = shop.state().now().plus(Duration::from_hours(2)).kst();
    let due = due.as_str().strip_suffix("+09:00").unwrap().to_owned();
    let mut body = order();
    body["virtualAccount"] = json!({"dueDate": due});
    let (status, first) = create(&shop, "k1", &body).await;
    assert_eq!(status, 201, "{first}");
    // The due date has passed since; and a year later it is still the same request.
    for wait in [3, 24 * 365] {
        shop.advance(Duration::from_hours(wait));
        let (status, again) = create(&shop, "k1", &body).await;
        assert_eq!(status, 200, "{again}");
        assert_eq!(again["session"]["id"], first["session"]["id"]);
    }
    body["orderName"] = json!("모자");
    let (status, other) = create(&shop, "k1", &body).await;
    assert_eq!(status, 422, "{other}");
}

#[tokio::test]
async fn what_toss_would_refuse_later_is_refused_at_once() {
    let shop = Shop::open().await;
    let with = |field: &str, value: Value| {
        let mut body = order();
        body[field] = value;
        body
    };
    for (body, says) in [
        (
            with("amount", json!({"value": 199, "currency": "KRW"})),
            "199 KRW is less than the 200 won",
        ),
        (
            with("amount", json!(15_000)),
            "amount is 15000; an object with value, currency is needed",
        ),
        (
            with("customerKey", json!("kim@example.com")),
            "looks like an e-mail address",
        ),
        (
            with("customerKey", json!("010-1234-5678")),
            "looks like a phone number",
        ),
        (with("orderName", json!("a\u{202E}b")), "U+202E"),
    ] {
        let answer = shop.create_raw(&body).await;
        assert_eq!(answer.status(), 400);
        let body: Value = answer.json().await.unwrap();
        let message = text(&body["message"]);
        assert!(message.contains(says), "{message}");
    }
}
