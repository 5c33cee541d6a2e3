//! What every answer carries, and the one log line about every request.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;

use crate::{core::Core, trace};

/// In every answer; [`toss_checkout_contract::ApiError::trace_id`] repeats it.
pub(super) const TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");

/// API answers are data: nothing may run from them or frame them.
const DATA_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Gives the request a trace id, logs it without its ids and keys, and sets the headers that an answer
/// has not set itself.
pub(super) async fn every_answer(
    State(core): State<Arc<Core>>,
    request: Request,
    next: Next,
) -> Response {
    trace::with_new(async |trace_id: String| {
        let method = request.method().clone();
        // The route and not the path: the path holds session ids.
        let route = request
            .extensions()
            .get::<MatchedPath>()
            .map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
        let span = tracing::info_span!("request", trace = trace_id, %method, route);
        let began = Instant::now();
        let mut answer = next.run(request).instrument(span.clone()).await;
        let status = answer.status().as_u16();
        span.in_scope(|| {
            tracing::debug!(status, took_ms = began.elapsed().as_millis(), "answered");
        });
        finish(&core, &mut answer, &trace_id);
        answer
    })
    .await
}

fn finish(core: &Core, answer: &mut Response, trace_id: &str) {
    let headers = answer.headers_mut();
    let mut or = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    or(header::CACHE_CONTROL, "no-store");
    or(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    or(header::REFERRER_POLICY, "no-referrer");
    or(header::CONTENT_SECURITY_POLICY, DATA_POLICY);
    if core.public_origin.starts_with("https://") {
        or(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if let Ok(value) = HeaderValue::from_str(trace_id) {
        headers.insert(TRACE_ID, value);
    }
}
