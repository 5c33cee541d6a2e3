//! Registered cards and accounts, and charges of them, through the merchant API.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use toss_sandbox::{Endpoint, Fault};

use crate::support::{CUSTOMER, Shop, text};

/// A registered card, as the API shows it.
pub(crate) async fn card(shop: &Shop) -> Value {
    let session = shop.subscription(false).await;
    let auth = shop.toss.auth_key("CARD");
    assert_eq!(shop.billing(&session, &auth).await.0, 200);
    let list = shop.read(format!("/api/customers/{CUSTOMER}/payment-methods"));
    list.await.body["paymentMethods"][0].take()
}

pub(crate) fn path(method: &Value) -> String {
    format!("/api/payment-methods/{}", text(&method["id"]))
}

pub(crate) fn charge(order: &str, amount: u64) -> Value {
    json!({
        "orderId": order, "orderName": "12월 구독", "amount": {"value": amount, "currency": "KRW"},
        "customer": {"name": "김토스", "email": "customer@example.com"},
    })
}

#[tokio::test]
async fn a_customers_cards_are_listed_and_deleted() {
    let shop = Shop::open().await;
    let first = card(&shop).await;
    let second = card(&shop).await;
    assert_eq!(
        (&first["status"], &first["method"]),
        (&json!("active"), &json!("CARD"))
    );
    assert!(text(&first["card"]["number"]).contains('*'));
    assert!(first.get("billingKey").is_none() && first.get("sealedKey").is_none());
    let read = shop.read(path(&first)).await;
    assert_eq!((read.status, &read.body), (200, &first));

    let stale = shop
        .call(Method::DELETE, path(&first))
        .header("if-match", "7");
    let stale = stale.send().await;
    assert_eq!(
        (stale.status, stale.code()),
        (412, "CHECKOUT_REVISION_MISMATCH")
    );
    let revision = first["revision"].to_string();
    let gone = shop
        .call(Method::DELETE, path(&first))
        .header("if-match", &revision);
    let gone = gone.send().await;
    assert_eq!(
        (gone.status, &gone.body["status"]),
        (200, &json!("deleted"))
    );
    let again = shop.call(Method::DELETE, path(&first)).send().await;
    assert_eq!(
        (again.status, &again.body["status"]),
        (200, &json!("deleted"))
    );
    assert_eq!(shop.toss.seen("delete").len(), 1);

    let list = format!("/api/customers/{CUSTOMER}/payment-methods");
    let left = shop.read(list.as_str()).await.body;
    let left = left["paymentMethods"].as_array().unwrap();
    assert_eq!((left.len(), &left[0]["id"]), (1, &second["id"]));
    let all = shop.read(format!("{list}?deleted=true")).await.body;
    assert_eq!(all["paymentMethods"].as_array().unwrap().len(), 2);
    let nobody = shop
        .read("/api/customers/somebody-else/payment-methods")
        .await;
    assert_eq!(
        (nobody.status, nobody.body),
        (200, json!({"paymentMethods": []}))
    );
    assert_eq!(shop.read("/api/payment-methods/pm_x").await.status, 404);
    let unknown = shop
        .call(Method::DELETE, "/api/payment-methods/pm_x")
        .send()
        .await;
    assert_eq!(unknown.status, 404);
    let deleted = format!("{}/charges", path(&first));
    assert_eq!(
        shop.post_once(&deleted, "c1", charge("renewal-9", 100))
            .await
            .status,
        409
    );
}

#[tokio::test]
async fn a_deletion_that_toss_has_not_confirmed_is_202_and_goes_on() {
    let shop = Shop::open().await;
    let card = card(&shop).await;
    shop.toss.next([Fault::reset(Endpoint::Delete)]);
    let deleting = shop.call(Method::DELETE, path(&card)).send().await;
    assert_eq!(
        (deleting.status, &deleting.body["status"]),
        (202, &json!("deleting"))
    );
    let charges = format!("{}/charges", path(&card));
    let refused = shop.post_once(&charges, "c1", charge("renewal-1", 900));
    assert_eq!(refused.await.status, 409);
    shop.advance(Duration::from_secs(10));
    for _ in 0..200 {
        if shop.read(path(&card)).await.body["status"] == "deleted" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never deleted");
}

#[tokio::test]
async fn a_card_is_charged_once_per_order() {
    let shop = Shop::open().await;
    let card = card(&shop).await;
    let charges = format!("{}/charges", path(&card));
    let first = shop
        .post_once(&charges, "c1", charge("renewal-1", 9_900))
        .await;
    assert_eq!((first.status, &first.body["status"]), (201, &json!("paid")));
    let sent = &shop.toss.seen("charge")[0].body;
    assert_eq!(
        (&sent["customerName"], &sent["amount"]),
        (&json!("김토스"), &json!(9_900))
    );
    // Without an idempotency key the order number is one.
    let post = |body: Value| shop.call(Method::POST, charges.as_str()).body(body).send();
    let same = post(charge("renewal-1", 9_900)).await;
    assert_eq!((same.status, &same.body["id"]), (201, &first.body["id"]));
    let other = post(charge("renewal-1", 100)).await;
    assert_eq!(other.status, 409);
    assert!(other.message().contains("orderId was used before"));
    assert_eq!(shop.toss.done("charge"), 1);

    for (change, says) in [
        (json!({"orderId": "x"}), "orderId has 1 characters"),
        (json!({"orderName": ""}), "orderName is empty"),
        (
            json!({"amount": {"value": 99, "currency": "KRW"}}),
            "amount: ",
        ),
        (json!({"customer": {"email": "nobody"}}), "customer.email"),
        (json!({"installment": 3}), "installment is not a field"),
    ] {
        let mut body = charge("renewal-2", 9_900);
        for (field, value) in change.as_object().unwrap() {
            body[field] = value.clone();
        }
        let answer = shop.post_once(&charges, "c2", body).await;
        assert_eq!(answer.status, 400, "{says}");
        assert!(answer.message().contains(says), "{says}: {}", answer.body);
    }
    let nobody = shop.post_once(
        "/api/payment-methods/pm_x/charges",
        "c3",
        charge("renewal-3", 900),
    );
    assert_eq!(nobody.await.status, 404);
}

#[tokio::test]
async fn a_declined_charge_says_why_and_its_order_is_used_up() {
    let shop = Shop::open().await;
    let card = card(&shop).await;
    let charges = format!("{}/charges", path(&card));
    shop.toss
        .next([Fault::error(Endpoint::Charge, 403).code("REJECT_CARD_PAYMENT")]);
    let declined = shop
        .post_once(&charges, "c1", charge("renewal-1", 9_900))
        .await;
    assert_eq!(
        (declined.status, declined.code()),
        (403, "REJECT_CARD_PAYMENT")
    );
    let again = shop
        .post_once(&charges, "c1", charge("renewal-1", 9_900))
        .await;
    assert_eq!((again.status, &again.body), (403, &declined.body));
    let found = shop.read("/api/payments?orderId=renewal-1").await.body;
    let payment = &found["payments"][0];
    assert_eq!(
        (&payment["status"], &payment["balance"]),
        (&json!("failed"), &json!(0))
    );
    assert_eq!(payment["failure"]["class"], "soft");
    let detail = shop
        .read(format!("/api/payments/{}", text(&payment["id"])))
        .await
        .body;
    let attempt = &detail["attempts"][0];
    assert_eq!(
        (&attempt["status"], &attempt["failure"]["code"]),
        (&json!("declined"), &json!("REJECT_CARD_PAYMENT"))
    );
    let retry = shop
        .post_once(&charges, "c2", charge("renewal-1-2", 9_900))
        .await;
    assert_eq!(retry.status, 201);

    shop.toss
        .next([Fault::error(Endpoint::Charge, 403).code("INVALID_CARD_LOST_OR_STOLEN")]);
    let lost = shop
        .post_once(&charges, "c3", charge("renewal-2", 9_900))
        .await;
    assert_eq!(lost.code(), "INVALID_CARD_LOST_OR_STOLEN");
    let dead = shop.read(path(&card)).await.body;
    assert_eq!(
        (&dead["status"], &dead["deadCode"]),
        (&json!("dead"), &json!("INVALID_CARD_LOST_OR_STOLEN"))
    );
}

#[tokio::test]
async fn a_charge_nobody_knows_of_is_202_until_it_is_known() {
    let shop = Shop::open().await;
    let card = card(&shop).await;
    let charges = format!("{}/charges", path(&card));
    shop.toss
        .next([Fault::error(Endpoint::Charge, 500).work_after(Duration::from_secs(30))]);
    let open = shop
        .post_once(&charges, "c1", charge("renewal-1", 9_900))
        .await;
    assert_eq!(
        (open.status, &open.body["status"]),
        (202, &json!("unknown"))
    );
    shop.advance(Duration::from_secs(31));
    shop.until_payment("renewal-1", |payment| payment.status.has_money())
        .await;
    let known = shop
        .post_once(&charges, "c1", charge("renewal-1", 9_900))
        .await;
    assert_eq!((known.status, &known.body["status"]), (201, &json!("paid")));
    assert_eq!(shop.toss.done("charge"), 1);
}
