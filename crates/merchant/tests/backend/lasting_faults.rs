//! Server errors with a code. What was answered so may be carried out all the same, so nobody is told that it
//! was refused; but Toss binds its answer to the `Idempotency-Key`, and one that is given twice stays.

use std::time::Duration;

use serde_json::{Value, json};
use toss_checkout_contract::SessionId;
use toss_sandbox::{Endpoint, Fault};

use crate::support::{API_KEY, Session, Shop, text};

/// After this a look tells what came of a charge or cancel.
const SETTLED: Duration = Duration::from_secs(91);

const LASTING: &str = "FAILED_CARD_COMPANY_RESPONSE";

/// Waits until it is written down that the request was answered with a fault again.
async fn until_noted(shop: &Shop, order: &str) {
    let payment = shop.payment(order).await;
    for _ in 0..400 {
        let attempts = shop.state().records.attempts_of_payment(&payment.id).await;
        if attempts
            .unwrap()
            .iter()
            .any(|it| it.is_open() && it.failure.is_some())
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let attempts = shop.state().records.attempts_of_payment(&payment.id).await;
    panic!("never noted: {attempts:#?}\n{:#?}", shop.toss.requests());
}

/// The order number of the charge that follows the registration, of which nobody knows.
async fn first_charge(shop: &Shop, session: &Session, auth: &str) -> String {
    let (_, body) = shop.billing(session, auth).await;
    assert_eq!(body["result"]["charge"]["status"], "unknown", "{body}");
    text(&body["result"]["charge"]["orderId"])
}

#[tokio::test]
async fn a_charge_with_the_same_fault_twice_is_declined_once_a_look_says_so() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    // Its issuer always answers 500.
    let auth = shop
        .toss
        .auth_key_with("CARD", &[("number", "9410000000000004")]);
    let order = first_charge(&shop, &session, &auth).await;
    shop.advance(SETTLED);
    until_noted(&shop, &order).await;
    let looked = shop.toss.seen("lookup").len();
    let shown = shop.get(&session).await["result"]["charge"].clone();
    assert_eq!(
        (&shown["status"], &shown["failure"]),
        (&json!("unknown"), &Value::Null)
    );
    shop.advance(SETTLED);
    let payment = shop
        .until_payment(&order, |payment| payment.status.as_str() == "failed")
        .await;
    assert_eq!(payment.needs_attention, None);
    let charge = shop.get(&session).await["result"]["charge"].clone();
    assert_eq!(charge["status"], "declined");
    assert_eq!(charge["failure"]["code"], LASTING);
    assert!(shop.toss.seen("lookup").len() > looked);
    let sent = shop.toss.seen("charge");
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].idempotency_key, sent[1].idempotency_key);
    assert_eq!(
        shop.events().await,
        ["payment_method.registered", "charge.failed"]
    );
    // The card may be charged again, by another number.
    let method = shop.method(&session).await;
    assert_eq!(method.status.as_str(), "active");
}

#[tokio::test]
async fn a_charge_that_is_carried_out_after_its_second_fault_is_found() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss.next([
        Fault::error(Endpoint::Charge, 500).code(LASTING),
        Fault::error(Endpoint::Charge, 500)
            .code(LASTING)
            .work_after(Duration::from_mins(1)),
    ]);
    let auth = shop.toss.auth_key("CARD");
    let order = first_charge(&shop, &session, &auth).await;
    shop.advance(SETTLED);
    until_noted(&shop, &order).await;
    shop.advance(SETTLED);
    shop.until(&session, "active").await;
    assert_eq!(
        (shop.toss.seen("charge").len(), shop.toss.done("charge")),
        (2, 1)
    );
    let payment = shop.payment(&order).await;
    let attempts = shop.state().records.attempts_of_payment(&payment.id).await;
    assert_eq!(attempts.unwrap()[0].failure, None, "a fault that was none");
    assert_eq!(payment.needs_attention, None);
}

#[tokio::test]
async fn a_confirm_with_the_same_fault_twice_fails_and_the_buyer_may_try_again() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    let fault =
        || Fault::error(Endpoint::Confirm, 500).code("FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING");
    shop.toss.next([fault(), fault()]);
    assert_eq!(shop.confirm(&session, &key).await.0, 202);
    shop.advance(Duration::from_secs(16));
    until_noted(&shop, &session.order_id).await;
    shop.advance(Duration::from_secs(16));
    shop.until(&session, "failed").await;
    let (status, body) = shop.confirm(&session, &key).await;
    assert_eq!(
        (status, &body["code"]),
        (400, &json!("FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"))
    );
    let again = shop.toss.authenticate(&session.order_id);
    assert_eq!(shop.confirm(&session, &again).await.0, 200);
    assert_eq!(shop.toss.done("confirm"), 1);
}

#[tokio::test]
async fn a_refund_with_the_same_fault_twice_is_declined_and_makes_room_for_another() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    let payment = shop.payment(&session.order_id).await;
    let fault = || Fault::error(Endpoint::Cancel, 500).code("FAILED_PARTIAL_REFUND");
    shop.toss.next([fault(), fault()]);
    let refund = |key: &'static str| {
        shop.http
            .post(shop.url(&format!("/api/payments/{}/refunds", payment.id)))
            .bearer_auth(API_KEY)
            .header("Idempotency-Key", key)
            .json(&json!({"reason": "반품"}))
            .send()
    };
    assert_eq!(refund("r1").await.unwrap().status(), 202);
    shop.advance(SETTLED);
    until_noted(&shop, &session.order_id).await;
    shop.advance(SETTLED);
    let mut answer = refund("r1").await.unwrap();
    for _ in 0..400 {
        if answer.status() != 202 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
        answer = refund("r1").await.unwrap();
    }
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(
        (status.as_u16(), &body["code"]),
        (400, &json!("FAILED_PARTIAL_REFUND"))
    );
    assert_eq!(refund("r2").await.unwrap().status(), 201);
    assert_eq!(
        (shop.toss.seen("cancel").len(), shop.toss.done("cancel")),
        (3, 1)
    );
}

/// What an operator has Toss asked seconds after the fault says nothing yet: the refund was called refused, and
/// was carried out.
#[tokio::test]
async fn a_refund_that_is_asked_about_right_after_its_second_fault_stays_open() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    let payment = shop.payment(&session.order_id).await;
    let fault = || Fault::error(Endpoint::Cancel, 500).code("FAILED_PARTIAL_REFUND");
    shop.toss
        .next([fault(), fault().work_after(Duration::from_mins(1))]);
    let path = format!("/api/payments/{}/refunds", payment.id);
    let refund = shop
        .http
        .post(shop.url(&path))
        .bearer_auth(API_KEY)
        .header("Idempotency-Key", "r1")
        .json(&json!({"reason": "반품"}));
    assert_eq!(refund.send().await.unwrap().status(), 202);
    shop.advance(SETTLED);
    until_noted(&shop, &session.order_id).await;
    let ask = ["payments", "resolve", &session.order_id, "--ask"];
    let shown = crate::operator::good(&shop, &ask).await;
    assert!(shown.contains("cancel unknown"), "{shown}");
    shop.advance(SETTLED);
    shop.until(&session, "canceled").await;
    let refunds = shop.state().records.refunds(&payment.id).await.unwrap();
    assert_eq!(
        (refunds.len(), refunds[0].status.as_str()),
        (1, "succeeded")
    );
    assert_eq!(shop.toss.done("cancel"), 1);
}

/// The one look that a refusal for a fault is owed must not be used up by an earlier one.
#[tokio::test]
async fn a_confirm_that_is_asked_about_before_it_is_known_is_asked_about_again() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss
        .next([Fault::error(Endpoint::Confirm, 400).code("PROVIDER_ERROR")]);
    assert_eq!(shop.confirm(&session, &key).await.0, 400);
    let ask = ["payments", "resolve", &session.order_id, "--ask"];
    let shown = crate::operator::good(&shop, &ask).await;
    assert!(shown.contains("failed"), "{shown}");
    let request = shop.toss.seen("confirm").pop().unwrap().body;
    let carried_out = shop
        .http
        .post(format!("{}/v1/payments/confirm", shop.toss.url()))
        .basic_auth(shop.toss.secret_key(), Some(""))
        .json(&request)
        .send();
    assert_eq!(carried_out.await.unwrap().status(), 200);
    shop.advance(Duration::from_secs(16));
    let payment = shop
        .until_payment(&session.order_id, |payment| payment.status.has_outcome())
        .await;
    assert_eq!(payment.status.as_str(), "waiting_for_deposit");
}

#[tokio::test]
async fn a_registration_with_the_same_fault_again_and_again_fails() {
    let shop = Shop::open().await;
    let session = shop.subscription(false).await;
    let auth = shop
        .toss
        .auth_key_with("CARD", &[("number", "9410000000000016")]);
    let (status, body) = shop.billing(&session, &auth).await;
    assert_eq!((status, &body["status"]), (202, &json!("unknown")));
    let id = SessionId::new(session.id.as_str()).unwrap();
    // Each time it is put off until later, which the clock may have passed already.
    'open: for _ in 0..10 {
        shop.advance(SETTLED);
        for _ in 0..20 {
            let attempts = shop.state().records.attempts_of_session(&id).await;
            if !attempts.unwrap()[0].is_open() {
                break 'open;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
    let failed = shop.until(&session, "failed").await;
    assert_eq!(failed["result"]["failure"]["code"], "COMMON_ERROR");
}

/// Its lease was over when it went on: it sent the request that another worker was sending, and what each of
/// them was answered was lost.
#[tokio::test]
async fn a_worker_that_stood_still_past_its_lease_does_not_send_again() {
    let shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss
        .next([Fault::error(Endpoint::Charge, 500).code(LASTING)]);
    let auth = shop.toss.auth_key("CARD");
    first_charge(&shop, &session, &auth).await;
    // Two workers wait for their look-ups; the first of them does so past its lease.
    shop.toss.next([
        Fault::delay(Endpoint::Lookup, 800).times(2),
        Fault::delay(Endpoint::Charge, 400),
    ]);
    shop.advance(SETTLED);
    let looked = shop.toss.seen("lookup").len();
    shop.until_seen("lookup", looked + 1).await;
    shop.advance(Duration::from_secs(30));
    shop.until(&session, "active").await;
    assert_eq!(
        (shop.toss.seen("charge").len(), shop.toss.done("charge")),
        (2, 1)
    );
}
