//! Writes the contract's requests.

use toss_checkout_contract::{AuthKey, CustomerKey, FailureReport, OrderId, PaymentKey};
use toss_payments_sdk::{Field, Object};
use wasm_bindgen::JsValue;

use crate::flow::Keys;

/// No body.
pub(crate) fn nothing() -> JsValue {
    JsValue::UNDEFINED
}

/// The keys as the contract writes them.
pub(crate) fn keys(keys: &Keys) -> JsValue {
    let mut body = Object::new();
    match keys {
        Keys::Confirm(confirm) => {
            body.text(PaymentKey::FIELD, Some(confirm.payment_key.expose()));
            body.text(OrderId::FIELD, Some(confirm.order_id.as_str()));
            #[expect(
                clippy::cast_precision_loss,
                reason = "amounts stay below 2^53, see MAX_AMOUNT"
            )]
            body.set("amount", Some(Field::Number(confirm.amount as f64)));
        }
        Keys::Issue(issue) => {
            body.text(AuthKey::FIELD, Some(issue.auth_key.expose()));
            body.text(CustomerKey::FIELD, Some(issue.customer_key.expose()));
        }
    }
    body.to_js()
}

/// The report as the contract writes it.
pub(crate) fn report(report: &FailureReport) -> JsValue {
    let mut body = Object::new();
    body.text("code", Some(report.code.as_str()));
    body.text("message", Some(&report.message));
    body.text(
        OrderId::FIELD,
        report.order_id.as_ref().map(OrderId::as_str),
    );
    body.to_js()
}
