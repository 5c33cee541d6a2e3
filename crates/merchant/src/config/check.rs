//! From text to checked settings.

use std::{net::SocketAddr, time::Duration};

use toss_checkout_contract::KeyMode;
use url::Url;

use super::{
    Args, Config, ConfigError, DOCS_SECRET_KEY, EventSettings, Limits, MerchantApiKey, TOSS_API,
    Timing, shops,
    wrong::{Checked, ConfigErrors, Wrong, refuse},
};
use crate::{application::ShopKeys, crypto::KeyRing};

impl TryFrom<Args> for Config {
    type Error = ConfigError;

    /// Checks every setting and how they fit together.
    ///
    /// # Errors
    /// The first that cannot be used, with the fix.
    fn try_from(args: Args) -> Checked<Self> {
        Self::check(args).map_err(|wrong| wrong.first)
    }
}

impl Config {
    /// Checks every setting and how they fit together.
    ///
    /// # Errors
    /// All that cannot be used, each with its fix.
    ///
    /// # Panics
    /// Never: what could not be read is an error.
    pub fn check(args: Args) -> Result<Self, ConfigErrors> {
        let mut wrong = Wrong::default();
        let mut warnings = Vec::new();
        let shops = shops::read(&args, &mut wrong);
        let toss_api = wrong.unless(address("TOSS_API_BASE", &args.toss_api_base));
        let sdk_url = wrong.unless(address("TOSS_SDK_URL", &args.toss_sdk_url));
        let mut sandbox_clock = None;
        if let (Some(shops), Some(toss_api), Some(sdk_url)) = (&shops, &toss_api, &sdk_url) {
            let mode = shops::mode(shops);
            if mode == KeyMode::Live {
                wrong.unless(live(toss_api, sdk_url));
            }
            let shared = |shop: &ShopKeys| shop.secret_key.expose() == DOCS_SECRET_KEY;
            if shops.iter().any(shared) && is_toss(toss_api) {
                warnings.push(
                    "the keys are those of Toss's documentation, which everybody shares: never put real data through them"
                        .to_owned(),
                );
            }
            let clock = self::sandbox_clock(&args, mode, toss_api);
            sandbox_clock = wrong.unless(clock).flatten();
        }
        if let Some(address) = &sandbox_clock {
            warnings.push(format!(
                "time is what the sandbox at {address} says (TOSS_SANDBOX_CLOCK)"
            ));
        }
        let merchant_api_key = wrong.unless(merchant_api_key(&args));
        if args.key_in_enabled {
            warnings.push(
                "cards may be registered by their number (KEY_IN_ENABLED): whatever handles those numbers is subject to PCI DSS"
                    .to_owned(),
            );
        }
        let keys = wrong.unless(key_ring(&args));
        let events = wrong.unless(EventSettings::read(&args));
        if args.event_allow_private {
            warnings.push(
                "events may go to inner networks and by plain http (EVENT_ALLOW_PRIVATE): whoever may set an endpoint reaches them"
                    .to_owned(),
            );
        }
        let listen = wrong.unless(listen(&args.listen));
        let public_origin = wrong.unless(public_origin(&args));
        let database_url = wrong.unless(database_url(args.database_url));
        let allowed_origins = wrong.unless(allowed_origins(&args.allowed_origins));
        let subscriptions = super::subscriptions::check(&args.subscriptions, &mut wrong.0);
        let mut wrong = wrong.0.into_iter();
        if let Some(first) = wrong.next() {
            let others = wrong.collect();
            return Err(ConfigErrors { first, others });
        }
        let config = (|| {
            Some(Self {
                listen: listen?,
                public_origin: public_origin?,
                database_url: database_url?,
                shops: shops?,
                toss_api: toss_api?,
                sandbox_clock,
                sdk_url: sdk_url?,
                merchant_api_key: merchant_api_key?,
                key_in: args.key_in_enabled,
                keys: keys?,
                subscriptions,
                events: events?,
                allowed_origins: allowed_origins?,
                page_dir: args.page_dir,
                trust_proxy: args.trust_proxy,
                timing: Timing {
                    retention: days(args.webhook_retention_days),
                    event_retention: Some(args.event_retention_days)
                        .filter(|days| *days > 0)
                        .map(days),
                    ..Timing::default()
                },
                limits: Limits {
                    connections: args.max_connections.into(),
                    ..Limits::default()
                },
                warnings,
            })
        })();
        #[expect(
            clippy::expect_used,
            reason = "a setting that could not be read is an error above"
        )]
        Ok(config.expect("every setting was read"))
    }
}

fn days(days: u16) -> Duration {
    Duration::from_hours(24 * u64::from(days))
}

fn listen(text: &str) -> Checked<SocketAddr> {
    text.replace("localhost", "127.0.0.1").parse().or_else(|_| {
        refuse(
            "LISTEN",
            format!(
                "'{text}' is not an address with a port, such as 127.0.0.1:8080 or 0.0.0.0:8080"
            ),
        )
    })
}

fn public_origin(args: &Args) -> Checked<Option<String>> {
    args.public_origin
        .as_deref()
        .filter(|text| !text.is_empty())
        .map(|text| origin("PUBLIC_ORIGIN", text))
        .transpose()
}

fn allowed_origins(text: &str) -> Checked<Vec<String>> {
    text.split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .map(|entry| {
            if entry == "*" {
                return refuse(
                    "ALLOWED_ORIGINS",
                    "'*' would let every site on the web use your checkout; list the origins that embed the page",
                );
            }
            origin("ALLOWED_ORIGINS", entry)
        })
        .collect()
}

/// Scheme, host and port, nothing behind.
fn origin(name: &'static str, text: &str) -> Checked<String> {
    let trimmed = text.strip_suffix('/').unwrap_or(text);
    match Url::parse(trimmed) {
        Ok(url)
            if matches!(url.scheme(), "http" | "https")
                && url.origin().ascii_serialization() == trimmed =>
        {
            Ok(trimmed.to_owned())
        }
        _ => refuse(
            name,
            format!(
                "'{text}' is not an origin; write scheme and host only, such as https://shop.example.com"
            ),
        ),
    }
}

fn address(name: &'static str, text: &str) -> Checked<Url> {
    match Url::parse(text) {
        Ok(url)
            if matches!(url.scheme(), "http" | "https")
                && url.host().is_some()
                && url.username().is_empty()
                && url.password().is_none()
                && url.query().is_none()
                && url.fragment().is_none() =>
        {
            Ok(url)
        }
        _ => refuse(
            name,
            format!("'{text}' is not an http(s) address without user, query or fragment"),
        ),
    }
}

fn database_url(text: String) -> Checked<String> {
    const NAME: &str = "DATABASE_URL";
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return match Url::parse(&text) {
            Ok(url) if url.host().is_some() && url.path().len() > 1 => Ok(text),
            _ => refuse(
                NAME,
                "is no address of a PostgreSQL database, such as postgres://user:password@127.0.0.1:5432/checkout",
            ),
        };
    }
    let Some(path) = text.strip_prefix("sqlite:") else {
        return refuse(
            NAME,
            "begins neither with sqlite:// nor with postgres://; write sqlite:///var/lib/shop/checkout.db or postgres://user:password@127.0.0.1:5432/checkout",
        );
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    let file = path.split('?').next().unwrap_or_default();
    if file.is_empty() || file.contains(":memory:") || path.contains("mode=memory") {
        return refuse(
            NAME,
            "names no file; what was paid must outlive the process, so write sqlite://toss-checkout.db",
        );
    }
    Ok(text)
}

fn live(api: &Url, sdk: &Url) -> Checked<()> {
    if !is_toss(api) {
        return refuse(
            "TOSS_API_BASE",
            format!(
                "a live key is only ever sent to {TOSS_API}; remove TOSS_API_BASE, or use test keys with the sandbox"
            ),
        );
    }
    if sdk.scheme() != "https" || sdk.host_str() != Some("js.tosspayments.com") {
        return refuse(
            "TOSS_SDK_URL",
            "with live keys the SDK comes from https://js.tosspayments.com only; remove TOSS_SDK_URL, or use test keys with the sandbox",
        );
    }
    Ok(())
}

/// Somebody else's clock decides when customers are charged: only where no money moves.
fn sandbox_clock(args: &Args, mode: KeyMode, api: &Url) -> Checked<Option<Url>> {
    const NAME: &str = "TOSS_SANDBOX_CLOCK";
    let Some(text) = args
        .toss_sandbox_clock
        .as_deref()
        .filter(|text| !text.is_empty())
    else {
        return Ok(None);
    };
    if mode == KeyMode::Live || is_toss(api) {
        return refuse(
            NAME,
            "is for development with the sandbox only; remove it, or use test keys and set TOSS_API_BASE to the sandbox",
        );
    }
    let url = address(NAME, text)?;
    if url.scheme() != "http" {
        return refuse(
            NAME,
            format!("'{text}' is not the plain http address of a sandbox"),
        );
    }
    Ok(Some(url))
}

fn is_toss(api: &Url) -> bool {
    api.origin().ascii_serialization() == TOSS_API
}

fn merchant_api_key(args: &Args) -> Checked<MerchantApiKey> {
    const NAME: &str = "MERCHANT_API_KEY";
    let text = match args.merchant_api_key.as_ref().map(super::Hidden::expose) {
        Some(text) if !text.is_empty() => text,
        _ => {
            return refuse(
                NAME,
                "is not set; your server needs it to create sessions. Make one with: openssl rand -hex 32",
            );
        }
    };
    MerchantApiKey::new(text).or_else(|problem| refuse(NAME, problem))
}

fn key_ring(args: &Args) -> Checked<KeyRing> {
    const NAME: &str = "BILLING_KEY_ENCRYPTION_KEYS";
    const FIX: &str = "write k1: followed by the output of: openssl rand -base64 32";
    match args
        .billing_key_encryption_keys
        .as_ref()
        .map(super::Hidden::expose)
    {
        Some(text) if !text.is_empty() => {
            KeyRing::parse(text).or_else(|problem| refuse(NAME, format!("{problem}; {FIX}")))
        }
        _ => refuse(
            NAME,
            format!("is not set; billing keys are never stored in the clear, so {FIX}"),
        ),
    }
}
