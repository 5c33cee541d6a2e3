//! The one HTTP client: the calls of the backend contract, their time limits, and what their
//! answers mean.

use gloo_net::http::Request;
use toss_checkout_contract::{
    AuthKey, ClientKey, CustomerKey, FailureReport, OrderId, PaymentKey, Session,
};
use toss_payments_sdk::{Field, Object};
use wasm_bindgen::JsValue;

use crate::{
    browser,
    config::{self, Config},
    flow::{Keys, Trouble},
    join::join,
    wire,
};

const READ_TIMEOUT_MS: u32 = 10_000;
/// The backend waits for Toss, but not longer than this; a repeated request joins the first.
const DELIVER_TIMEOUT_MS: u32 = 40_000;

/// A call of the backend.
#[derive(Debug)]
pub(crate) enum Call {
    /// `GET` the session, because the page needs it.
    Read,
    /// `GET` the session, because there may be news.
    Refresh,
    /// `POST` the keys. Safe to repeat: the backend acts once per key.
    Deliver(Keys),
    /// `POST` what the fail page was told. Nothing depends on it.
    Report(FailureReport),
}

/// The address of a call about the session.
pub(crate) fn address(config: &Config, path: &str) -> String {
    let session = config.session.expose();
    join(&[&config.api, "/api/checkout/sessions/", session, path])
}

/// Calls the backend and reads the session that it answers.
pub(crate) async fn send(config: &Config, call: &Call) -> Result<Session, Trouble> {
    let (path, body, timeout) = match call {
        Call::Read | Call::Refresh => ("", JsValue::UNDEFINED, READ_TIMEOUT_MS),
        Call::Deliver(keys) => {
            let path = match keys {
                Keys::Confirm(_) => "/confirm",
                Keys::Issue(_) => "/billing",
            };
            (path, body_of_keys(keys), DELIVER_TIMEOUT_MS)
        }
        Call::Report(report) => ("/failure", body_of_report(report), READ_TIMEOUT_MS),
    };
    // Not by gloo-net's builder: it makes every request twice, to merge queries that we do not have.
    let Ok(request) = browser::request(&address(config, path), &body, timeout) else {
        return Err(Trouble::Network);
    };
    let signal = request.signal();
    let answer = match Request::from(request).send().await {
        Ok(response) => response.text().await.map(|text| (response, text)),
        Err(error) => Err(error),
    };
    let Ok((response, text)) = answer else {
        return Err(if signal.aborted() {
            Trouble::Timeout
        } else {
            Trouble::Network
        });
    };
    let answer = browser::parse(&text);
    if response.ok() {
        return session(config, &answer);
    }
    let status = response.status();
    Err(wire::api_error(&answer).map_or(Trouble::Garbled { status }, Trouble::Api))
}

/// Reads a session. Its client key is looked at first: a secret key in its place is to be named, not
/// to be reported as an answer that cannot be read.
pub(crate) fn session(config: &Config, answer: &JsValue) -> Result<Session, Trouble> {
    let client_key = match (&config.client_key, browser::text(answer, ClientKey::FIELD)) {
        (Some(key), _) => key.clone(),
        (None, Some(text)) => config::client_key(&text).map_err(Trouble::Misconfigured)?,
        (None, None) => return Err(Trouble::Garbled { status: 200 }),
    };
    wire::session(answer, client_key).ok_or(Trouble::Garbled { status: 200 })
}

/// The keys as the contract writes them.
pub(crate) fn body_of_keys(keys: &Keys) -> JsValue {
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

fn body_of_report(report: &FailureReport) -> JsValue {
    let mut body = Object::new();
    body.text("code", Some(report.code.as_str()));
    body.text("message", Some(&report.message));
    body.text(
        OrderId::FIELD,
        report.order_id.as_ref().map(OrderId::as_str),
    );
    body.to_js()
}
