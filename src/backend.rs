//! The one HTTP client: the calls of the backend contract, their time limits, and what their
//! answers mean.

use gloo_net::http::{Method, RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use js_sys::{JSON, Reflect};
use serde::Serialize;
use toss_checkout_contract::{ClientKey, FailureReport, Session, SessionId};
use wasm_bindgen::JsValue;
use web_sys::AbortController;

use crate::{
    config,
    flow::{Keys, Trouble},
    wire,
};

const READ_TIMEOUT_MS: u32 = 10_000;
/// The backend waits for Toss, but not longer than this; a repeated request joins the first.
const DELIVER_TIMEOUT_MS: u32 = 40_000;

/// The calls of one session.
#[derive(Debug)]
pub(crate) struct Backend {
    session: String,
    client_key: Option<ClientKey>,
}

impl Backend {
    /// `api` is the backend's address without a slash at its end, empty for the page's own origin.
    /// `client_key` overrides what sessions say.
    pub(crate) fn new(api: &str, session: &SessionId, client_key: Option<ClientKey>) -> Self {
        Self {
            session: format!("{api}/api/checkout/sessions/{}", session.expose()),
            client_key,
        }
    }

    /// The address of the session's events.
    pub(crate) fn events(&self) -> String {
        format!("{}/events", self.session)
    }

    /// `GET` the session.
    pub(crate) async fn read(&self) -> Result<Session, Trouble> {
        let answer = send("", None, &self.session, READ_TIMEOUT_MS).await?;
        self.session_from(&answer)
    }

    /// `POST` the keys. Safe to repeat: the backend acts once per key.
    pub(crate) async fn deliver(&self, keys: &Keys) -> Result<Session, Trouble> {
        let (path, body) = match keys {
            Keys::Confirm(confirm) => ("/confirm", to_json(confirm)),
            Keys::Issue(issue) => ("/billing", to_json(issue)),
        };
        let answer = send(path, body, &self.session, DELIVER_TIMEOUT_MS).await?;
        self.session_from(&answer)
    }

    /// `POST` what the fail page was told. Nothing depends on it, so its answer is not looked at.
    pub(crate) async fn report(&self, report: &FailureReport) {
        let _ = send("/failure", to_json(report), &self.session, READ_TIMEOUT_MS).await;
    }

    /// Reads a session that came as text, such as a server-sent event.
    pub(crate) fn parse(&self, text: &str) -> Option<Session> {
        self.session_from(&JSON::parse(text).ok()?).ok()
    }

    /// The client key is looked at first: a secret key in its place is to be named, not to be
    /// reported as an answer that cannot be read.
    fn session_from(&self, value: &JsValue) -> Result<Session, Trouble> {
        let unreadable = Trouble::Garbled { status: 200 };
        let name = JsValue::from_str(ClientKey::FIELD);
        if let Some(key) = &self.client_key {
            let _ = Reflect::set(value, &name, &JsValue::from_str(key.as_str()));
        } else if let Some(text) = Reflect::get(value, &name).ok().and_then(|v| v.as_string()) {
            config::client_key(&text).map_err(Trouble::Misconfigured)?;
        }
        wire::session(value).ok_or(unreadable)
    }
}

/// Sends a request, with a body as a `POST`, and reads the JSON of a success.
async fn send(
    path: &str,
    body: Option<String>,
    session: &str,
    timeout_ms: u32,
) -> Result<JsValue, Trouble> {
    let controller = AbortController::new().map_err(|_| Trouble::Network)?;
    let signal = controller.signal();
    // No reason is given: a reason that is no Error makes gloo-net panic.
    let timer = Timeout::new(timeout_ms, move || controller.abort());
    let request = RequestBuilder::new(&format!("{session}{path}"))
        .abort_signal(Some(&signal))
        .cache(web_sys::RequestCache::NoStore)
        .credentials(web_sys::RequestCredentials::Omit);
    let request = match body {
        Some(body) => request
            .method(Method::POST)
            .header("content-type", "application/json")
            .body(body),
        None => request.build(),
    };
    let failed = |_| {
        if signal.aborted() {
            Trouble::Timeout
        } else {
            Trouble::Network
        }
    };
    let response = request.map_err(failed)?.send().await.map_err(failed)?;
    let answer = read(&response, failed).await;
    drop(timer);
    answer
}

async fn read(
    response: &Response,
    failed: impl Fn(gloo_net::Error) -> Trouble,
) -> Result<JsValue, Trouble> {
    let status = response.status();
    let text = response.text().await.map_err(failed)?;
    if response.ok() && text.is_empty() {
        return Ok(JsValue::NULL);
    }
    let value = JSON::parse(&text).map_err(|_| Trouble::Garbled { status })?;
    if response.ok() {
        return Ok(value);
    }
    Err(wire::api_error(&value).map_or(Trouble::Garbled { status }, Trouble::Api))
}

/// Writes JSON with the browser's own writer; serde_json would cost the buyer 20 KB.
pub(crate) fn to_json(value: &impl Serialize) -> Option<String> {
    let value = serde_wasm_bindgen::to_value(value).ok()?;
    JSON::stringify(&value).ok()?.as_string()
}
