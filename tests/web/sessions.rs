//! Sessions as the backend writes them.

use serde_json::{Value, json};

pub(crate) const SESSION: &str = "cs_0123456789abcdefABCDEF";

/// A billing session as the backend writes it.
pub(crate) fn billing(status: &str) -> Value {
    json!({
        "id": SESSION, "kind": "billing", "status": status, "revision": 1,
        "orderName": "토스 프라임 구독", "customerKey": "customer-1",
        "clientKey": "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq", "methods": ["CARD", "TRANSFER"],
        "customer": {"name": "김토스", "email": "customer@example.com"},
        "plan": {"amount": {"value": 4900, "currency": "KRW"}, "interval": "month"},
        "chargeNow": true, "locale": "ko", "returnUrl": "https://shop.example/",
        "expiresAt": "2030-01-01T00:00:00+09:00", "addedLater": {"by": "a newer backend"}
    })
}

/// What Toss adds to the success page's address when a card was registered.
pub(crate) const KEYS: &str = "customerKey=customer-1&authKey=bln_secret";

/// The billing session after its card was registered.
pub(crate) fn registered() -> Value {
    let mut session = billing("registered");
    session["revision"] = json!(2);
    session["result"] = json!({
        "method": "CARD",
        "card": {"issuerCode": "61", "number": "43301234****123*", "cardType": "신용"}
    });
    session
}

/// A payment session as the backend writes it.
pub(crate) fn payment(status: &str) -> Value {
    json!({
        "id": SESSION, "kind": "payment", "status": status, "revision": 1,
        "orderId": "order-0001", "orderName": "티셔츠 1장",
        "amount": {"value": 15000, "currency": "KRW"}, "customerKey": "customer-1",
        "clientKey": "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq", "methods": ["VIRTUAL_ACCOUNT"],
        "customer": {"name": "김토스", "mobilePhone": "01012345678"},
        "virtualAccount": {"validHours": 72, "cashReceipt": {"type": "소득공제"}},
        "chargeNow": false, "locale": "ko", "expiresAt": "2030-01-01T00:00:00+09:00"
    })
}
