//! What Toss and the public address say.

use std::{error::Error, time::Duration};

use reqwest::{Client, Response, StatusCode, header::DATE};
use serde::Deserialize;
use time::OffsetDateTime;
use toss_checkout_contract::OrderId;
use url::Url;
use uuid::Uuid;

use super::Check;
use crate::{
    application::ShopKeys,
    config::{Config, PairNames},
    domain::{ids::ShopId, shop::ShopPurpose},
};

const PATIENCE: Duration = Duration::from_secs(10);
/// Beyond it, deadlines of virtual accounts and leases between copies are no longer what they say.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(30);
/// What this program was written for.
/// Source: <https://docs.tosspayments.com/reference/versioning>.
const API_VERSIONS: [&str; 2] = ["2022-11-16", "2024-06-01"];

/// `paid`: for each shop an order that was paid with its keys.
pub(super) async fn examine(
    config: &Config,
    order: Option<&str>,
    paid: &[(ShopId, OrderId)],
) -> Vec<Check> {
    let http = match client(config) {
        Ok(http) => http,
        Err(error) => {
            let text = format!(
                "cannot be set up: {}; install the package ca-certificates",
                causes(&error)
            );
            return vec![Check::fail("HTTPS", text)];
        }
    };
    let mut checks = toss(config, &http, order, paid).await;
    if let Some(origin) = &config.public_origin {
        checks.push(webhooks(&http, origin).await);
    }
    checks
}

fn client(config: &Config) -> reqwest::Result<Client> {
    // Only the first call has an effect; reqwest asks for the process-wide provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none());
    let needs_certificates = config.toss_api.scheme() == "https"
        || config
            .public_origin
            .as_deref()
            .is_some_and(|origin| origin.starts_with("https:"));
    if !needs_certificates {
        // The sandbox runs where no certificates are installed, and no proxy stands before it.
        builder = builder.tls_certs_only([]).no_proxy();
    }
    builder.build()
}

/// A refusal of Toss's.
#[derive(Deserialize)]
struct Refusal {
    code: String,
}

/// What is read of a payment.
#[derive(Deserialize)]
struct Payment {
    version: String,
}

/// Looks an order up with every secret key: harmless, and refused when the key is.
async fn toss(
    config: &Config,
    http: &Client,
    named: Option<&str>,
    paid: &[(ShopId, OrderId)],
) -> Vec<Check> {
    let base = &config.toss_api;
    let made_up = format!("doctor-{}", Uuid::new_v4().simple());
    let mut checks = Vec::new();
    for shop in &config.shops {
        let of_shop = paid.iter().find(|(id, _)| *id == shop.id);
        let order = match (named, of_shop) {
            (Some(id), _) => Some(Order {
                id,
                from: if config.shops.len() > 1 {
                    From::AnyPair
                } else {
                    From::Operator
                },
            }),
            (None, Some((_, id))) => Some(Order {
                id: id.as_str(),
                from: From::Records,
            }),
            (None, None) => None,
        };
        let url = match lookup(base, order.map_or(&made_up, |order| order.id)) {
            Ok(url) => url,
            Err(check) => return vec![check],
        };
        let request = http.get(url).basic_auth(shop.secret_key.expose(), Some(""));
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => {
                let text = format!(
                    "{base} does not answer: {}; check the address, DNS and the firewall for outgoing connections",
                    causes(&error)
                );
                checks.push(Check::fail("TOSS_API_BASE", text));
                return checks;
            }
        };
        if checks.is_empty() {
            checks.push(Check::pass("TOSS_API_BASE", format!("{base} answers")));
            checks.push(clock(&answer));
        }
        checks.extend(key(shop, answer, order).await);
    }
    checks
}

fn lookup(base: &Url, order: &str) -> Result<Url, Check> {
    let mut url = base.clone();
    match url.path_segments_mut() {
        Ok(mut path) => {
            path.pop_if_empty()
                .extend(["v1", "payments", "orders", order]);
        }
        Err(()) => return Err(Check::fail("TOSS_API_BASE", "cannot carry a path")),
    }
    Ok(url)
}

/// An order that was paid.
#[derive(Clone, Copy)]
struct Order<'a> {
    id: &'a str,
    from: From,
}

/// With whose keys an order was paid.
#[derive(Clone, Copy)]
enum From {
    /// With these, says the operator.
    Operator,
    /// With these or another pair.
    AnyPair,
    /// With these, say the records.
    Records,
}

async fn key(shop: &ShopKeys, answer: Response, order: Option<Order<'_>>) -> Vec<Check> {
    const VERSION: &str = "API version";
    let PairNames { client, secret } = PairNames::of(&shop.id);
    let status = answer.status();
    let accepted = Check::pass(
        secret,
        format!(
            "Toss accepts it; meant for {}",
            match shop.purpose {
                ShopPurpose::Payment => "payments",
                ShopPurpose::Billing => "automatic payment",
                ShopPurpose::Both => "payments and automatic payment",
            }
        ),
    );
    let body = answer.bytes().await.unwrap_or_default();
    let code = serde_json::from_slice::<Refusal>(&body).map(|refusal| refusal.code);
    let code = code.as_deref().unwrap_or("no code");
    match (status, code) {
        (StatusCode::OK, _) => match serde_json::from_slice::<Payment>(&body) {
            Ok(Payment { version }) if API_VERSIONS.contains(&version.as_str()) => {
                vec![accepted, Check::pass(VERSION, version)]
            }
            Ok(Payment { version }) => {
                let known = API_VERSIONS.join(" or ");
                let text = format!(
                    "is {version}; this program is written for {known}: choose one of them for these keys in Toss's developer centre"
                );
                vec![accepted, Check::fail(VERSION, text)]
            }
            Err(error) => {
                let text = format!("the order's payment cannot be read: {error}");
                vec![accepted, Check::fail(VERSION, text)]
            }
        },
        (StatusCode::NOT_FOUND, "NOT_FOUND_PAYMENT" | "NOT_FOUND") => {
            let version = match order {
                Some(Order {
                    id,
                    from: From::Records,
                }) => {
                    let text = format!(
                        "Toss accepts it, and does not know the order {id}, which was paid with this contract: it is the key of another merchant id; copy it again from the same line of the developer centre as {client} (a sandbox that was started anew has forgotten its orders)"
                    );
                    return vec![Check::fail(secret, text)];
                }
                Some(Order {
                    id,
                    from: From::AnyPair,
                }) => Check::by_hand(
                    VERSION,
                    format!(
                        "{client} has no order {id}; run doctor --order with one that was paid with it, too"
                    ),
                ),
                Some(Order { id, .. }) => Check::fail(
                    VERSION,
                    format!("these keys have no order {id}; name one that was paid with them"),
                ),
                None => Check::by_hand(
                    VERSION,
                    "only a payment tells it: pay once, then run doctor --order with its order number",
                ),
            };
            vec![accepted, version]
        }
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, code) => vec![Check::fail(
            secret,
            format!(
                "Toss refuses it ({status}, {code}): copy it again from the same line of the developer centre as {client}"
            ),
        )],
        (status, code) => vec![Check::fail(
            secret,
            format!("Toss answers a look-up with {status}, {code}; is TOSS_API_BASE Toss's API?"),
        )],
    }
}

fn clock(answer: &Response) -> Check {
    const SUBJECT: &str = "clock";
    let date = answer
        .headers()
        .get(DATE)
        .and_then(|date| date.to_str().ok());
    let Some(there) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
        return Check::warn(SUBJECT, "Toss's answer has no Date header to compare with");
    };
    let apart = (OffsetDateTime::now_utc() - OffsetDateTime::from(there)).unsigned_abs();
    let seconds = apart.as_secs();
    if apart <= CLOCK_TOLERANCE {
        return Check::pass(SUBJECT, format!("{seconds} s from Toss's"));
    }
    Check::fail(
        SUBJECT,
        format!(
            "{seconds} s from Toss's: sessions and virtual accounts end at the wrong time. Synchronise it, for example with chrony or systemd-timesyncd"
        ),
    )
}

/// Sends what is no webhook to the public address: this program, and nothing else, refuses it in its own
/// words.
async fn webhooks(http: &Client, origin: &str) -> Check {
    const SUBJECT: &str = "webhooks";
    let url = format!("{origin}/webhooks/toss");
    let request = http.post(&url).header("content-type", "application/json");
    let answer = match request.body("[]").send().await {
        Ok(answer) => answer,
        Err(error) => {
            let text = format!(
                "{url} cannot be reached: {}; start the server, and check DNS, certificate, proxy and firewall",
                causes(&error)
            );
            return Check::fail(SUBJECT, text);
        }
    };
    let status = answer.status();
    let ours = answer.headers().contains_key("x-trace-id");
    let body = answer.bytes().await.unwrap_or_default();
    let refused = serde_json::from_slice::<Refusal>(&body)
        .is_ok_and(|refusal| refusal.code == toss_checkout_contract::codes::INVALID_REQUEST);
    if ours && refused {
        return Check::pass(
            SUBJECT,
            format!("{url} is reached from here; register it in Toss's developer centre"),
        );
    }
    Check::fail(
        SUBJECT,
        format!(
            "{url} is answered with {status} by something else; let the proxy pass /webhooks/toss on to this server"
        ),
    )
}

/// The causes without the outermost text, which repeats the address.
fn causes(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    match causes.as_slice() {
        [] if error.is_timeout() => "time-out".to_owned(),
        [] => "broken".to_owned(),
        causes => causes.join(": "),
    }
}
