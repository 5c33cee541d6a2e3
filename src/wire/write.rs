//! Writes the contract's requests.

use toss_checkout_contract::{
    AuthKey, Consent, ConsentText, ConsentVersion, CustomerKey, FailureReport, Method, OrderId,
    PaymentKey,
};
use toss_payments_sdk::{Field, Object};
use wasm_bindgen::JsValue;

use crate::{
    flow::{Keys, State},
    news,
};

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
            let consent = issue.consent.as_ref().map(consent);
            body.set(super::CONSENT, consent.map(Field::Object));
        }
    }
    body.to_js()
}

fn consent(consent: &Consent) -> Object<'_> {
    let mut body = Object::new();
    body.text(ConsentVersion::FIELD, Some(consent.version.as_str()));
    body.text(ConsentText::FIELD, Some(consent.text.as_str()));
    body
}

/// A consent as it is kept.
pub(crate) fn consent_value(of: &Consent) -> JsValue {
    consent(of).to_js()
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

/// What an event carries: what a shop's statistics need, and nothing that opens anything.
pub(crate) fn detail(state: &State) -> JsValue {
    let mut detail = Object::new();
    if let Some(session) = state.session() {
        let result = session.result.as_ref();
        let charge = result.and_then(|result| result.charge.as_ref());
        let order_id = charge.map(|charge| &charge.order_id);
        let order_id = session.order_id.as_ref().or(order_id);
        let method = match state {
            State::Checkout(form) => Some(form.method),
            _ => result.and_then(|result| result.method),
        };
        detail.text("kind", Some(session.kind.as_str()));
        detail.text("status", Some(session.status.as_str()));
        detail.text(OrderId::FIELD, order_id.map(OrderId::as_str));
        detail.text("orderName", Some(&session.order_name));
        detail.text("method", method.map(Method::as_str));
        detail.text("charge", charge.map(|charge| charge.status.as_str()));
        if let Some(amount) = session.amount.or(session.plan.map(|plan| plan.amount)) {
            #[expect(
                clippy::cast_precision_loss,
                reason = "amounts stay below 2^53, see MAX_AMOUNT"
            )]
            detail.set("amount", Some(Field::Number(amount.value() as f64)));
            detail.text("currency", Some(amount.currency().as_str()));
        }
    }
    detail.text("code", news::code(state));
    detail.to_js()
}
