//! Faults that a test orders in advance: what goes wrong with the next requests of an endpoint.

mod check;
mod mutation;
mod orders;

use std::{collections::BTreeMap, time::Duration};

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::Duration as Span;

pub use self::check::FaultError;
pub(crate) use self::orders::Faults;
use crate::{error::ApiError, event_type::EventType};

/// What a fault can apply to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Endpoint {
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
    /// `POST /v1/payments/key-in`
    KeyIn,
    /// `GET /v1/settlements`
    Settlements,
    /// `GET /v2/standard`
    Sdk,
    /// Webhooks on their way out.
    Webhook,
}

impl Endpoint {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
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
            Self::KeyIn => "keyin",
            Self::Settlements => "settlements",
            Self::Sdk => "sdk",
            Self::Webhook => "webhook",
        }
    }
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The work begins after `delayMs`.
    Delay,
    /// Answers `status` and `code`; no work is done, unless [`Fault::work_after`] says when.
    Error,
    /// The work is done, then the connection is dropped without an answer.
    LostResponse,
    /// The connection is dropped; no work is done, unless [`Fault::work_after`] says when.
    Reset,
    /// Nothing is answered until the caller gives up; no work is done, unless [`Fault::work_after`] says when.
    Timeout,
    /// The work is done, then half of its JSON is answered.
    Malformed,
    /// The work is done, then its JSON is answered with fields set and removed: see [`Fault::set`]. A webhook
    /// is sent so.
    Mutate,
    /// A webhook is sent twice, with the same transmission id.
    Duplicate,
    /// A webhook is never sent.
    Lost,
    /// A webhook is held back until the next one has overtaken it, a minute at most.
    Reorder,
}

impl FaultKind {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::Error => "error",
            Self::LostResponse => "lost_response",
            Self::Reset => "reset",
            Self::Timeout => "timeout",
            Self::Malformed => "malformed",
            Self::Mutate => "mutate",
            Self::Duplicate => "duplicate",
            Self::Lost => "lost",
            Self::Reorder => "reorder",
        }
    }
}

/// An order: the next `count` requests to `endpoint` go wrong in this way.
///
/// ```
/// use std::{collections::BTreeMap, time::Duration};
/// use toss_sandbox::{Endpoint, Fault};
///
/// // The next confirm answers 503 now, and is carried out half a minute later by the sandbox's clock.
/// Fault::error(Endpoint::Confirm, 503).work_after(Duration::from_secs(30));
/// // The next two charges get no answer at all and are never carried out.
/// Fault::timeout(Endpoint::Charge).times(2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[must_use]
pub struct Fault {
    /// Where.
    pub endpoint: Endpoint,
    /// How.
    pub kind: FaultKind,
    /// How many times are left. When absent 1, and with a probability without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Applies to each request with this probability instead of the next ones for certain.
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
    /// For `error`, `reset` and `timeout`: the work is carried out this long after the request came, by the
    /// sandbox's clock. In JSON a length of time such as `30s`.
    #[serde(default, with = "span", skip_serializing_if = "Option::is_none")]
    pub work_after: Option<Span>,
    /// The same in milliseconds of the machine's clock, at most 600 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_after_ms: Option<u64>,
    /// For `mutate`: values by their JSON Pointer, such as `/card/amount`. What is not there is added to an
    /// object that is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Value>,
    /// For `mutate`: JSON Pointers of fields that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
    /// For webhooks: only of this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventType>,
    /// For webhooks: only to the registration with this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<u64>,
}

/// Toss's own longest answer takes this long.
pub(crate) const MAX_DELAY_MS: u64 = 60_000;
/// How long a caller is kept waiting by `timeout` at the most.
pub(crate) const NO_ANSWER_FOR: Duration = Duration::from_mins(10);

/// Lengths of time as the clock reads them.
mod span {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
    use time::Duration as Span;

    use toss_model::clock::parse_duration;

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(
        span: &Option<Span>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        span.map(|span| format!("{}s", span.whole_seconds()))
            .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Span>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else {
            return Ok(None);
        };
        let wrong =
            || D::Error::custom("workAfter is a length of time such as 90s, 10m, 36h or 31d");
        parse_duration(&text).map(Some).ok_or_else(wrong)
    }
}

/// When work that was put off is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Later {
    /// After so much of the sandbox's time.
    Sandbox(Span),
    /// After so much of the machine's time.
    Machine(Duration),
}

impl Fault {
    fn new(endpoint: Endpoint, kind: FaultKind) -> Self {
        Self {
            endpoint,
            kind,
            count: None,
            probability: None,
            seed: None,
            delay_ms: None,
            status: None,
            code: None,
            work_after: None,
            work_after_ms: None,
            set: BTreeMap::new(),
            remove: Vec::new(),
            event: None,
            target: None,
        }
    }

    /// Answers this status, with `FAILED_INTERNAL_SYSTEM_PROCESSING` unless [`Fault::code`] says otherwise.
    pub fn error(endpoint: Endpoint, status: u16) -> Self {
        Self {
            status: Some(status),
            ..Self::new(endpoint, FaultKind::Error)
        }
    }

    /// The work is done; the connection is dropped instead of an answer.
    pub fn lost_response(endpoint: Endpoint) -> Self {
        Self::new(endpoint, FaultKind::LostResponse)
    }

    /// The connection is dropped before any work.
    pub fn reset(endpoint: Endpoint) -> Self {
        Self::new(endpoint, FaultKind::Reset)
    }

    /// Nothing is answered until the caller gives up.
    pub fn timeout(endpoint: Endpoint) -> Self {
        Self::new(endpoint, FaultKind::Timeout)
    }

    /// The work is done; half of its JSON is answered.
    pub fn malformed(endpoint: Endpoint) -> Self {
        Self::new(endpoint, FaultKind::Malformed)
    }

    /// The work is done; its JSON is answered changed, by [`Fault::set`] and [`Fault::remove`].
    pub fn mutate(endpoint: Endpoint) -> Self {
        Self::new(endpoint, FaultKind::Mutate)
    }

    /// The work begins after so many milliseconds of the machine's clock; for webhooks, of the sandbox's.
    pub fn delay(endpoint: Endpoint, milliseconds: u64) -> Self {
        Self {
            delay_ms: Some(milliseconds),
            ..Self::new(endpoint, FaultKind::Delay)
        }
    }

    /// The next webhook is never sent.
    pub fn webhook_lost() -> Self {
        Self::new(Endpoint::Webhook, FaultKind::Lost)
    }

    /// The next webhook is sent twice.
    pub fn webhook_duplicate() -> Self {
        Self::new(Endpoint::Webhook, FaultKind::Duplicate)
    }

    /// The next webhook is overtaken by the one after it.
    pub fn webhook_reorder() -> Self {
        Self::new(Endpoint::Webhook, FaultKind::Reorder)
    }

    /// Sets a field of the answer, by its JSON Pointer.
    pub fn set(mut self, pointer: impl Into<String>, value: impl Into<Value>) -> Self {
        self.set.insert(pointer.into(), value.into());
        self
    }

    /// Leaves a field of the answer out, by its JSON Pointer.
    pub fn remove(mut self, pointer: impl Into<String>) -> Self {
        self.remove.push(pointer.into());
        self
    }

    /// Applies to webhooks of this event only.
    pub fn only_event(mut self, event: EventType) -> Self {
        self.event = Some(event);
        self
    }

    /// Applies to webhooks to the registration with this number only.
    pub fn only_target(mut self, id: u64) -> Self {
        self.target = Some(id);
        self
    }

    /// Which code [`Fault::error`] answers.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// How many of the next requests it applies to.
    pub fn times(mut self, count: u32) -> Self {
        self.count = Some(count);
        self
    }

    /// Carries the work out so long after the request came, by the sandbox's clock, in whole seconds.
    pub fn work_after(mut self, wait: Duration) -> Self {
        self.work_after = Some(Span::seconds(
            i64::try_from(wait.as_secs()).unwrap_or(i64::MAX),
        ));
        self
    }

    /// Carries the work out so long after the request came, by the machine's clock.
    pub fn work_after_real(mut self, wait: Duration) -> Self {
        self.work_after_ms = Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        self
    }

    /// How many times are left, for people.
    pub(crate) fn times_left(&self) -> String {
        match (self.probability, self.count) {
            (None, count) => count.unwrap_or(1).to_string(),
            (Some(chance), None) => format!("p={chance}"),
            (Some(chance), Some(count)) => format!("{count}, p={chance}"),
        }
    }

    /// How long the work waits before the answer.
    pub(crate) fn wait(&self) -> Duration {
        match self.kind {
            FaultKind::Delay => Duration::from_millis(self.delay_ms.unwrap_or(0).min(MAX_DELAY_MS)),
            _ => Duration::ZERO,
        }
    }

    /// When the work is carried out that the answer does not wait for.
    pub(crate) fn later(&self) -> Option<Later> {
        match (self.work_after, self.work_after_ms) {
            (Some(wait), _) => Some(Later::Sandbox(wait)),
            (None, Some(wait)) => Some(Later::Machine(Duration::from_millis(wait))),
            (None, None) => None,
        }
    }

    /// The answer of `error`.
    pub(crate) fn refusal(&self) -> Option<ApiError> {
        (self.kind == FaultKind::Error).then(|| {
            let code = self
                .code
                .clone()
                .unwrap_or_else(|| "FAILED_INTERNAL_SYSTEM_PROCESSING".to_owned());
            ApiError::injected(
                code,
                self.status
                    .and_then(|status| StatusCode::from_u16(status).ok()),
            )
        })
    }
}

/// Whether an answer is Toss's own word about the work, which an idempotency key is bound to. What a gateway
/// in front of Toss says (5xx), and what only asks to come again (408, 409, 429), is not.
pub(crate) fn is_final(status: u16) -> bool {
    status < 500 && !matches!(status, 408 | 409 | 429)
}
