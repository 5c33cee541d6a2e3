//! What the operator sets, and what is refused before anything starts.

mod args;
mod check;
mod events;
mod limits;
mod shops;
mod subscriptions;
mod wrong;

use std::{net::SocketAddr, path::PathBuf};

use thiserror::Error;
use toss_checkout_contract::KeyMode;
use url::Url;

pub use self::{
    args::{Args, Hidden},
    events::EventSettings,
    limits::Limits,
    shops::PairNames,
    subscriptions::SubscriptionArgs,
    wrong::ConfigErrors,
};
pub use crate::timing::Timing;
use crate::{
    application::ShopKeys,
    crypto::{self, KeyRing},
    domain::subscription::rules::SubscriptionRules,
};

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
    /// When subscriptions are charged, and what happens when they are not paid.
    pub subscriptions: SubscriptionRules,
    /// The origin under which buyers reach this server; `None` means the address bound.
    pub public_origin: Option<String>,
    /// A `sqlite://` or `postgres://` address.
    pub database_url: String,
    /// The configured key pairs, the default one first. All are of the same mode.
    pub shops: Vec<ShopKeys>,
    /// Toss's REST API, or the sandbox.
    pub toss_api: Url,
    /// The sandbox whose clock is followed.
    pub sandbox_clock: Option<Url>,
    /// The SDK script that the page loads.
    pub sdk_url: Url,
    /// What the merchant's own server shows to use `/api/sessions`.
    pub merchant_api_key: MerchantApiKey,
    /// Whether the merchant's server may register cards by their number.
    pub key_in: bool,
    /// Seals billing keys and one-time keys at rest.
    pub keys: KeyRing,
    /// Where events go.
    pub events: EventSettings,
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

impl Config {
    /// The address of the database without its password.
    pub fn shown_database(&self) -> String {
        match Url::parse(&self.database_url) {
            Ok(mut url) if url.password().is_some() => {
                // Only an address without a host cannot have one.
                let _ = url.set_password(Some("***"));
                url.to_string()
            }
            _ => self.database_url.clone(),
        }
    }

    /// Whether real money moves.
    pub fn mode(&self) -> KeyMode {
        shops::mode(&self.shops)
    }
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
