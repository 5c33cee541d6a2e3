use toss_checkout_contract::{Amount, CustomerKey, OrderId};

use super::*;
use crate::domain::{
    ids::{PaymentId, ShopId},
    payment::{PaymentDetails, Purpose},
    time::Millis,
    work::Work,
};

fn said(status: ProviderStatus) -> ProviderPayment {
    ProviderPayment {
        payment_key: PaymentKey::new("tgen_1").unwrap(),
        order_id: OrderId::new("order-1").unwrap(),
        status,
        total: 15_000,
        currency: "KRW".into(),
        balance: Some(15_000),
        merchant_id: None,
        secret: None,
        details: PaymentDetails::default(),
        approved_at: None,
        due_at: None,
        account_closed: false,
        cancels: Vec::new(),
        failure: None,
    }
}

fn payment() -> Payment {
    Payment {
        id: PaymentId::new("pay_1"),
        shop_id: ShopId::new("shop_default"),
        order_id: OrderId::new("order-1").unwrap(),
        purpose: Purpose::Checkout,
        session_id: None,
        payment_method_id: None,
        customer_key: CustomerKey::new("customer").unwrap(),
        order_name: "티셔츠".into(),
        customer: toss_checkout_contract::Customer::default(),
        amount: Amount::won(15_000).unwrap(),
        balance: 0,
        status: PaymentStatus::Ready,
        revision: 1,
        payment_key: None,
        secret_digest: None,
        details: PaymentDetails::default(),
        approved_at: None,
        due_at: None,
        created_at: Millis(0),
        work: Work::default(),
        needs_attention: None,
    }
}

#[test]
fn the_balance_tells_a_full_cancel_from_a_partial_one() {
    let mut partial = said(ProviderStatus::PartialCanceled);
    partial.balance = Some(5_000);
    assert_eq!(money(&partial), Money::PartlyBack);
    assert_eq!(balance(PaymentStatus::PartiallyCanceled, &partial), 5_000);
    partial.balance = Some(0);
    assert_eq!(money(&partial), Money::Back);
    assert_eq!(balance(PaymentStatus::Canceled, &partial), 0);
}

#[test]
fn an_account_that_toss_closed_is_over_without_a_status_of_its_own() {
    let mut waiting = said(ProviderStatus::WaitingForDeposit);
    assert_eq!(money(&waiting), Money::Awaited);
    waiting.account_closed = true;
    assert_eq!(money(&waiting), Money::NeverCame);
    assert_eq!(balance(PaymentStatus::WaitingForDeposit, &waiting), 0);
}

#[test]
fn where_the_money_is_decides_in_every_state() {
    for &status in PaymentStatus::ALL {
        for (money, goes) in [
            (Money::Here, PaymentStatus::Paid),
            (Money::PartlyBack, PaymentStatus::PartiallyCanceled),
            (Money::Back, PaymentStatus::Canceled),
            (Money::NeverCame, PaymentStatus::Expired),
        ] {
            assert_eq!(next_status(status, money), Some(goes), "{status} {money:?}");
        }
        assert_eq!(next_status(status, Money::NotConfirmed), None);
        assert_eq!(next_status(status, Money::Unreadable), None);
    }
}

#[test]
fn a_payment_that_was_given_up_ends_only_what_was_begun() {
    use PaymentStatus as P;
    for (status, goes) in [
        (P::Confirming, Some(P::Failed)),
        (P::Unknown, Some(P::Failed)),
        (P::WaitingForDeposit, Some(P::Expired)),
        (P::Ready, None),
        (P::Paid, None),
        (P::Expired, None),
    ] {
        assert_eq!(next_status(status, Money::GivenUp), goes, "{status}");
    }
}

#[test]
fn a_reversed_deposit_is_awaited_again_and_an_expired_account_is_not() {
    assert_eq!(
        next_status(PaymentStatus::Paid, Money::Awaited),
        Some(PaymentStatus::WaitingForDeposit)
    );
    assert_eq!(
        next_status(PaymentStatus::Expired, Money::Awaited),
        Some(PaymentStatus::Expired)
    );
}

#[test]
fn another_order_key_amount_or_currency_is_named() {
    let key = PaymentKey::new("tgen_1").unwrap();
    let differs = |said: &ProviderPayment| difference(&payment(), Some(&key), said);
    let right = said(ProviderStatus::Done);
    assert_eq!(differs(&right), None);
    let mut other = right.clone();
    other.payment_key = PaymentKey::new("tgen_2").unwrap();
    assert_eq!(differs(&other), Some("paymentKey"));
    assert_eq!(difference(&payment(), None, &other), None);
    let mut other = right.clone();
    other.order_id = OrderId::new("order-2").unwrap();
    assert_eq!(differs(&other), Some("orderId"));
    let mut other = right.clone();
    other.total = 1;
    assert_eq!(differs(&other), Some("totalAmount"));
    let mut other = right;
    other.currency = "USD".into();
    assert_eq!(differs(&other), Some("currency"));
}

#[test]
fn a_registration_is_active_once_it_was_charged() {
    use PaymentStatus as P;
    for &status in PaymentStatus::ALL {
        let billing = session_status(SessionKind::Billing, status);
        let charged = matches!(status, P::Paid | P::PartiallyCanceled | P::Canceled);
        assert_eq!(
            billing,
            charged.then_some(SessionStatus::Active),
            "{status}"
        );
        assert!(session_status(SessionKind::Payment, status).is_some());
    }
}
