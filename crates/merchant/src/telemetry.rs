//! What can be measured from outside: the names of the metrics, and a function to record each.
//!
//! Labels are routes, kinds and codes of ours, never ids, keys or text of callers: each combination of
//! labels lives as long as the process.

use std::{sync::OnceLock, time::Duration};

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Requests that were answered, by `method`, `route` and `status`.
pub const HTTP_REQUESTS: &str = "toss_checkout_http_requests_total";
/// Seconds until the answer began, by `route`.
pub const HTTP_SECONDS: &str = "toss_checkout_http_request_seconds";
/// Requests to Toss, by `call` and `status`: the HTTP status (429 among them), or `none` without an answer.
pub const TOSS_REQUESTS: &str = "toss_checkout_toss_requests_total";
/// Seconds until Toss's answer was read, by `call`.
pub const TOSS_SECONDS: &str = "toss_checkout_toss_request_seconds";
/// What requests that move money, and look-ups of them, came to, by `kind` and `outcome`.
pub const ATTEMPTS: &str = "toss_checkout_attempts_total";
/// 1 while the database answers, 0 while it does not. What is counted in it stays as it was last counted.
pub const DATABASE_UP: &str = "toss_checkout_database_up";
/// Attempts to move money whose outcome nobody knows yet.
pub const OPEN_UNKNOWNS: &str = "toss_checkout_open_unknowns";
/// Rows of due work that wait, by `queue`.
pub const DUE_WORK: &str = "toss_checkout_due_work";
/// Seconds since the first waiting row was due, by `queue`: `webhooks` is the lag of webhooks,
/// `deliveries` that of the outbox, `attempts` that of open outcomes.
pub const DUE_WORK_LAG: &str = "toss_checkout_due_work_lag_seconds";
/// 1 while no subscription is charged because the clock differs from Toss's or the database's.
pub const CHARGES_SUSPENDED: &str = "toss_checkout_charges_suspended";
/// Rows that were set aside for a human, by `queue`.
pub const NEEDS_ATTENTION: &str = "toss_checkout_needs_attention";

/// Upper bounds in seconds: from a look-up in the database to Toss's slowest charge.
const BUCKETS: [f64; 13] = [
    0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0, 65.0,
];

/// What there is to read; everything that is recorded before the first call is lost.
pub fn exposition() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new();
        // It fails for an empty list only.
        let builder = builder
            .set_buckets(&BUCKETS)
            .unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("metrics go to a recorder that somebody else has installed");
        }
        describe();
        handle
    })
}

fn describe() {
    describe_counter!(HTTP_REQUESTS, "Requests that were answered");
    describe_histogram!(HTTP_SECONDS, "Seconds until the answer began");
    describe_counter!(
        TOSS_REQUESTS,
        "Requests to Toss; status none: without an answer"
    );
    describe_histogram!(TOSS_SECONDS, "Seconds until Toss's answer was read");
    describe_counter!(
        ATTEMPTS,
        "What requests that move money, and look-ups of them, came to"
    );
    describe_gauge!(DATABASE_UP, "1 while the database answers");
    describe_gauge!(
        OPEN_UNKNOWNS,
        "Attempts to move money whose outcome nobody knows yet"
    );
    describe_gauge!(DUE_WORK, "Rows of due work that wait");
    describe_gauge!(DUE_WORK_LAG, "Seconds since the first waiting row was due");
    describe_gauge!(
        CHARGES_SUSPENDED,
        "1 while no subscription is charged because the clock is wrong"
    );
    describe_gauge!(NEEDS_ATTENTION, "Rows that were set aside for a human");
}

/// A request was answered.
pub fn http_request(method: &str, route: &str, status: u16, took: Duration) {
    let method = match method {
        "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => method,
        // Anybody can make up others.
        _ => "other",
    };
    let route = route.to_owned();
    let labels = [
        ("method", method.to_owned()),
        ("route", route.clone()),
        ("status", status.to_string()),
    ];
    counter!(HTTP_REQUESTS, &labels).increment(1);
    histogram!(HTTP_SECONDS, "route" => route).record(took);
}

/// Toss was asked. `status`: what it answered; `None` when no answer came.
pub fn toss_request(call: &'static str, status: Option<u16>, took: Duration) {
    let status = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    counter!(TOSS_REQUESTS, "call" => call, "status" => status).increment(1);
    histogram!(TOSS_SECONDS, "call" => call).record(took);
}

/// A request that moves money, or a look-up of it, came to this.
pub fn attempt(kind: &'static str, outcome: &'static str) {
    counter!(ATTEMPTS, "kind" => kind, "outcome" => outcome).increment(1);
}

/// Whether the database answers.
pub fn database_up(is_up: bool) {
    gauge!(DATABASE_UP).set(if is_up { 1.0 } else { 0.0 });
}

/// So many attempts are open whose outcome nobody knows.
pub fn open_unknowns(count: u64) {
    gauge!(OPEN_UNKNOWNS).set(number(count));
}

/// Whether subscriptions are not charged because the clock is wrong.
pub fn charges_suspended(are_suspended: bool) {
    gauge!(CHARGES_SUSPENDED).set(if are_suspended { 1.0 } else { 0.0 });
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn number(count: u64) -> f64 {
    count as f64
}

/// So much of a queue waits, the first row for that long, and so many rows were set aside.
pub fn backlog(queue: &'static str, due: u64, lag: Duration, needs_attention: u64) {
    gauge!(DUE_WORK, "queue" => queue).set(number(due));
    gauge!(DUE_WORK_LAG, "queue" => queue).set(lag.as_secs_f64());
    gauge!(NEEDS_ATTENTION, "queue" => queue).set(number(needs_attention));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_can_be_read() {
        let read = exposition();
        let second = Duration::from_secs(1);
        http_request("MADEUP", "/test/{id}", 200, second);
        toss_request("test", Some(429), second);
        toss_request("test", None, second);
        attempt("test", "unknown");
        open_unknowns(7);
        backlog("test", 3, 2 * second, 1);
        let text = read.render();
        for line in [
            r#"toss_checkout_http_requests_total{method="other",route="/test/{id}",status="200"} 1"#,
            r#"toss_checkout_http_request_seconds_bucket{route="/test/{id}",le="1"} 1"#,
            r#"toss_checkout_toss_requests_total{call="test",status="429"} 1"#,
            r#"toss_checkout_toss_requests_total{call="test",status="none"} 1"#,
            r#"toss_checkout_toss_request_seconds_count{call="test"} 2"#,
            r#"toss_checkout_attempts_total{kind="test",outcome="unknown"} 1"#,
            "toss_checkout_open_unknowns 7",
            r#"toss_checkout_due_work{queue="test"} 3"#,
            r#"toss_checkout_due_work_lag_seconds{queue="test"} 2"#,
            r#"toss_checkout_needs_attention{queue="test"} 1"#,
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
    }
}
