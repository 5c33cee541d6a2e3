//! One HTTP call to Toss.

use std::{
    error::Error as _,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use anyhow::Context as _;
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{
    Method, RequestBuilder, Response,
    header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue, RETRY_AFTER},
    redirect,
};
use serde::{Serialize, de::DeserializeOwned};
use url::Url;

use super::TossSettings;
use crate::{
    application::provider::{Credentials, ProviderError},
    domain::time::Millis,
    failpoints::{self, Side},
    provider::toss::outcome::{read, read_empty, retry_after, unknown},
    telemetry,
};

/// Toss's `Payment` is a few thousand bytes; a page of transactions is the longest answer.
const MAX_ANSWER: usize = 8 * 1024 * 1024;

/// A request before it is sent.
pub(super) struct Call<'a> {
    endpoint: &'static str,
    method: Method,
    path: &'a [&'a str],
    query: Vec<(&'static str, String)>,
    timeout: Duration,
    body: Option<Vec<u8>>,
    idempotency_key: Option<&'a str>,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        endpoint: &'static str,
        method: Method,
        path: &'a [&'a str],
        timeout: Duration,
    ) -> Self {
        Self {
            endpoint,
            method,
            path,
            query: Vec::new(),
            timeout,
            body: None,
            idempotency_key: None,
        }
    }

    pub(super) fn get(endpoint: &'static str, path: &'a [&'a str], timeout: Duration) -> Self {
        Self::new(endpoint, Method::GET, path, timeout)
    }

    pub(super) fn post(endpoint: &'static str, path: &'a [&'a str], timeout: Duration) -> Self {
        Self::new(endpoint, Method::POST, path, timeout)
    }

    pub(super) fn body(mut self, body: &impl Serialize) -> Result<Self, ProviderError> {
        let json = serde_json::to_vec(body)
            .map_err(|_| ProviderError::NotSent("the request cannot be written".to_owned()))?;
        self.body = Some(json);
        Ok(self)
    }

    pub(super) fn query(mut self, query: Vec<(&'static str, String)>) -> Self {
        self.query = query;
        self
    }

    pub(super) fn idempotent(mut self, key: &'a str) -> Self {
        self.idempotency_key = Some(key);
        self
    }
}

/// A moment of Toss's, and when it was read.
type Seen = Arc<Mutex<Option<(Instant, Millis)>>>;
/// So long a moment that was read is good enough to tell the present one.
const SEEN_LATELY: Duration = Duration::from_mins(1);

struct Answer {
    date: Option<Millis>,
    status: u16,
    retry_after: Option<Duration>,
    body: Vec<u8>,
}

#[derive(Debug, Clone)]
pub(super) struct Transport {
    http: reqwest::Client,
    base: Url,
    seen: Seen,
}

impl Transport {
    /// What Toss's clock says by the answers of the last minute.
    pub(super) fn clock(&self) -> Option<Millis> {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, moment) = seen?;
        let since = read.elapsed();
        (since <= SEEN_LATELY).then(|| moment.plus(since))
    }

    fn see(&self, date: Option<Millis>) {
        if let Some(date) = date {
            let seen = Some((Instant::now(), date));
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = seen;
        }
    }

    pub(super) fn new(settings: &TossSettings) -> anyhow::Result<Self> {
        // Only the first call has an effect; reqwest asks for the process-wide provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            // A redirect of a POST that moves money is never followed.
            .redirect(redirect::Policy::none())
            .connect_timeout(settings.connect)
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent(concat!("toss-checkout/", env!("CARGO_PKG_VERSION")));
        let local = settings
            .base
            .host_str()
            .is_some_and(|host| matches!(host, "127.0.0.1" | "localhost" | "[::1]"));
        if local {
            // No proxy stands between two programs of one machine.
            builder = builder.no_proxy();
        }
        if settings.base.scheme() == "http" {
            // The sandbox runs where no certificates are installed.
            builder = builder.tls_certs_only([]);
        }
        Ok(Self {
            http: builder
                .build()
                .context("cannot set up HTTPS; install the package ca-certificates")?,
            base: settings.base.clone(),
            seen: Seen::default(),
        })
    }

    /// Sends a call whose success has a JSON body.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        shop: &Credentials,
        call: Call<'_>,
    ) -> Result<T, ProviderError> {
        let answer = self.send(shop, call).await?;
        told(shop, read(answer.status, answer.retry_after, &answer.body))
    }

    /// Sends a call whose success has no body.
    pub(super) async fn empty(
        &self,
        shop: &Credentials,
        call: Call<'_>,
    ) -> Result<(), ProviderError> {
        let answer = self.send(shop, call).await?;
        told(
            shop,
            read_empty(answer.status, answer.retry_after, &answer.body),
        )
    }

    fn request(&self, shop: &Credentials, call: Call<'_>) -> Result<RequestBuilder, ProviderError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| ProviderError::NotSent("TOSS_API_BASE cannot carry a path".to_owned()))?
            .pop_if_empty()
            .extend(call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = self
            .http
            .request(call.method, url)
            .timeout(call.timeout)
            .header(AUTHORIZATION, basic(shop)?);
        if let Some(key) = call.idempotency_key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(body) = call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        Ok(request)
    }

    async fn send(&self, shop: &Credentials, call: Call<'_>) -> Result<Answer, ProviderError> {
        let endpoint = call.endpoint;
        let request = self.request(shop, call)?;
        let began = Instant::now();
        failpoints::reached(endpoint, Side::Before);
        let answer = exchange(request).await;
        failpoints::reached(endpoint, Side::After);
        self.see(answer.as_ref().ok().and_then(|answer| answer.date));
        let status = answer.as_ref().ok().map(|answer| answer.status);
        telemetry::toss_request(endpoint, status, began.elapsed());
        answer
    }
}

async fn exchange(request: RequestBuilder) -> Result<Answer, ProviderError> {
    let mut response = request.send().await.map_err(|error| unsent(&error))?;
    let status = response.status().as_u16();
    let trace = header(&response, "x-tosspayments-trace-id").unwrap_or("-");
    tracing::debug!(status, toss_trace = trace, "Toss answered");
    if !(200..300).contains(&status) {
        tracing::info!(
            status,
            toss_trace = trace,
            "Toss did not answer with success"
        );
    }
    let retry_after = retry_after(header(&response, RETRY_AFTER.as_str()));
    let date = header(&response, DATE.as_str()).and_then(moment);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER {
            return Err(unknown("the answer is too long".to_owned()));
        }
    }
    Ok(Answer {
        date,
        status,
        retry_after,
        body,
    })
}

/// A date of HTTP.
fn moment(text: &str) -> Option<Millis> {
    let moment = httpdate::parse_http_date(text).ok()?;
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Millis)
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name)?.to_str().ok()
}

fn basic(shop: &Credentials) -> Result<HeaderValue, ProviderError> {
    let encoded = STANDARD.encode(format!("{}:", shop.secret_key.expose()));
    let mut value = HeaderValue::from_str(&format!("Basic {encoded}"))
        .map_err(|_| ProviderError::NotSent("the secret key fits no header".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Says aloud what only the operator can put right.
fn told<T>(shop: &Credentials, outcome: Result<T, ProviderError>) -> Result<T, ProviderError> {
    if let Err(ProviderError::Configuration(failure)) = &outcome {
        tracing::error!(
            shop = %shop.shop_id,
            code = %failure.code,
            "Toss does not accept this shop's secret key: nobody can pay until it is right"
        );
    }
    outcome
}

fn unsent(error: &reqwest::Error) -> ProviderError {
    if error.is_connect() || error.is_builder() {
        ProviderError::NotSent(chain(error))
    } else {
        lost(error)
    }
}

fn lost(error: &reqwest::Error) -> ProviderError {
    unknown(chain(error))
}

/// The causes without the outermost text, which holds the address and with it a billing key.
fn chain(error: &reqwest::Error) -> String {
    let mut text = if error.is_timeout() {
        "timeout"
    } else {
        "broken"
    }
    .to_owned();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
