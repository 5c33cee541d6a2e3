//! One request: its time limit, and what its answer means.

use gloo_events::EventListener;
use gloo_net::http::{RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use serde::de::DeserializeOwned;
use toss_checkout_contract::ApiError;
use web_sys::{AbortController, AbortSignal, RequestCredentials};

use crate::{
    flow::RequestError,
    platform::{
        json::{self, JsonValue},
        lifecycle,
    },
};

/// The JSON that was answered.
pub(crate) async fn answered(
    response: Option<Response>,
    limit: &Limit,
) -> Result<JsonValue, RequestError> {
    let response = response.ok_or_else(|| limit.failure())?;
    let text = response.text().await.map_err(|_| limit.failure())?;
    judged(response.status(), &text)
}

/// The JSON that this text is; the error that it tells, unless the status is one of success.
pub(crate) fn judged(status: u16, text: &str) -> Result<JsonValue, RequestError> {
    let answer = json::parse(text);
    if (200..300).contains(&status) {
        return Ok(answer);
    }
    let error: Option<ApiError> = json::from_js(answer).ok();
    Err(error.map_or(RequestError::Garbled { status }, RequestError::Api))
}

/// What an answer holds.
pub(crate) fn read<T: DeserializeOwned>(answer: JsonValue) -> Result<T, RequestError> {
    json::from_js(answer).map_err(|_| RequestError::Garbled { status: 200 })
}

/// The time that a request may take. Dropped with the request.
pub(crate) struct Limit {
    controller: Option<AbortController>,
    _timer: Timeout,
    _end: Option<EventListener>,
}

impl Limit {
    pub(crate) fn new(ms: u32, page: Option<&AbortController>) -> Self {
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
    pub(crate) fn build(
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
    pub(crate) fn failure(&self) -> RequestError {
        if lifecycle::is_offline() {
            RequestError::Offline
        } else if self.signal().is_some_and(|signal| signal.aborted()) {
            RequestError::Timeout
        } else {
            RequestError::Network
        }
    }
}
