//! The one HTTP client: the calls of the backend contract, their time limits, and what their
//! answers mean.

use gloo_net::http::Request;
use serde::Serialize;
use toss_checkout_contract::{ClientKey, FailureReport, Session};
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
        Call::Deliver(Keys::Confirm(keys)) => ("/confirm", to_js(keys), DELIVER_TIMEOUT_MS),
        Call::Deliver(Keys::Issue(keys)) => ("/billing", to_js(keys), DELIVER_TIMEOUT_MS),
        Call::Report(report) => ("/failure", to_js(report), READ_TIMEOUT_MS),
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

/// Writes a JavaScript object, which the browser itself makes JSON of; serde_json would cost the
/// buyer 20 KB.
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    serde_wasm_bindgen::to_value(value).unwrap_or_default()
}
