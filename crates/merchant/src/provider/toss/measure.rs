//! Figures about calls to Toss, for whoever installs a recorder.

use std::time::Duration;

/// Counts a call: how long it took, and whether Toss wanted less of them.
pub(super) fn call(endpoint: &'static str, status: Option<u16>, took: Duration) {
    let outcome = match status {
        Some(200..=299) => "ok",
        Some(429) => "rate_limited",
        Some(500..) => "server_error",
        Some(_) => "refused",
        None => "no_answer",
    };
    metrics::histogram!("toss_request_duration_seconds", "endpoint" => endpoint, "outcome" => outcome)
        .record(took.as_secs_f64());
    if status == Some(429) {
        metrics::counter!("toss_rate_limited_total", "endpoint" => endpoint).increment(1);
    }
}
