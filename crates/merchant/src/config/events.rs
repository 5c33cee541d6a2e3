//! Where events go.

use super::{Args, ConfigError};
use crate::{
    application::endpoints::ConfiguredEndpoint,
    domain::endpoint::{EndpointUrl, Reach},
};

const URL: &str = "EVENT_URL";
const SECRET: &str = "EVENT_SECRET";
const MAKE_ONE: &str = "make one with: echo whsec_$(openssl rand -base64 32)";
/// The newest and the one before it.
const MAX_SECRETS: usize = 2;

/// Receivers of events, and what addresses they may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSettings {
    /// Those that the configuration sets; the API may set others.
    pub endpoints: Vec<ConfiguredEndpoint>,
    /// Whether they may be in inner networks.
    pub reach: Reach,
}

impl EventSettings {
    pub(super) fn read(args: &Args) -> Result<Self, ConfigError> {
        let reach = if args.event_allow_private {
            Reach::Anywhere
        } else {
            Reach::Public
        };
        let urls = entries(args.event_url.as_deref().unwrap_or_default());
        let secrets = args.event_secret.as_ref();
        let secrets = entries(secrets.map_or("", super::Hidden::expose));
        if urls.len() != secrets.len() {
            return Err(ConfigError {
                name: SECRET,
                problem: format!(
                    "holds secrets for {} endpoints, but {URL} names {}; give one for each, in the same order, separated by commas; {MAKE_ONE}",
                    secrets.len(),
                    urls.len()
                ),
            });
        }
        let mut endpoints: Vec<ConfiguredEndpoint> = Vec::with_capacity(urls.len());
        for (url, secrets) in urls.into_iter().zip(secrets) {
            let endpoint = endpoint(url, secrets, reach)?;
            if endpoints.iter().any(|known| known.url == endpoint.url) {
                return Err(ConfigError {
                    name: URL,
                    problem: format!("names {url} twice"),
                });
            }
            endpoints.push(endpoint);
        }
        Ok(Self { endpoints, reach })
    }
}

fn entries(text: &str) -> Vec<&str> {
    text.split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .collect()
}

fn endpoint(url: &str, secrets: &str, reach: Reach) -> Result<ConfiguredEndpoint, ConfigError> {
    let url = EndpointUrl::parse(url, reach).map_err(|error| ConfigError {
        name: URL,
        problem: error.to_string(),
    })?;
    let problem = |what: String| ConfigError {
        name: SECRET,
        problem: format!("for {}: {what}", url.as_str()),
    };
    let secrets = secrets
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| problem(format!("{error}; {MAKE_ONE}")))?;
    if secrets.len() > MAX_SECRETS {
        return Err(problem(format!(
            "{} secrets; while the receiver changes over there are two, the newest first, with a space between them",
            secrets.len()
        )));
    }
    Ok(ConfiguredEndpoint { url, secrets })
}
