//! What can be seen without asking anybody.

use std::net::IpAddr;

use toss_checkout_contract::KeyMode;
use url::{Host, Url};

use super::Check;
use crate::{
    application::ShopKeys,
    config::{Config, PairNames},
};

pub(super) fn examine(config: &Config) -> Vec<Check> {
    let mut checks = vec![
        Check::pass("settings", "every setting can be used"),
        public_origin(config),
        page(config),
    ];
    checks.extend(keys(config));
    let warnings = config.warnings.iter();
    checks.extend(warnings.map(|warning| Check::warn("settings", warning.clone())));
    for origin in &config.allowed_origins {
        if is_live(config) && !origin.starts_with("https://") {
            checks.push(Check::fail(
                "ALLOWED_ORIGINS",
                format!("{origin} is not https; buyers pay with live keys on https pages only"),
            ));
        }
    }
    checks.push(Check::by_hand(
        "BILLING_KEY_ENCRYPTION_KEYS",
        "keep a copy in another safe than the database's backup: without it no registered card can be charged",
    ));
    checks
}

fn is_live(config: &Config) -> bool {
    config.mode() == KeyMode::Live
}

fn keys(config: &Config) -> Vec<Check> {
    let check = |shop: &ShopKeys| {
        let client = PairNames::of(&shop.id).client;
        match shop.client_key.mode() {
            KeyMode::Live => Check::pass(client, "a live key: real money moves"),
            KeyMode::Test => Check::warn(
                client,
                "a test key: no real money moves. To sell, take the live pair (live_ck_…, live_sk_…) from Toss's developer centre",
            ),
        }
    };
    config.shops.iter().map(check).collect()
}

fn public_origin(config: &Config) -> Check {
    const SUBJECT: &str = "PUBLIC_ORIGIN";
    let Some(origin) = &config.public_origin else {
        let text = "is not set, so links for buyers hold the address listened on; set it to what buyers see, such as https://pay.example.com";
        return if is_live(config) {
            Check::fail(SUBJECT, text)
        } else {
            Check::warn(SUBJECT, text)
        };
    };
    let private = Url::parse(origin).is_ok_and(|url| is_private(&url));
    match (origin.starts_with("https://"), private) {
        (true, false) => Check::pass(SUBJECT, format!("{origin} is a public https address")),
        _ if is_live(config) => Check::fail(
            SUBJECT,
            format!(
                "{origin} is not a public https address, as buyers, Toss's window and Toss's webhooks need it"
            ),
        ),
        _ => Check::warn(
            SUBJECT,
            format!("{origin} is not a public https address: Toss's webhooks cannot reach it"),
        ),
    }
}

fn is_private(url: &Url) -> bool {
    match url.host() {
        None => true,
        Some(Host::Domain(name)) => {
            !name.contains('.')
                || [".localhost", ".local", ".test", ".internal"]
                    .iter()
                    .any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(ip)) => ip.is_private() || is_local(ip.into()) || ip.is_link_local(),
        Some(Host::Ipv6(ip)) => {
            ip.is_unique_local() || is_local(ip.into()) || ip.is_unicast_link_local()
        }
    }
}

fn is_local(ip: IpAddr) -> bool {
    ip.is_loopback() || ip.is_unspecified()
}

fn page(config: &Config) -> Check {
    const SUBJECT: &str = "PAGE_DIR";
    let index = config.page_dir.join("index.html");
    if index.is_file() {
        return Check::pass(SUBJECT, "holds the built page");
    }
    Check::fail(
        SUBJECT,
        format!(
            "{} does not exist; build the page and name the folder that holds it",
            index.display()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_buyers_cannot_reach_is_private() {
        for private in [
            "https://localhost",
            "https://shop",
            "https://shop.local",
            "https://10.0.0.1",
            "https://127.0.0.1:8080",
            "https://[::1]",
            "https://[fd00::1]",
        ] {
            assert!(is_private(&private.parse().unwrap()), "{private}");
        }
        for public in ["https://pay.example.com", "https://203.0.113.7"] {
            assert!(!is_private(&public.parse().unwrap()), "{public}");
        }
    }
}
