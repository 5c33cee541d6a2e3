//! One delivery: a signed POST whose status decides.

use std::{
    error::Error as _,
    fmt,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use reqwest::{
    header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER},
    redirect,
};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP};
use url::Host;

use super::{
    resolver::{CheckedResolver, InnerAddress},
    signature::sign,
};
use crate::{
    application::outbox::Publisher,
    domain::{
        delivery::Outcome,
        endpoint::{EndpointUrl, Reach},
        event::Message,
        public_address::is_public,
        signing_secret::SigningSecret,
    },
    failpoints::{self, Side},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How much of a refusal is kept for the operator, in bytes.
const EXCERPT: usize = 300;
/// How much of an answer is read so that its connection can serve the next delivery, and for how long.
/// The rest is not waited for.
const DRAIN: usize = 16 * 1024;
const DRAIN_TIME: Duration = Duration::from_millis(500);

/// Sends events. Cheap to clone.
#[derive(Clone)]
pub struct WebhookClient {
    http: reqwest::Client,
    reach: Reach,
}

impl fmt::Debug for WebhookClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookClient")
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

impl WebhookClient {
    /// Prepares the client; connects to nothing yet. `timeout` bounds one delivery.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(reach: Reach, timeout: Duration) -> Result<Self, reqwest::Error> {
        Self::with(reach, timeout, &CheckedResolver::system(reach))
    }

    fn with(
        reach: Reach,
        timeout: Duration,
        resolver: &CheckedResolver,
    ) -> Result<Self, reqwest::Error> {
        // Only the first call has an effect; reqwest asks for the process-wide provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            reqwest::Client::builder()
                // A redirect may lead anywhere, and a receiver has one address.
                .redirect(redirect::Policy::none())
                // A proxy would resolve names itself, behind the check.
                .no_proxy()
                .dns_resolver(resolver.clone())
                .timeout(timeout)
                .connect_timeout(CONNECT_TIMEOUT.min(timeout))
                .pool_idle_timeout(Duration::from_secs(30))
                .pool_max_idle_per_host(4)
                .user_agent(concat!("toss-checkout/", env!("CARGO_PKG_VERSION")))
        };
        let http = match builder().build() {
            Ok(http) => http,
            Err(error) => {
                // The sandbox runs where no certificates are installed; plain http works there.
                tracing::warn!(%error, "events cannot go to https addresses; install the package ca-certificates");
                builder().tls_certs_only([]).build()?
            }
        };
        Ok(Self { http, reach })
    }
}

#[async_trait]
impl Publisher for WebhookClient {
    async fn publish(
        &self,
        to: &EndpointUrl,
        secrets: &[SigningSecret],
        message: &Message,
    ) -> Outcome {
        // The resolver never sees an address that is written in numbers.
        let literal = match to.url().host() {
            Some(Host::Ipv4(v4)) => Some(v4.into()),
            Some(Host::Ipv6(v6)) => Some(v6.into()),
            Some(Host::Domain(_)) | None => None,
        };
        if let Some(ip) = literal
            && self.reach == Reach::Public
            && !is_public(ip)
        {
            return Outcome::Unreachable {
                reason: InnerAddress(ip.to_string()).to_string(),
            };
        }
        let timestamp = timestamp();
        failpoints::reached("publish", Side::Before);
        let sent = self
            .http
            .post(to.url().clone())
            .header(CONTENT_TYPE, "application/json")
            .header(HEADER_WEBHOOK_ID, message.id.as_str())
            .header(HEADER_WEBHOOK_TIMESTAMP, timestamp)
            .header(
                HEADER_WEBHOOK_SIGNATURE,
                sign(secrets, message.id.as_str(), timestamp, &message.body),
            )
            .body(message.body.clone())
            .send()
            .await;
        failpoints::reached("publish", Side::After);
        match sent {
            Ok(answer) => read(answer).await,
            Err(error) => Outcome::Unreachable {
                reason: reason(&error),
            },
        }
    }
}

/// The moment of this try, by this machine's clock: receivers compare it with theirs.
fn timestamp() -> i64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or_default()
}

async fn read(mut answer: reqwest::Response) -> Outcome {
    let status = answer.status();
    let retry_after = retry_after(answer.headers());
    let mut kept = Vec::new();
    let mut length = 0;
    let drain = async {
        while let Ok(Some(chunk)) = answer.chunk().await {
            length += chunk.len();
            let room = EXCERPT - kept.len();
            kept.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if length > DRAIN {
                return;
            }
        }
    };
    // The status has decided; a body that does not come to an end changes nothing.
    let _ = tokio::time::timeout(DRAIN_TIME, drain).await;
    if status.is_success() {
        return Outcome::Accepted {
            status: status.as_u16(),
        };
    }
    if status == reqwest::StatusCode::GONE {
        return Outcome::Gone;
    }
    Outcome::Refused {
        status: status.as_u16(),
        retry_after,
        said: printable(&kept),
    }
}

/// Seconds, or a moment by the receiver's own clock.
/// Source: <https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = headers
        .get(reqwest::header::DATE)
        .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok())
        .unwrap_or_else(SystemTime::now);
    Some(until.duration_since(now).unwrap_or_default())
}

/// One line without control characters, which a log or a terminal would obey.
fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let words: Vec<&str> = text
        .split(|c: char| c.is_control() || c.is_whitespace() || c == char::REPLACEMENT_CHARACTER)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// The causes without the outermost text, which repeats the address.
fn reason(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(inner) = cause.downcast_ref::<InnerAddress>() {
            return inner.to_string();
        }
        causes.push(cause.to_string());
        source = cause.source();
    }
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    if causes.is_empty() {
        return "the request could not be sent".to_owned();
    }
    causes.join(": ")
}

#[cfg(test)]
mod tests;
