//! The calls of the backend contract, their time limits, and what their answers mean.

use gloo_net::http::{Request, Response};
use js_sys::Reflect;
use serde::Serialize;
use toss_checkout_contract::{ClientKey, Method, Session};
use web_sys::{AbortController, RequestCache, RequestInit};

use super::request::{Limit, answered, judged, read};
use crate::{
    config::{self, Config},
    flow::{Keys, RequestError},
    platform::{
        clock,
        host_options::HostOptions,
        json::{self, JsonValue},
    },
};

const READ_TIMEOUT_MS: u32 = 10_000;
/// The backend waits for Toss, but not longer than this; a repeated request joins the first.
const DELIVER_TIMEOUT_MS: u32 = 40_000;

/// The backend, as seen by one page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Api<'a> {
    pub(crate) config: &'a Config,
    pub(crate) options: &'a HostOptions,
    /// Aborted when the page ends.
    pub(crate) page: Option<&'a AbortController>,
}

impl Api<'_> {
    /// `GET` the session.
    pub(crate) async fn session(self) -> Result<Session, RequestError> {
        let limit = Limit::new(READ_TIMEOUT_MS, self.page);
        let request = Request::get(&self.address("")).cache(RequestCache::NoStore);
        let request = limit.build(request, None)?;
        let answer = self.answer(request, &limit).await?;
        self.read_session(answer)
    }

    /// `POST` the keys. Safe to repeat: the backend acts once per key.
    pub(crate) async fn deliver(self, keys: &Keys) -> Result<Session, RequestError> {
        let limit = Limit::new(DELIVER_TIMEOUT_MS, self.page);
        let request = match keys {
            Keys::Confirm(body) => self.post("/confirm", body, &limit),
            Keys::Issue(body) => self.post("/billing", body, &limit),
        };
        let answer = self.answer(request?, &limit).await?;
        self.read_session(answer)
    }

    /// `POST` something on which nothing depends: what the fail page was told, or what the buyer agrees to
    /// before Toss's window opens.
    pub(crate) async fn tell<T: Serialize>(self, path: &str, body: &T) {
        let limit = Limit::new(READ_TIMEOUT_MS, self.page);
        if let Ok(request) = self.post(path, body, &limit) {
            // Nobody waits for it.
            let _ = self.answer(kept_alive(request), &limit).await;
        }
    }

    /// The address of a call about the session.
    pub(crate) fn address(self, path: &str) -> String {
        let session = self.config.session.expose();
        [&self.config.api, "/api/checkout/sessions/", session, path].concat()
    }

    fn post<T: Serialize>(
        self,
        path: &str,
        body: &T,
        limit: &Limit,
    ) -> Result<web_sys::Request, RequestError> {
        limit.build(Request::post(&self.address(path)), Some(json::write(body)))
    }

    /// Sends a request, unless the loader has sent it already; reads the JSON that is answered.
    async fn answer(
        self,
        request: web_sys::Request,
        limit: &Limit,
    ) -> Result<JsonValue, RequestError> {
        if let Some(early) = self.options.early_answer(&request.url()).await {
            return judged(early.status(), &early.text());
        }
        let response = if self.config.direct {
            let answer = self.options.direct_answer(&request).await;
            answer.map(Response::from)
        } else {
            Request::from(request).send().await.ok()
        };
        answered(response, limit).await
    }

    /// Reads a session. Its client key is looked at first: a secret key in its place is to be named, not
    /// to be reported as an answer that cannot be read.
    fn read_session(self, answer: JsonValue) -> Result<Session, RequestError> {
        read_session(self.config, answer)
    }
}

/// The same request, which goes on when the tab leaves for Toss's window.
fn kept_alive(request: web_sys::Request) -> web_sys::Request {
    let init = RequestInit::new();
    // `web-sys` has no setter for it.
    let _ = Reflect::set(&init, &"keepalive".into(), &true.into());
    web_sys::Request::new_with_request_and_init(&request, &init).unwrap_or(request)
}

/// As [`Api::session`] answers it, also for sessions that come by another way.
pub(crate) fn read_session(config: &Config, answer: JsonValue) -> Result<Session, RequestError> {
    match (&config.client_key, json::text(&answer, ClientKey::FIELD)) {
        (Some(key), _) => json::set_text(&answer, ClientKey::FIELD, key.as_str()),
        (None, Some(key)) => {
            config::client_key(&key).map_err(RequestError::Misconfigured)?;
        }
        (None, None) => {}
    }
    let mut session: Session = read(answer)?;
    if let Some(now) = &session.now {
        clock::set(now.as_str());
    }
    // A method that does not fit the kind or the currency cannot be offered.
    let (kind, amount) = (session.kind, session.amount);
    let is_paid_so = |method: &Method| amount.is_none_or(|it| it.currency() == method.currency());
    session
        .methods
        .retain(|method| kind.takes(*method) && is_paid_so(method));
    Ok(session)
}
