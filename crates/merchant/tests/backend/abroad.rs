//! Payments in dollars, by an easy pay service abroad.

use serde_json::{Value, json};
use toss_checkout_contract::{Amount, Currency};
use toss_merchant::{
    application::{RefundRequest, error::UseCaseError, refund_payment},
    domain::payment::Payment,
};

use crate::support::{CUSTOMER, Session, Shop};

fn dollars(cents: u64) -> Amount {
    Amount::new(cents, Currency::Usd).unwrap()
}

async fn order(shop: &Shop, price: f64) -> Session {
    shop.create(json!({
        "kind": "payment", "orderName": "Sticker pack", "customerKey": CUSTOMER,
        "amount": {"value": price, "currency": "USD"}, "foreignEasyPay": {"country": "US"},
    }))
    .await
}

async fn confirm(shop: &Shop, session: &Session, key: &str, amount: f64) -> (u16, Value) {
    let body = json!({"paymentKey": key, "orderId": session.order_id, "amount": amount});
    shop.post(session, "confirm", body).await
}

async fn paid(shop: &Shop) -> Payment {
    let session = order(shop, 12.5).await;
    let asked = json!({
        "method": "FOREIGN_EASY_PAY", "amount": {"value": 12.5, "currency": "USD"},
        "foreignEasyPay": {"provider": "PAYPAL", "country": "US"},
    });
    let key = shop.toss.authenticate_with(&session.order_id, &asked);

    for other in [12.0, 1250.0, 12.51] {
        let (status, body) = confirm(shop, &session, &key, other).await;
        let mismatch = json!("CHECKOUT_AMOUNT_MISMATCH");
        assert_eq!((status, &body["code"]), (422, &mismatch), "{other}");
    }
    let (status, body) = confirm(shop, &session, &key, 12.5).await;

    assert_eq!((status, &body["status"]), (200, &json!("paid")), "{body}");
    assert_eq!(body["result"]["method"], "FOREIGN_EASY_PAY");
    assert_eq!(body["amount"], json!({"value": 12.5, "currency": "USD"}));
    assert_eq!(shop.toss.seen("confirm")[0].body["amount"], json!(12.5));
    shop.payment(&session.order_id).await
}

#[tokio::test]
async fn dollars_are_paid_and_go_back_in_dollars() {
    let shop = Shop::open().await;
    let payment = paid(&shop).await;
    assert_eq!((payment.amount, payment.balance), (dollars(1_250), 1_250));
    let refund = |key: &str, amount| RefundRequest {
        payment_id: payment.id.clone(),
        request_key: key.to_owned(),
        amount,
        reason: "returned".to_owned(),
        expected_balance: None,
        expected_revision: None,
        account: None,
    };
    let services = &shop.state().services;

    let won = refund("1", Some(Amount::won(100).unwrap()));
    let refused = refund_payment(services, &won).await;
    assert!(matches!(refused, Err(UseCaseError::Invalid(said)) if said.contains("made in USD")));

    let part = refund_payment(services, &refund("2", Some(dollars(250))))
        .await
        .unwrap();
    assert_eq!(part.status.as_str(), "succeeded");
    let rest = refund_payment(services, &refund("3", None)).await.unwrap();
    assert_eq!(
        (rest.status.as_str(), rest.amount),
        ("succeeded", dollars(1_000))
    );

    let asked = shop.toss.seen("cancel");
    let sent = ["cancelAmount", "currency", "refundableAmount"];
    let sent = |at: usize| sent.map(|field| asked[at].body[field].clone());
    assert_eq!(sent(0), [json!(2.5), json!("USD"), json!(12.5)]);
    assert_eq!(sent(1), [json!(10), json!("USD"), json!(10)]);
    let after = shop.payment(payment.order_id.as_str()).await;
    assert_eq!((after.status.as_str(), after.balance), ("canceled", 0));

    // Operators and bookkeeping read dollars, not cents that are called won or dollars.
    let listed = crate::operator::good(&shop, &["payments", "list"]).await;
    assert!(listed.contains("  12.50 USD, 0 left"), "{listed}");
    let export = async |what| {
        let lines = crate::operator::good(&shop, &["export", what]).await;
        serde_json::from_str::<Value>(lines.lines().next().unwrap()).unwrap()
    };
    let payment = export("payments").await;
    assert_eq!(
        (&payment["amount"], &payment["balance"]),
        (&json!(12.5), &json!(0))
    );
    assert_eq!(export("refunds").await["amount"], json!(2.5));
}

#[tokio::test]
async fn the_same_number_in_won_does_not_pay_dollars() {
    let shop = Shop::open().await;
    let session = order(&shop, 150.0).await;
    // Whoever has the page's public key can open a window of their own for this order.
    let cheap = json!({"method": "CARD", "amount": {"value": 150, "currency": "KRW"}});
    let key = shop.toss.authenticate_with(&session.order_id, &cheap);

    let (status, body) = confirm(&shop, &session, &key, 150.0).await;

    assert_eq!(
        (status, &body["status"]),
        (202, &json!("unknown")),
        "{body}"
    );
    let told = shop
        .until_payment(&session.order_id, |payment| {
            payment.needs_attention.is_some()
        })
        .await;
    assert!(
        told.needs_attention
            .unwrap()
            .contains("its currency is not the stored one")
    );
    assert_eq!(told.status.as_str(), "unknown");
}
