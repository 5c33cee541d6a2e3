use serde_json::{Value, json};
use toss_checkout_contract::{ClientKey, Currency, KeyMode};

use super::*;
use crate::domain::{ids::ShopId, shop::ShopPurpose};

const NOW: Millis = Millis(1_795_219_200_000);

fn made(body: Value) -> Result<SessionRecord, UseCaseError> {
    let body: CreateSession = serde_json::from_value(body).unwrap();
    let shop = Shop {
        id: ShopId::new("shop_default"),
        purpose: ShopPurpose::Both,
        mode: KeyMode::Test,
        client_key: ClientKey::new("test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq").unwrap(),
        sealed_secret: String::new(),
        key_fingerprint: String::new(),
        merchant_id: None,
        created_at: NOW,
    };
    body.into_session(&shop, None, NOW)
}

#[expect(clippy::needless_pass_by_value, reason = "reads better with json!")]
fn payment(more: Value) -> Value {
    let mut body = json!({
        "kind": "payment", "orderName": "티셔츠", "amount": {"value": 15_000, "currency": "KRW"},
    });
    merge(&mut body, &more);
    body
}

#[expect(clippy::needless_pass_by_value, reason = "reads better with json!")]
fn billing(more: Value) -> Value {
    let mut body = json!({
        "kind": "billing", "orderName": "구독",
        "plan": {"amount": {"value": 4900, "currency": "KRW"}, "interval": "month"},
    });
    merge(&mut body, &more);
    body
}

fn merge(body: &mut Value, more: &Value) {
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
}

#[test]
fn what_is_left_out_is_filled_in() {
    let new = made(payment(json!({}))).unwrap();
    let session = new.session;
    assert!(session.order_id.unwrap().as_str().starts_with("ord_"));
    assert_eq!(session.customer_key.expose().len(), 36, "a UUID");
    assert_eq!(session.methods, [Method::VirtualAccount]);
    assert_eq!(session.expires_at.as_str(), "2026-11-21T10:00:00+09:00");
    let session = made(billing(json!({"chargeNow": true}))).unwrap().session;
    assert_eq!(session.order_id, None);
    assert_eq!(session.methods, [Method::Card, Method::Transfer]);
    assert!(session.charge_now);
}

#[test]
fn one_payment_takes_every_method_and_the_options_of_a_card() {
    let won = Method::ALL.into_iter();
    let won = won.filter(|method| method.currency() == Currency::Krw);
    let all: Vec<Method> = won.collect();
    let methods: Vec<_> = all.iter().map(|method| method.as_str()).collect();
    let card = json!({"flowMode": "DIRECT", "easyPay": "TOSSPAY"});
    let order = made(payment(json!({"methods": methods, "card": card}))).unwrap();
    assert_eq!(order.session.methods, all);
    let options = order.session.card.unwrap();
    assert_eq!(serde_json::to_value(options).unwrap(), card);

    let registration = made(billing(json!({"card": card}))).unwrap();
    assert!(registration.session.card.unwrap().is_direct());
}

#[test]
fn dollars_are_paid_by_an_easy_pay_service_abroad() {
    let dollars = json!({"value": 12.5, "currency": "USD"});
    let more = json!({"amount": dollars, "foreignEasyPay": {"country": "US"}});
    let session = made(payment(more)).unwrap().session;
    assert_eq!(session.methods, [Method::ForeignEasyPay]);
    assert_eq!(session.amount.unwrap().value(), 1_250);
    assert_eq!(session.foreign_easy_pay.unwrap().country, "US");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn every_refusal_names_the_field() {
    let key = "k".repeat(51);
    let long = "가".repeat(101);
    for (body, says) in [
        (payment(json!({"amount": null})), "amount is missing"),
        (payment(json!({"orderName": " "})), "orderName is empty"),
        (payment(json!({"orderName": long})), "orderName has 101"),
        (
            payment(json!({"orderName": "a\nb"})),
            "orderName holds a control",
        ),
        (
            payment(json!({"chargeNow": true})),
            "chargeNow does not belong",
        ),
        (
            payment(
                json!({"plan": {"amount": {"value": 1, "currency": "KRW"}, "interval": "day"}}),
            ),
            "plan does not belong",
        ),
        (
            payment(json!({"consent": {"version": "1", "text": "동의해요"}})),
            "consent does not belong",
        ),
        (
            billing(json!({"consent": {"version": "1", "text": " \n"}})),
            "consent.text is empty",
        ),
        (
            billing(json!({"consent": {"version": "1", "text": "매월 \u{202E}00,9원"}})),
            "consent.text holds U+202E",
        ),
        (billing(json!({"plan": null})), "plan is missing"),
        (
            billing(json!({"orderId": "order-1"})),
            "orderId does not belong",
        ),
        (
            billing(json!({"amount": {"value": 1, "currency": "KRW"}})),
            "amount does not belong",
        ),
        (
            billing(json!({"virtualAccount": {}})),
            "virtualAccount does not belong",
        ),
        (
            billing(json!({"methods": ["VIRTUAL_ACCOUNT"]})),
            "kind billing takes CARD and TRANSFER",
        ),
        (
            billing(json!({"methods": ["TRANSFER"], "card": {"flowMode": "DEFAULT"}})),
            "card does not belong to a session without the method CARD",
        ),
        (
            billing(json!({"card": {"flowMode": "DIRECT", "easyPay": "KAKAOPAY"}})),
            "card.easyPay",
        ),
        (
            payment(json!({"methods": ["CARD"], "card": {"cardInstallmentPlan": 3}})),
            "card.cardInstallmentPlan: 15000 KRW is less than the 50000 won",
        ),
        (
            payment(json!({"methods": ["CARD"], "card": {"flowMode": "DIRECT"}})),
            "card.flowMode",
        ),
        (
            payment(json!({"methods": ["CARD"], "amount": {"value": 99, "currency": "KRW"}})),
            "amount: 99 KRW is less than the 100 won",
        ),
        (
            payment(json!({"amount": {"value": 12.5, "currency": "USD"}})),
            "foreignEasyPay is missing",
        ),
        (
            payment(json!({
                "amount": {"value": 12.5, "currency": "USD"}, "foreignEasyPay": {"country": "usa"},
            })),
            "foreignEasyPay.country",
        ),
        (
            payment(json!({"foreignEasyPay": {"country": "US"}})),
            "foreignEasyPay does not belong",
        ),
        (
            payment(json!({
                "amount": {"value": 12.5, "currency": "USD"}, "methods": ["CARD"],
            })),
            "amount: 12.50 USD cannot be paid by CARD, which takes KRW",
        ),
        (
            payment(json!({"methods": ["FOREIGN_EASY_PAY"], "foreignEasyPay": {"country": "US"}})),
            "amount: 15000 KRW cannot be paid by FOREIGN_EASY_PAY, which takes USD",
        ),
        (
            billing(json!({
                "plan": {"amount": {"value": 9.9, "currency": "USD"}, "interval": "month"},
            })),
            "plan.amount: 9.90 USD cannot be paid by CARD",
        ),
        (billing(json!({"methods": []})), "methods is empty"),
        (
            billing(json!({"methods": ["CARD", "CARD"]})),
            "methods names CARD twice",
        ),
        (payment(json!({"customerKey": key})), "customerKey has 51"),
        (
            payment(json!({"customerKey": "test_sk_abcdef"})),
            "customerKey holds a secret key",
        ),
        (
            payment(json!({"customer": {"email": "nobody"}})),
            "customer.email is not",
        ),
        (
            payment(json!({"customer": {"name": ""}})),
            "customer.name is empty",
        ),
        (
            payment(json!({"customer": {"mobilePhone": "010-1234-5678"}})),
            "customer.mobilePhone",
        ),
        (
            payment(json!({"virtualAccount": {"validHours": 0}})),
            "validHours is 0",
        ),
        (
            payment(json!({"virtualAccount": {"validHours": 2161}})),
            "validHours is 2161",
        ),
        (
            payment(json!({"virtualAccount": {"validHours": 1, "dueDate": "2026-11-22T00:00:00"}})),
            "both validHours and dueDate",
        ),
        (
            payment(json!({"virtualAccount": {"dueDate": "2026-11-22"}})),
            "dueDate is not written",
        ),
        (
            payment(json!({"virtualAccount": {"dueDate": "2026-11-21T09:00:00"}})),
            "must lie ahead",
        ),
        (
            payment(json!({"virtualAccount": {"dueDate": "2027-11-21T09:00:00"}})),
            "at most 90 days",
        ),
        (payment(json!({"returnUrl": "/thanks"})), "returnUrl"),
        (
            payment(json!({"returnUrl": "javascript:alert(1)"})),
            "returnUrl",
        ),
        (
            payment(json!({"expiresInSeconds": 0})),
            "expiresInSeconds is 0",
        ),
        (
            payment(json!({"expiresInSeconds": 604_801})),
            "expiresInSeconds is 604801",
        ),
    ] {
        let problem = format!("{:?}", made(body.clone()).unwrap_err());
        assert!(problem.contains(says), "{body} -> {problem}");
    }
}

#[test]
fn limits_are_inclusive() {
    for body in [
        payment(json!({"orderName": "가".repeat(100)})),
        payment(json!({"virtualAccount": {"validHours": 2160}})),
        payment(json!({"virtualAccount": {"dueDate": "2027-02-19T09:00:00"}})),
        payment(json!({"customerKey": "k".repeat(50)})),
        payment(json!({"returnUrl": "https://shop.example.com/thanks?a=1"})),
        billing(json!({"expiresInSeconds": 604_800})),
    ] {
        assert!(made(body.clone()).is_ok(), "{body}");
    }
}

#[test]
fn the_same_body_has_the_same_digest() {
    let digest = |body: Value| {
        let body: CreateSession = serde_json::from_value(body).unwrap();
        body.digest().unwrap()
    };
    assert_eq!(
        digest(payment(json!({}))),
        digest(payment(json!({"chargeNow": false})))
    );
    assert_ne!(
        digest(payment(json!({}))),
        digest(payment(json!({"orderName": "다른 것"})))
    );
}
