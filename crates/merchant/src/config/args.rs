//! Flags and environment variables as text.

use std::{convert::Infallible, path::PathBuf, str::FromStr};

use clap::{ArgAction, Parser, builder::FalseyValueParser};

use super::Limits;

/// Text that never appears in `--help`, errors or logs.
#[derive(Clone)]
pub struct Hidden(String);

impl Hidden {
    /// The text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Hidden {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.trim().to_owned()))
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// Settings as text.
#[derive(Debug, Clone, Parser)]
pub struct Args {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,

    /// Origin under which buyers reach this server, such as `https://pay.example.com` [default: the
    /// address listened on]
    #[arg(long, env = "PUBLIC_ORIGIN")]
    pub public_origin: Option<String>,

    /// Database: sqlite:// with a file, which is created when it does not exist, or postgres://
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite://toss-checkout.db"
    )]
    pub database_url: String,

    /// Client key from Toss's developer centre (API 개별 연동 키)
    #[arg(long, env = "TOSS_CLIENT_KEY")]
    pub toss_client_key: Option<String>,

    /// Secret key of the same pair
    #[arg(long, env = "TOSS_SECRET_KEY", hide_env_values = true)]
    pub toss_secret_key: Option<Hidden>,

    /// What this pair is contracted for: payment, billing or both [default: both; payment when there is a
    /// second pair for billing]
    #[arg(long, env = "TOSS_KEY_PURPOSE")]
    pub toss_key_purpose: Option<String>,

    /// Client key of a second contract, for automatic payment alone: Toss gives a shop that takes virtual
    /// accounts, too, one contract for each
    #[arg(long, env = "TOSS_BILLING_CLIENT_KEY")]
    pub toss_billing_client_key: Option<String>,

    /// Secret key of the second contract
    #[arg(long, env = "TOSS_BILLING_SECRET_KEY", hide_env_values = true)]
    pub toss_billing_secret_key: Option<Hidden>,

    /// Toss's REST API, or the sandbox
    #[arg(long, env = "TOSS_API_BASE", default_value = super::TOSS_API)]
    pub toss_api_base: String,

    /// In development: the sandbox whose clock is followed, such as `http://127.0.0.1:8090`. Never with
    /// live keys or Toss itself
    #[arg(long, env = "TOSS_SANDBOX_CLOCK")]
    pub toss_sandbox_clock: Option<String>,

    /// SDK script that the page loads
    #[arg(long, env = "TOSS_SDK_URL", default_value = super::TOSS_SDK)]
    pub toss_sdk_url: String,

    /// Bearer key with which your own server calls /api/sessions, at least 20 characters
    #[arg(long, env = "MERCHANT_API_KEY", hide_env_values = true)]
    pub merchant_api_key: Option<Hidden>,

    /// Let your own server register cards by their number, where your contract with Toss allows it. It then
    /// handles card numbers and is subject to PCI DSS
    #[arg(long, env = "KEY_IN_ENABLED", action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    pub key_in_enabled: bool,

    /// Keys that seal billing keys at rest: id:base64 of 32 bytes, newest first, separated by commas
    #[arg(long, env = "BILLING_KEY_ENCRYPTION_KEYS", hide_env_values = true)]
    pub billing_key_encryption_keys: Option<Hidden>,

    /// Addresses of your server that get signed events, separated by commas
    #[arg(long, env = "EVENT_URL")]
    pub event_url: Option<String>,

    /// Their signing secrets (whsec_…) in the same order, separated by commas; two with a space between
    /// them while one is replaced, the newest first
    #[arg(long, env = "EVENT_SECRET", hide_env_values = true)]
    pub event_secret: Option<Hidden>,

    /// Let events go to private addresses and by plain http: in development, or when your server is in
    /// the same network
    #[arg(long, env = "EVENT_ALLOW_PRIVATE", action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    pub event_allow_private: bool,

    /// Days after which events are deleted that every endpoint has; 0 keeps them
    #[arg(long, env = "EVENT_RETENTION_DAYS", default_value_t = 365)]
    pub event_retention_days: u16,

    /// Days after which webhooks are deleted that were worked on, and what fail pages reported: at least 7,
    /// since Toss repeats webhooks for days
    #[arg(long, env = "WEBHOOK_RETENTION_DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(7..))]
    pub webhook_retention_days: u16,

    /// When and how subscriptions are charged
    #[command(flatten)]
    pub subscriptions: super::subscriptions::SubscriptionArgs,

    /// Origins of other sites that embed the page and call /api/checkout, separated by commas
    #[arg(
        long,
        env = "ALLOWED_ORIGINS",
        default_value = "",
        hide_default_value = true
    )]
    pub allowed_origins: String,

    /// Folder of the built page, served under /checkout/
    #[arg(long, env = "PAGE_DIR", default_value = "dist")]
    pub page_dir: PathBuf,

    /// Take the caller's address from the last X-Forwarded-For entry: only behind your own proxy
    #[arg(long, env = "TRUST_PROXY", action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    pub trust_proxy: bool,

    /// Connections that may be open at once; fewer when the process may not open that many files
    #[arg(long, env = "MAX_CONNECTIONS", default_value_t = Limits::CONNECTIONS, value_parser = clap::value_parser!(u16).range(1..))]
    pub max_connections: u16,
}
