//! Faults that a test orders in advance.

mod orders;

use std::time::Duration;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

pub(crate) use self::orders::Faults;
use crate::errors::Refusal;

/// What a fault can befall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Endpoint {
    /// `POST /v1/payments/confirm`
    Confirm,
    /// `POST /v1/billing/authorizations/issue`
    Issue,
    /// `POST /v1/billing/{billingKey}`
    Charge,
    /// `GET /v1/payments/…`
    Lookup,
    /// `POST /v1/payments/{paymentKey}/cancel`
    Cancel,
    /// `POST /v1/virtual-accounts`
    Account,
    /// `POST /v1/billing/authorizations/card`
    Card,
    /// `DELETE /v1/billing/{billingKey}`
    Delete,
    /// `GET /v1/transactions`
    Transactions,
    /// `/v1/cash-receipts`
    Receipts,
    /// `GET /v2/standard`
    Sdk,
    /// Webhooks on their way out.
    Webhook,
}

impl Endpoint {
    /// The name in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Issue => "issue",
            Self::Charge => "charge",
            Self::Lookup => "lookup",
            Self::Cancel => "cancel",
            Self::Account => "account",
            Self::Card => "card",
            Self::Delete => "delete",
            Self::Transactions => "transactions",
            Self::Receipts => "receipts",
            Self::Sdk => "sdk",
            Self::Webhook => "webhook",
        }
    }
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The work begins after `delayMs`.
    Delay,
    /// Answers `status` and `code`; no work is done.
    Error,
    /// The work is done, then the connection is dropped without an answer.
    LostResponse,
    /// The connection is dropped, no work is done.
    Reset,
    /// The work is done, then half of its JSON is answered.
    Malformed,
    /// A webhook is sent twice, with the same transmission id.
    Duplicate,
    /// A webhook is never sent.
    Lost,
    /// A webhook is held back until the next one has overtaken it, a minute at most.
    Reorder,
}

impl Kind {
    /// The name in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::Error => "error",
            Self::LostResponse => "lost_response",
            Self::Reset => "reset",
            Self::Malformed => "malformed",
            Self::Duplicate => "duplicate",
            Self::Lost => "lost",
            Self::Reorder => "reorder",
        }
    }

    /// Webhooks can be late, twice, lost or overtaken; everything else can go wrong in the other ways.
    fn befalls(self, endpoint: Endpoint) -> bool {
        match self {
            Self::Delay => true,
            Self::Duplicate | Self::Lost | Self::Reorder => endpoint == Endpoint::Webhook,
            Self::Error | Self::Reset => endpoint != Endpoint::Webhook,
            Self::LostResponse | Self::Malformed => {
                !matches!(endpoint, Endpoint::Webhook | Endpoint::Sdk)
            }
        }
    }
}

/// An order: the next `count` requests to `endpoint` go wrong in this way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Fault {
    /// Where.
    pub endpoint: Endpoint,
    /// How.
    pub kind: Kind,
    /// How many times are left. When absent 1, and with a probability without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Befalls each request with this probability instead of the next ones for certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Makes the same requests fail each time; 0 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// For `delay`: milliseconds, at most 60 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// For `error`: the HTTP status; the code's own when absent, 500 for a code that is not documented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// For `error`: the code; `FAILED_INTERNAL_SYSTEM_PROCESSING` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Toss's own longest answer takes this long.
pub(crate) const MAX_DELAY_MS: u64 = 60_000;

impl Fault {
    /// Checks what JSON cannot say.
    ///
    /// # Errors
    /// A sentence about the first field that cannot be.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.count == Some(0) {
            return Err("count must be at least 1".into());
        }
        if !self.kind.befalls(self.endpoint) {
            let (kind, endpoint) = (self.kind.as_str(), self.endpoint.as_str());
            return Err(format!("{kind} cannot befall {endpoint}"));
        }
        if self
            .probability
            .is_some_and(|chance| !(chance > 0.0 && chance <= 1.0))
        {
            return Err("probability is more than 0 and at most 1".into());
        }
        if self.seed.is_some() && self.probability.is_none() {
            return Err("seed belongs to a probability".into());
        }
        match (self.kind, self.delay_ms) {
            (Kind::Delay, None) => return Err("delay needs delayMs".into()),
            (Kind::Delay, Some(ms)) if ms > MAX_DELAY_MS => {
                return Err(format!("delayMs is at most {MAX_DELAY_MS}"));
            }
            (Kind::Delay, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err("delayMs belongs to the kind delay".into()),
        }
        if self.kind != Kind::Error && (self.status.is_some() || self.code.is_some()) {
            return Err("status and code belong to the kind error".into());
        }
        if self
            .status
            .is_some_and(|status| !(400..=599).contains(&status))
        {
            return Err("status is 400 to 599".into());
        }
        if self
            .code
            .as_ref()
            .is_some_and(|code| code.is_empty() || code.len() > 100)
        {
            return Err("code is 1 to 100 characters".into());
        }
        Ok(())
    }

    /// How many times are left, for people.
    pub(crate) fn times(&self) -> String {
        match (self.probability, self.count) {
            (None, count) => count.unwrap_or(1).to_string(),
            (Some(chance), None) => format!("p={chance}"),
            (Some(chance), Some(count)) => format!("{count}, p={chance}"),
        }
    }

    /// How long the work waits.
    pub(crate) fn delay(&self) -> Duration {
        match self.kind {
            Kind::Delay => Duration::from_millis(self.delay_ms.unwrap_or(0).min(MAX_DELAY_MS)),
            _ => Duration::ZERO,
        }
    }

    /// The answer of `error`.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        (self.kind == Kind::Error).then(|| {
            let code = self
                .code
                .clone()
                .unwrap_or_else(|| "FAILED_INTERNAL_SYSTEM_PROCESSING".to_owned());
            Refusal::injected(
                code,
                self.status
                    .and_then(|status| StatusCode::from_u16(status).ok()),
            )
        })
    }
}
