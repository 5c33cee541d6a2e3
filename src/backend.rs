//! The one HTTP client: the calls of the backend contract, their time limits, and what their
//! answers mean.

use gloo_net::http::{Request, Response};
use toss_checkout_contract::{FailureReport, Session};

use crate::{
    browser::{self, Options, Scope},
    config::Config,
    flow::{Keys, Trouble},
    join::join,
    wire,
};

const READ_TIMEOUT_MS: u32 = 10_000;
/// Then it is asked for once more, in the usual way.
const EARLY_TIMEOUT_MS: u32 = 5_000;
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
pub(crate) async fn send(
    config: &Config,
    options: &Options,
    call: &Call,
    scope: &Scope,
) -> Result<Session, Trouble> {
    let (path, body, timeout) = match call {
        Call::Read | Call::Refresh => ("", wire::nothing(), READ_TIMEOUT_MS),
        Call::Deliver(keys) => {
            let path = match keys {
                Keys::Confirm(_) => "/confirm",
                Keys::Issue(_) => "/billing",
            };
            (path, wire::keys(keys), DELIVER_TIMEOUT_MS)
        }
        Call::Report(report) => ("/failure", wire::report(report), READ_TIMEOUT_MS),
    };
    let address = address(config, path);
    // Not by gloo-net's builder: it makes every request twice, to merge queries that we do not have.
    let Ok(request) = browser::request(&address, &body, timeout, scope) else {
        return Err(Trouble::Network);
    };
    let signal = request.signal();
    // Keys wait for nothing.
    let known = if config.direct || matches!(call, Call::Read) {
        browser::answer(options, &request, EARLY_TIMEOUT_MS).await
    } else {
        None
    };
    let answer = match known {
        Some(answer) => Ok(Response::from(answer)),
        None => Request::from(request).send().await,
    };
    let answer = match answer {
        Ok(response) => response.text().await.map(|text| (response, text)),
        Err(error) => Err(error),
    };
    let Ok((response, text)) = answer else {
        return Err(if browser::is_offline() {
            Trouble::Offline
        } else if signal.aborted() {
            Trouble::Timeout
        } else {
            Trouble::Network
        });
    };
    let answer = browser::parse(&text);
    if response.ok() {
        return wire::session(config, &answer);
    }
    let status = response.status();
    Err(wire::api_error(&answer).map_or(Trouble::Garbled { status }, Trouble::Api))
}
