//! Faults that a test orders in advance: what goes wrong with the next requests of an endpoint.

mod build;
mod check;
mod kinds;
mod mutation;
mod orders;

use std::{collections::BTreeMap, time::Duration};

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::Duration as Span;

pub(crate) use self::orders::Faults;
pub use self::{
    check::FaultError,
    kinds::{Endpoint, FaultKind},
};
use crate::{error::ApiError, event_type::EventType};

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
