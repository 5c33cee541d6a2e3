//! Sessions, forms and keys as examples.

use std::sync::Arc;

use serde_json::{Value, json};
use toss_checkout_contract::{
    Consent, ConsentText, ConsentVersion, Currency, FailureCode, Method, Session,
};
use toss_payments_sdk::Return;

use super::{MOMENT, SESSION, sure};
use crate::flow::{Checkout, Keys, Sdk, Stage, State};

/// A session as the backend writes it, with `more` in it.
pub(super) fn session(mut base: Value, more: Value) -> Arc<Session> {
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
    }
    Arc::new(sure(serde_json::from_value(base)))
}

pub(super) fn base() -> Value {
    json!({
        "id": SESSION, "revision": 1, "status": "open", "customerKey": "customer-1",
        "clientKey": "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq",
        "returnUrl": "https://shop.example/", "expiresAt": "2030-01-01T00:00:00+09:00",
        "kind": "payment", "orderId": "order-0001", "orderName": "오가닉 코튼 티셔츠 외 2건",
        "amount": {"value": 54_000, "currency": "KRW"}, "methods": ["VIRTUAL_ACCOUNT"],
    })
}

pub(super) fn payment(more: Value) -> Arc<Session> {
    session(base(), more)
}

pub(super) fn billing(more: Value) -> Arc<Session> {
    let mut base = base();
    if let Some(base) = base.as_object_mut() {
        base.remove("orderId");
        base.remove("amount");
    }
    let registration = json!({
        "kind": "billing", "orderName": "토스 프라임 구독", "methods": ["CARD", "TRANSFER"],
        "plan": {"amount": {"value": 4_900, "currency": "KRW"}, "interval": "month"},
        "chargeNow": true,
    });
    let base = session(base, registration);
    session(sure(serde_json::to_value(&*base)), more)
}

pub(super) fn registered(charge: &Value) -> Arc<Session> {
    let mut result = json!({
        "method": "CARD", "card": {"issuerCode": "61", "number": "43301234****123*"},
    });
    if let (Some(result), false) = (result.as_object_mut(), charge.is_null()) {
        let mut first = json!({
            "orderId": "charge-1", "amount": {"value": 4_900, "currency": "KRW"},
        });
        if let (Some(first), Some(charge)) = (first.as_object_mut(), charge.as_object()) {
            first.extend(charge.clone());
        }
        result.insert("charge".to_owned(), first);
    }
    billing(json!({"status": "registered", "result": result}))
}

pub(super) fn deposit(status: &str, due: &str, more: &Value) -> Arc<Session> {
    let mut result = json!({
        "method": "VIRTUAL_ACCOUNT",
        "virtualAccount": {"bankCode": "88", "accountNumber": "X1234567890123",
            "customerName": "토스 쇼핑몰", "dueDate": due, "depositorName": "김토스"},
    });
    if let (Some(result), Some(more)) = (result.as_object_mut(), more.as_object()) {
        result.extend(more.clone());
    }
    let options = json!({"validHours": 72, "cashReceipt": {"type": "소득공제"}});
    payment(json!({"status": status, "result": result, "virtualAccount": options}))
}

pub(super) fn every_method() -> Arc<Session> {
    let won = Method::ALL.into_iter();
    let won = won.filter(|method| method.currency() == Currency::Krw);
    payment(json!({"methods": won.map(Method::as_str).collect::<Vec<_>>()}))
}

/// In dollars.
pub(super) fn abroad(more: Value) -> Arc<Session> {
    let dollars = json!({
        "amount": {"value": 1249.5, "currency": "USD"}, "methods": ["FOREIGN_EASY_PAY"],
        "foreignEasyPay": {"country": "US"},
    });
    let base = payment(dollars);
    session(sure(serde_json::to_value(&*base)), more)
}

pub(super) fn paid(mut result: Value) -> Arc<Session> {
    result["approvedAt"] = json!(MOMENT);
    result["receiptUrl"] = json!("https://receipt.example/");
    payment(json!({"status": "paid", "result": result}))
}

pub(super) fn form(session: Arc<Session>) -> Checkout {
    Checkout {
        method: session.methods.first().copied().unwrap_or(Method::Card),
        session,
        sdk: Sdk::Ready,
        notice: None,
        opening: false,
        consent: None,
        held: None,
    }
}

/// With the box ticked.
pub(super) fn agreed(session: Arc<Session>) -> Checkout {
    Checkout {
        consent: Some(Consent {
            version: sure(ConsentVersion::new("1")),
            text: sure(ConsentText::new("words")),
        }),
        ..form(session)
    }
}

pub(super) fn keys(address: &str) -> Keys {
    let back = sure(Return::parse(address));
    Keys::try_from(back).unwrap_or_else(|back| unreachable!("{back:?}"))
}

pub(super) fn keys_of_payment() -> Keys {
    keys("?paymentKey=t&orderId=order-0001&amount=54000")
}

pub(super) fn keys_of_registration() -> Keys {
    keys("?authKey=t&customerKey=customer-1")
}

pub(super) fn failed(session: &Arc<Session>, code: &str) -> State {
    State::Failed(session.clone(), FailureCode::from(code), Stage::Confirm)
}
