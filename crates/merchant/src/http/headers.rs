//! What every answer carries, and the one log line about every request.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use toss_checkout_contract::codes;
use tracing::Instrument;

use crate::{app_state::AppState, http::error::ApiError, telemetry, trace};

/// In every answer; [`toss_checkout_contract::ApiError::trace_id`] repeats it.
pub(super) const TRACE_ID: HeaderName = HeaderName::from_static("x-trace-id");

/// API answers are data: nothing may run from them or frame them.
const DATA_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Gives the request a trace id, logs it without its ids and keys, and sets the headers that an answer
/// has not set itself.
pub(super) async fn every_answer(
    State(state): State<Arc<AppState>>,
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
        let method_name = method.to_string();
        let span = tracing::info_span!("request", trace = trace_id, %method, route);
        let began = Instant::now();
        let mut answer = next.run(request).instrument(span.clone()).await;
        let (status, took) = (answer.status().as_u16(), began.elapsed());
        span.in_scope(|| tracing::debug!(status, took_ms = took.as_millis(), "answered"));
        telemetry::http_request(&method_name, &route, status, took);
        if is_plain_refusal(&answer) {
            answer = in_our_shape(answer.status()).into_response();
        }
        finish(&state, &mut answer, &trace_id);
        answer
    })
    .await
}

/// Whether axum or a layer refused the request itself: with a sentence of its own, or with none.
fn is_plain_refusal(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE);
    answer.status().is_client_error()
        && kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

/// Whatever was refused, callers read one shape.
fn in_our_shape(status: StatusCode) -> ApiError {
    let what = match status {
        StatusCode::NOT_FOUND => return ApiError::not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => "the body is too long",
        StatusCode::REQUEST_TIMEOUT => "the body did not come in time; send it again",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Content-Type must be application/json",
        _ => "the address, its query or the body cannot be read",
    };
    ApiError::new(status, codes::INVALID_REQUEST, what)
}

fn finish(state: &AppState, answer: &mut Response, trace_id: &str) {
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
    if state.public_origin.starts_with("https://") {
        or(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if let Ok(value) = HeaderValue::from_str(trace_id) {
        headers.insert(TRACE_ID, value);
    }
}
