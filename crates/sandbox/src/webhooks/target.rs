//! Which events go to which address: what the developer centre registers.
//! Source: <https://docs.tosspayments.com/guides/v2/webhook>.

use std::{collections::BTreeSet, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

use crate::event_type::EventType;

/// An address, and what it is registered for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookTarget {
    /// Where to; `http` only.
    pub url: Url,
    /// Which events; all of them when not said.
    #[serde(default = "all")]
    pub events: BTreeSet<EventType>,
    /// Whose events; every merchant's when not said.
    #[serde(default)]
    pub merchant_id: Option<String>,
}

fn all() -> BTreeSet<EventType> {
    EventType::ALL.into()
}

/// Why a registration cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TargetError {
    /// No address.
    #[error("{0:?} is no address; write URL, or EVENT+EVENT=URL, or EVENT+EVENT@MERCHANT_ID=URL")]
    Url(String),
    /// No such event.
    #[error("unknown event {0:?}; known are {names}", names = EventType::ALL.map(EventType::as_str).join(", "))]
    Event(String),
}

impl From<Url> for WebhookTarget {
    fn from(url: Url) -> Self {
        Self {
            url,
            events: all(),
            merchant_id: None,
        }
    }
}

impl FromStr for WebhookTarget {
    type Err = TargetError;

    /// Reads `URL`, `EVENT+EVENT=URL` or `EVENT+EVENT@MERCHANT_ID=URL`.
    fn from_str(text: &str) -> Result<Self, TargetError> {
        let text = text.trim();
        let address = |text: &str| Url::parse(text).map_err(|_| TargetError::Url(text.to_owned()));
        if let Ok(url) = address(text) {
            return Ok(url.into());
        }
        let (what, url) = text
            .split_once('=')
            .ok_or_else(|| TargetError::Url(text.to_owned()))?;
        let (names, merchant_id) = match what.split_once('@') {
            Some((names, merchant)) => (names, Some(merchant.to_owned())),
            None => (what, None),
        };
        let event = |name: &str| {
            EventType::ALL
                .into_iter()
                .find(|event| event.as_str() == name)
                .ok_or_else(|| TargetError::Event(name.to_owned()))
        };
        Ok(Self {
            url: address(url)?,
            events: names.split('+').map(event).collect::<Result<_, _>>()?,
            merchant_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_address_hears_everything() {
        let target: WebhookTarget = "http://127.0.0.1:8080/hook?a=b".parse().unwrap();
        assert_eq!(target.events, all());
        let one: WebhookTarget = "DEPOSIT_CALLBACK=http://a.test/".parse().unwrap();
        assert_eq!(one.events, [EventType::DepositCallback].into());
        let text = "BILLING_DELETED+DEPOSIT_CALLBACK@shop=http://a.test/?x=y";
        let two: WebhookTarget = text.parse().unwrap();
        assert_eq!(
            (two.events.len(), two.merchant_id.as_deref()),
            (2, Some("shop"))
        );
        assert_eq!(two.url.query(), Some("x=y"));
        for bad in ["", "hook", "MOON=http://a.test/", "DEPOSIT_CALLBACK=moon"] {
            assert!(bad.parse::<WebhookTarget>().is_err(), "{bad}");
        }
    }
}
