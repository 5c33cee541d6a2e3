//! The calls of the backend contract, their time limits, and what their answers mean.

use gloo_events::EventListener;
use gloo_net::http::{Request, RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use serde::{Serialize, de::DeserializeOwned};
use toss_checkout_contract::{ApiError, ClientKey, Method, Session};
use web_sys::{AbortController, AbortSignal, RequestCache, RequestCredentials};

use crate::{
    config::{self, Config},
    flow::{Keys, RequestError},
    platform::{
        clock,
        host_options::HostOptions,
        json::{self, JsonValue},
        lifecycle,
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
            let _ = self.answer(request, &limit).await;
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
        let response = match self.options.early_answer(&request.url()).await {
            Some(early) => Some(early.into()),
            None if self.config.direct => {
                let answer = self.options.direct_answer(&request).await;
                answer.map(Response::from)
            }
            None => Request::from(request).send().await.ok(),
        };
        let response = response.ok_or_else(|| limit.failure())?;
        let text = response.text().await.map_err(|_| limit.failure())?;
        let answer = json::parse(&text);
        if response.ok() {
            return Ok(answer);
        }
        let status = response.status();
        let error: Option<ApiError> = json::from_js(answer).ok();
        Err(error.map_or(RequestError::Garbled { status }, RequestError::Api))
    }

    /// Reads a session. Its client key is looked at first: a secret key in its place is to be named, not
    /// to be reported as an answer that cannot be read.
    fn read_session(self, answer: JsonValue) -> Result<Session, RequestError> {
        read_session(self.config, answer)
    }
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

fn read<T: DeserializeOwned>(answer: JsonValue) -> Result<T, RequestError> {
    json::from_js(answer).map_err(|_| RequestError::Garbled { status: 200 })
}

/// The time that a request may take. Dropped with the request.
struct Limit {
    controller: Option<AbortController>,
    _timer: Timeout,
    _end: Option<EventListener>,
}

impl Limit {
    fn new(ms: u32, page: Option<&AbortController>) -> Self {
        let controller = AbortController::new().ok();
        let stop = {
            let controller = controller.clone();
            move || {
                // No reason is given: gloo-net panics at a reason that is no `Error`.
                if let Some(controller) = &controller {
                    controller.abort();
                }
            }
        };
        Self {
            controller,
            _timer: Timeout::new(ms, stop.clone()),
            _end: page.map(|page| EventListener::new(&page.signal(), "abort", move |_| stop())),
        }
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }

    /// A request of this limit, with JSON where there is a body.
    fn build(
        &self,
        request: RequestBuilder,
        json: Option<String>,
    ) -> Result<web_sys::Request, RequestError> {
        let request = request
            .credentials(RequestCredentials::Omit)
            .abort_signal(self.signal().as_ref());
        let request = match json {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body),
            None => request.build(),
        };
        request.map(Into::into).map_err(|_| RequestError::Network)
    }

    /// Why there is no answer.
    fn failure(&self) -> RequestError {
        if lifecycle::is_offline() {
            RequestError::Offline
        } else if self.signal().is_some_and(|signal| signal.aborted()) {
            RequestError::Timeout
        } else {
            RequestError::Network
        }
    }
}
