//! Following the sandbox's clock in development, so that a year of subscriptions runs in seconds.
//! Refused with live keys and with Toss itself, see [`crate::config`].

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;
use serde::Deserialize;
use url::Url;

use super::{Clock, Millis, Source, system_now};

/// How often the sandbox is asked.
const EVERY: Duration = Duration::from_millis(300);
/// How long it may take to answer: it runs on this machine.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the sandbox last said; it stays true while the sandbox is down.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<Reading>);

#[derive(Debug, Clone, Copy, Default)]
struct Reading {
    /// How far ahead of this machine, in milliseconds.
    ahead: i64,
    /// Where it stands, when it stands.
    frozen: Option<i64>,
}

impl Seen {
    pub(super) fn now(&self) -> Millis {
        let reading = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let running = system_now().saturating_add(reading.ahead);
        Millis(reading.frozen.unwrap_or(running))
    }

    fn note(&self, answer: &Answer) {
        let reading = Reading {
            ahead: answer.epoch_millis.saturating_sub(system_now()),
            frozen: answer.frozen.then_some(answer.epoch_millis),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = reading;
    }
}

/// `GET /sandbox/clock`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    epoch_millis: i64,
    frozen: bool,
}

impl Clock {
    /// The clock of the sandbox at this address. Asked once before this returns, and from then on for as
    /// long as the process lives. A sandbox that does not answer leaves the clock as it was.
    ///
    /// # Errors
    /// The HTTP client cannot be set up.
    pub async fn sandbox(base: &Url) -> anyhow::Result<Self> {
        let address = base.join("/sandbox/clock")?;
        // Only the first call has an effect; reqwest asks for the process-wide provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .timeout(PATIENCE)
            .build()
            .context("cannot set up HTTP for TOSS_SANDBOX_CLOCK")?;
        let seen = Arc::new(Seen::default());
        let clock = Self(Source::Sandbox(Arc::clone(&seen)));
        let mut answers = look(&http, &address, &seen).await;
        if !answers {
            tracing::warn!(%address, "the sandbox's clock does not answer; this machine's is used until it does");
        }
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(EVERY).await;
                let now = look(&http, &address, &seen).await;
                if now != answers {
                    tracing::info!(answers = now, "the sandbox's clock");
                    answers = now;
                }
            }
        });
        Ok(clock)
    }
}

/// Whether it answered.
async fn look(http: &reqwest::Client, address: &Url, seen: &Seen) -> bool {
    let asked = async {
        let response = http.get(address.clone()).send().await?;
        response.error_for_status()?.json::<Answer>().await
    };
    match asked.await {
        Ok(answer) => {
            seen.note(&answer);
            true
        }
        Err(error) => {
            tracing::debug!(%error, "the sandbox's clock");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::{Json, Router, routing::get};
    use serde_json::json;

    use super::*;

    /// A clock that says this; stops with the returned handle.
    async fn said(answer: serde_json::Value) -> (Url, tokio::task::JoinHandle<()>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let handler = move || async move { Json(answer) };
        let router = Router::new().route("/sandbox/clock", get(handler));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (address.parse().unwrap(), serving)
    }

    #[tokio::test]
    async fn it_goes_with_the_sandbox_and_stays_where_that_left_it() {
        let year = 365 * 24 * 3_600_000;
        let there = system_now() + year;
        let (base, serving) =
            said(json!({"epochMillis": there, "frozen": false, "now": "x"})).await;
        let clock = Clock::sandbox(&base).await.unwrap();
        let gap = |clock: &Clock| clock.now().0 - system_now() - year;
        assert!(gap(&clock).abs() < 5_000);
        serving.abort();
        tokio::time::sleep(2 * EVERY).await;
        assert!(gap(&clock).abs() < 5_000);
    }

    #[tokio::test]
    async fn it_stands_when_the_sandbox_stands() {
        let (base, _serving) =
            said(json!({"epochMillis": 1_795_219_200_000_i64, "frozen": true})).await;
        let clock = Clock::sandbox(&base).await.unwrap();
        assert_eq!(clock.now(), Millis(1_795_219_200_000));
    }

    #[tokio::test]
    async fn without_a_sandbox_it_is_this_machines_clock() {
        let nobody: Url = "http://127.0.0.1:9".parse().unwrap();
        let clock = Clock::sandbox(&nobody).await.unwrap();
        assert!((clock.now().0 - system_now()).abs() < 5_000);
        let (base, _serving) = said(json!({"something": "else"})).await;
        let clock = Clock::sandbox(&base).await.unwrap();
        assert!((clock.now().0 - system_now()).abs() < 5_000);
    }
}
