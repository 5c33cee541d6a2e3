//! What was asked of `/v1`. Secrets never get in: no headers, and bodies with their secrets masked.

mod mask;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use serde::Serialize;
use time::OffsetDateTime;
use toss_model::moment::kst;

pub(crate) use self::mask::masked;
use crate::sync::lock;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// GET or POST.
    pub method: String,
    /// With billing keys masked.
    pub path: String,
    /// What was answered, or would have been when the answer was lost; null while the work goes on,
    /// and for good when nothing was done.
    pub status: Option<u16>,
    /// The error code, if it was one.
    pub code: Option<String>,
    /// What was wrong with which value. Toss does not say it.
    pub reason: Option<String>,
    /// The header.
    pub idempotency_key: Option<String>,
    /// Whether the kept answer of an earlier request was given.
    pub replayed: bool,
    /// The fault that was applied to it.
    pub fault: Option<&'static str>,
    /// The JSON that came, secrets masked, long ones cut.
    pub request_body: Option<String>,
    /// The JSON that went, secrets masked, long ones cut.
    pub response_body: Option<String>,
    /// As in the answer's header.
    pub trace_id: String,
    /// When it came.
    pub at: String,
    /// What the work came to that a fault had put off, once it is done.
    pub late_status: Option<u16>,
}

/// How many are kept.
const MAX: usize = 1_000;
/// How much of their bodies is kept altogether, in bytes: the oldest lose theirs first.
const MAX_BODIES: usize = 2 * 1024 * 1024;

/// The last requests, oldest first. Clones are the same log.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestLog(Arc<Mutex<VecDeque<LogEntry>>>);

impl RequestLog {
    /// Adds one.
    pub(crate) fn add(&self, entry: LogEntry) {
        let mut entries = lock(&self.0);
        if entries.len() == MAX {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// Completes an entry, unless so many came after it that it is gone.
    pub(crate) fn update(&self, trace_id: &str, change: impl FnOnce(&mut LogEntry)) {
        let mut entries = lock(&self.0);
        let found = entries.iter_mut().rev().find(|e| e.trace_id == trace_id);
        if let Some(entry) = found {
            change(entry);
        }
        forget_old_bodies(&mut entries);
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
    }

    /// All, oldest first.
    pub(crate) fn entries(&self) -> Vec<LogEntry> {
        lock(&self.0).iter().cloned().collect()
    }
}

fn forget_old_bodies(entries: &mut VecDeque<LogEntry>) {
    let mut all: usize = entries.iter().map(LogEntry::bodies).sum();
    for entry in entries {
        if all <= MAX_BODIES {
            return;
        }
        all -= entry.bodies();
        entry.request_body = None;
        entry.response_body = None;
    }
}

impl LogEntry {
    fn bodies(&self) -> usize {
        let length = |body: &Option<String>| body.as_ref().map_or(0, String::len);
        length(&self.request_body) + length(&self.response_body)
    }

    /// An entry for a request that has just come.
    pub(crate) fn new(method: &str, path: String, trace_id: String, at: OffsetDateTime) -> Self {
        Self {
            method: method.to_owned(),
            path,
            status: None,
            code: None,
            reason: None,
            idempotency_key: None,
            replayed: false,
            fault: None,
            request_body: None,
            response_body: None,
            trace_id,
            at: kst(at),
            late_status: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;

    #[test]
    fn the_oldest_bodies_go_first_and_their_entries_stay() {
        let log = RequestLog::default();
        let now = OffsetDateTime::UNIX_EPOCH;
        for number in 0..1_200 {
            let trace = format!("trace-{number}");
            log.add(LogEntry::new("POST", "/v1".into(), trace.clone(), now));
            log.update(&trace, |entry| entry.request_body = Some("x".repeat(4_000)));
        }
        let entries = log.entries();
        assert_eq!((entries.len(), &*entries[0].trace_id), (MAX, "trace-200"));
        let kept: usize = entries.iter().map(LogEntry::bodies).sum();
        assert!(kept <= MAX_BODIES && kept > MAX_BODIES - 4_000);
        assert!(entries[0].request_body.is_none() && entries[MAX - 1].request_body.is_some());
    }
}
