//! What the operator sets, and what is refused before anything starts.

mod args;
mod check;
mod limits;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use thiserror::Error;
use toss_checkout_contract::{ClientKey, SecretKey};
use url::Url;

pub use self::{
    args::{Args, Hidden},
    check::ConfigErrors,
    limits::Limits,
};
use crate::crypto::{self, KeyRing};

/// Toss's own API address.
pub const TOSS_API: &str = "https://api.tosspayments.com";
/// Toss's own SDK script.
pub const TOSS_SDK: &str = "https://js.tosspayments.com/v2/standard";
/// The client key of Toss's documentation, known to everybody.
/// Source: <https://docs.tosspayments.com/guides/v2/get-started/environment>.
pub const DOCS_CLIENT_KEY: &str = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";
/// The secret key of Toss's documentation, known to everybody.
pub const DOCS_SECRET_KEY: &str = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";

/// A setting that cannot be used: which one, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{name}: {problem}")]
pub struct ConfigError {
    /// The environment variable.
    pub name: &'static str,
    /// What is wrong and how to put it right, without showing secrets.
    pub problem: String,
}

/// Checked settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The origin under which buyers reach this server; `None` means the address bound.
    pub public_origin: Option<String>,
    /// A `sqlite://` address.
    pub database_url: String,
    /// The public key that the page gets.
    pub client_key: ClientKey,
    /// The key for Toss's REST API.
    pub secret_key: SecretKey,
    /// Toss's REST API, or the sandbox.
    pub toss_api: Url,
    /// The sandbox whose clock is followed.
    pub sandbox_clock: Option<Url>,
    /// The SDK script that the page loads.
    pub sdk_url: Url,
    /// What the merchant's own server shows to use `/api/sessions`.
    pub merchant_api_key: MerchantApiKey,
    /// Seals billing keys and one-time keys at rest.
    pub keys: KeyRing,
    /// Origins of other sites whose pages may use `/api/checkout`.
    pub allowed_origins: Vec<String>,
    /// Where the built page lies.
    pub page_dir: PathBuf,
    /// Whether the last `X-Forwarded-For` entry names the caller.
    pub trust_proxy: bool,
    /// Waiting times.
    pub timing: Timing,
    /// How much strangers may take.
    pub limits: Limits,
    /// What the operator should know although it works.
    pub warnings: Vec<String>,
}

/// The bearer key of the merchant API.
#[derive(Clone)]
pub struct MerchantApiKey(String);

impl MerchantApiKey {
    /// The fewest characters that are accepted.
    pub const MIN: usize = 20;

    /// Takes a key of visible ASCII characters.
    ///
    /// # Errors
    /// Too short to be safe, or characters that a header cannot carry.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.len() < Self::MIN {
            return Err(format!(
                "has {} characters; at least {} are needed. Make one with: openssl rand -hex 32",
                text.len(),
                Self::MIN
            ));
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err("may hold visible ASCII characters only".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether this is the key, in constant time.
    pub fn matches(&self, given: &str) -> bool {
        crypto::same(&self.0, given)
    }
}

impl std::fmt::Debug for MerchantApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MerchantApiKey(…)")
    }
}

/// Every waiting time in one place. The defaults are for production; tests shorten them.
#[derive(Debug, Clone)]
pub struct Timing {
    /// Until a connection to Toss stands.
    pub connect: Duration,
    /// For confirm and issue.
    pub confirm: Duration,
    /// For a charge. Toss may take 60 s.
    /// Source: <https://docs.tosspayments.com/guides/v2/billing/integration>.
    pub charge: Duration,
    /// For a lookup.
    pub lookup: Duration,
    /// How often an unknown outcome is looked up before the buyer is told "unknown".
    pub lookups: u32,
    /// Before the first of these lookups; doubles each time.
    pub lookup_pause: Duration,
    /// How often the same request is sent again where that is safe.
    pub repeats: u32,
    /// How long a second request waits for the first to finish.
    pub wait_for_other: Duration,
    /// How long the first request waits for its own work; shorter than the 40 s after which the page
    /// gives a request up.
    pub wait_for_own: Duration,
    /// How long a request in flight is left alone by the reconciler, on top of its own timeout.
    pub lease_margin: Duration,
    /// How often the reconciler, the sweeper and the webhook queue look.
    pub tick: Duration,
    /// The first pause of the reconciler between two tries; doubles up to an hour.
    pub retry_pause: Duration,
    /// How long after the end of a session a one-time key is still tried.
    pub late_key: Duration,
    /// How often a virtual account is looked up without being asked to, should a webhook be lost.
    pub deposit_check: Duration,
    /// How often an event stream reads the store, should another process have changed it.
    pub events_poll: Duration,
    /// Heartbeat of event streams.
    pub heartbeat: Duration,
    /// How long open work may go on after the signal to stop.
    pub shutdown: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            confirm: Duration::from_secs(30),
            charge: Duration::from_secs(65),
            lookup: Duration::from_secs(10),
            lookups: 3,
            lookup_pause: Duration::from_millis(500),
            repeats: 3,
            wait_for_other: Duration::from_secs(15),
            wait_for_own: Duration::from_secs(35),
            lease_margin: Duration::from_secs(10),
            tick: Duration::from_secs(2),
            retry_pause: Duration::from_secs(2),
            late_key: Duration::from_mins(10),
            deposit_check: Duration::from_hours(1),
            events_poll: Duration::from_secs(3),
            heartbeat: Duration::from_secs(15),
            shutdown: Duration::from_millis(1500),
        }
    }
}
