//! Money that goes back, charges that the merchant asks for, cards that are deleted.

use std::{sync::Arc, time::Duration};

use toss_checkout_contract::{Amount, Customer, OrderId};
use toss_merchant::{
    application::{
        ChargeRequest, RefundRequest, charge_method, delete_method, error::UseCaseError,
        provider::RefundAccount, refund_payment, services::Services,
    },
    domain::payment::Payment,
};
use toss_sandbox::{Endpoint, Fault};

use crate::support::Shop;

fn won(value: u64) -> Amount {
    Amount::won(value).unwrap()
}

fn services(shop: &Shop) -> &Arc<Services> {
    &shop.state().services
}

async fn charged(shop: &Shop) -> Payment {
    let session = shop.subscription(false).await;
    let auth = shop.toss.auth_key("CARD");
    assert_eq!(shop.billing(&session, &auth).await.0, 200);
    let method = shop.method(&session).await;
    let request = ChargeRequest {
        payment_method_id: method.id,
        order_id: OrderId::new("renewal-1").unwrap(),
        amount: won(9_900),
        order_name: "12월 구독".to_owned(),
        customer: Customer::default(),
    };
    let payment = charge_method(services(shop), &request).await.unwrap();
    assert_eq!(payment.status.as_str(), "paid");
    assert_eq!(
        charge_method(services(shop), &request).await.unwrap().id,
        payment.id
    );
    let mut other = request.clone();
    other.amount = won(100);
    assert!(matches!(
        charge_method(services(shop), &other).await,
        Err(UseCaseError::OrderUsed)
    ));
    assert_eq!(shop.toss.seen("charge").len(), 1);
    payment
}

fn refund(payment: &Payment, key: &str, amount: Option<u64>) -> RefundRequest {
    RefundRequest {
        payment_id: payment.id.clone(),
        request_key: key.to_owned(),
        amount: amount.map(won),
        reason: "반품".to_owned(),
        expected_balance: None,
        expected_revision: None,
        account: None,
    }
}

#[tokio::test]
async fn a_payment_is_refunded_in_parts_once_per_key() {
    let shop = Shop::open().await;
    let payment = charged(&shop).await;
    let part = refund(&payment, "r1", Some(900));
    let first = refund_payment(services(&shop), &part).await.unwrap();
    assert_eq!(first.status.as_str(), "succeeded");
    assert!(first.transaction_key.is_some());
    let again = refund_payment(services(&shop), &part).await.unwrap();
    assert_eq!(again, first);
    assert_eq!(shop.toss.seen("cancel").len(), 1);
    let left = shop.payment("renewal-1").await;
    assert_eq!(
        (left.status.as_str(), left.balance),
        ("partially_canceled", 9_000)
    );

    let rest = refund(&payment, "r2", None);
    assert_eq!(
        refund_payment(services(&shop), &rest).await.unwrap().amount,
        won(9_000)
    );
    let left = shop.payment("renewal-1").await;
    assert_eq!((left.status.as_str(), left.balance), ("canceled", 0));
    let nothing = refund_payment(services(&shop), &refund(&payment, "r3", None)).await;
    assert!(matches!(nothing, Err(UseCaseError::Conflict(_))));
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_found_and_not_repeated() {
    let shop = Shop::open().await;
    let payment = charged(&shop).await;
    shop.toss.next([Fault::lost_response(Endpoint::Cancel)]);
    let asked = refund(&payment, "r1", Some(900));
    let refund = refund_payment(services(&shop), &asked).await.unwrap();
    assert_eq!(refund.status.as_str(), "succeeded");
    assert_eq!(shop.toss.seen("cancel").len(), 1);
}

#[tokio::test]
async fn a_refund_that_is_answered_500_and_made_later_is_made_once() {
    let shop = Shop::open().await;
    let payment = charged(&shop).await;
    shop.toss.next([Fault::error(Endpoint::Cancel, 500)
        .code("FAILED_REFUND_PROCESS")
        .work_after(Duration::from_secs(30))]);
    let asked = refund(&payment, "r1", Some(900));
    let pending = refund_payment(services(&shop), &asked).await.unwrap();
    assert_eq!(pending.status.as_str(), "pending");
    // While nobody knows, no other refund of the payment begins.
    let other = refund_payment(services(&shop), &refund(&payment, "r2", Some(1))).await;
    assert!(matches!(other, Err(UseCaseError::Busy(_))));
    shop.advance(Duration::from_secs(31));
    let left = shop
        .until_payment("renewal-1", |payment| payment.balance == 9_000)
        .await;
    let refunds = shop.state().records.refunds(&left.id).await.unwrap();
    assert_eq!(refunds.len(), 1);
    assert_eq!(refunds[0].status.as_str(), "succeeded");
    assert_eq!(shop.toss.done("cancel"), 1);
}

#[tokio::test]
async fn a_refused_refund_gives_nothing_back() {
    let shop = Shop::open().await;
    let payment = charged(&shop).await;
    shop.toss
        .next([Fault::error(Endpoint::Cancel, 403).code("EXCEED_MAX_REFUND_DUE")]);
    let asked = refund(&payment, "r1", None);
    let refused = refund_payment(services(&shop), &asked).await.unwrap();
    assert_eq!(refused.status.as_str(), "declined");
    let failure = refused.details.failure.unwrap();
    assert_eq!(failure.code.as_str(), "EXCEED_MAX_REFUND_DUE");
    assert_eq!(shop.payment("renewal-1").await.balance, 9_900);
}

#[tokio::test]
async fn the_deposit_of_a_virtual_account_goes_back_to_an_account() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.webhooks_on();
    shop.toss.deposit_for(&session.order_id);
    shop.until(&session, "paid").await;
    let payment = shop.payment(&session.order_id).await;
    let mut asked = refund(&payment, "r1", None);
    assert!(matches!(
        refund_payment(services(&shop), &asked).await,
        Err(UseCaseError::Invalid(_))
    ));
    asked.account = Some(RefundAccount {
        bank: "20".to_owned(),
        account_number: "1002123456789".to_owned(),
        holder_name: "김토스".to_owned(),
    });
    let made = refund_payment(services(&shop), &asked).await.unwrap();
    assert_eq!(made.status.as_str(), "succeeded");
    assert_eq!(made.sealed_account, None, "erased once it is settled");
    shop.until(&session, "canceled").await;
}

#[tokio::test]
async fn an_account_that_waits_is_given_up() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    let payment = shop.payment(&session.order_id).await;
    let made = refund_payment(services(&shop), &refund(&payment, "r1", None)).await;
    assert_eq!(made.unwrap().status.as_str(), "succeeded");
    shop.until(&session, "canceled").await;
}

#[tokio::test]
async fn a_card_is_deleted_at_toss_and_then_here() {
    let shop = Shop::open().await;
    let session = shop.subscription(false).await;
    let auth = shop.toss.auth_key("CARD");
    shop.billing(&session, &auth).await;
    let method = shop.method(&session).await;
    shop.toss.next([Fault::reset(Endpoint::Delete)]);
    let deleting = delete_method(services(&shop), &method.id).await.unwrap();
    assert_eq!(deleting.status.as_str(), "deleting");
    shop.advance(Duration::from_secs(10));
    shop.until_method(&session, "deleted").await;
    assert_eq!(shop.toss.seen("delete").len(), 2);
    assert!(
        shop.events()
            .await
            .contains(&"payment_method.deleted".to_owned())
    );
}
