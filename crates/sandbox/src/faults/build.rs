//! Faults made in a test, one call after the other.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;
use time::Duration as Span;

use super::{Endpoint, Fault, FaultKind};
use crate::event_type::EventType;

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
}
