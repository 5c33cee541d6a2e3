//! What the sandbox is started with, and what it refuses.

use std::{net::SocketAddr, path::PathBuf};

use thiserror::Error;
use toss_model::{KeyPair, Rules, shop::KeyError};
use url::Url;

use crate::webhooks::WebhookTarget;

/// What the sandbox is started with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 takes any free port.
    pub listen: SocketAddr,
    /// Whether another address than a loopback one may be listened on.
    pub allow_remote: bool,
    /// Where webhooks go, and which; `http` only.
    pub webhook_urls: Vec<WebhookTarget>,
    /// Multiplies the waits between webhook attempts, which are 1, 4, 16 … minutes at 1.0.
    pub webhook_retry_scale: f64,
    /// Makes generated names repeat.
    pub seed: Option<u64>,
    /// The shops that are known.
    pub shops: Vec<KeyPair>,
    /// What Toss's documents leave open.
    pub rules: Rules,
    /// Requests per minute that each secret key may ask of each API; more are answered 429.
    pub rate_limit: Option<u32>,
    /// Where what happened is kept over a restart.
    pub state_file: Option<PathBuf>,
}

/// Why a configuration is refused.
#[derive(Debug, Error, PartialEq)]
pub enum ConfigError {
    /// Anybody who reaches the sandbox can do anything in it.
    #[error(
        "{0} is not a loopback address, and the sandbox has no passwords: whoever reaches it can use it. Listen on 127.0.0.1, or add --allow-remote if that is what you want"
    )]
    Remote(SocketAddr),
    /// The client has no TLS.
    #[error(
        "the webhook address {0} is not plain http: the sandbox calls servers on this machine and speaks no TLS"
    )]
    WebhookUrl(Url),
    /// Not a factor.
    #[error("the webhook retry scale must be a number from 0 to 1000, not {0}")]
    Scale(f64),
    /// Nobody could ask anything.
    #[error("the rate limit is at least 1 request per minute; Toss's test environment allows 100")]
    RateLimit,
    /// Nobody could use it.
    #[error("at least one pair of individual keys (test_ck_… with test_sk_…) is needed")]
    NoShop,
}

impl Config {
    /// The defaults: any free loopback port, Toss's documentation keys, no webhooks.
    ///
    /// # Errors
    /// None in practice; see [`KeyPair::documented`].
    pub fn local() -> Result<Self, KeyError> {
        Ok(Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            allow_remote: false,
            webhook_urls: Vec::new(),
            webhook_retry_scale: 1.0,
            seed: None,
            shops: KeyPair::documented()?,
            rules: Rules::default(),
            rate_limit: None,
            state_file: None,
        })
    }

    /// Refuses what would be dangerous or cannot work.
    ///
    /// # Errors
    /// The first thing that is wrong, with the fix.
    pub fn check(&self) -> Result<(), ConfigError> {
        if !self.listen.ip().is_loopback() && !self.allow_remote {
            return Err(ConfigError::Remote(self.listen));
        }
        let mut urls = self.webhook_urls.iter().map(|target| &target.url);
        if let Some(url) = urls.find(|url| url.scheme() != "http") {
            return Err(ConfigError::WebhookUrl(url.clone()));
        }
        if self.rate_limit == Some(0) {
            return Err(ConfigError::RateLimit);
        }
        if !(0.0..=1000.0).contains(&self.webhook_retry_scale) {
            return Err(ConfigError::Scale(self.webhook_retry_scale));
        }
        if !self.shops.iter().any(KeyPair::is_individual) {
            return Err(ConfigError::NoShop);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_unless_told_otherwise() {
        let mut config = Config::local().unwrap();
        assert_eq!(config.check(), Ok(()));
        config.listen = "[::1]:0".parse().unwrap();
        assert_eq!(config.check(), Ok(()));
        config.listen = "0.0.0.0:8090".parse().unwrap();
        assert!(matches!(config.check(), Err(ConfigError::Remote(_))));
        config.allow_remote = true;
        assert_eq!(config.check(), Ok(()));
    }

    #[test]
    fn what_cannot_work_is_refused() {
        let mut config = Config::local().unwrap();
        config.webhook_urls = vec!["https://shop.example/hook".parse().unwrap()];
        assert!(matches!(config.check(), Err(ConfigError::WebhookUrl(_))));
        let mut config = Config::local().unwrap();
        config.webhook_retry_scale = f64::NAN;
        assert!(matches!(config.check(), Err(ConfigError::Scale(_))));
        let mut config = Config::local().unwrap();
        config.shops.retain(|pair| !pair.is_individual());
        assert_eq!(config.check(), Err(ConfigError::NoShop));
    }
}
