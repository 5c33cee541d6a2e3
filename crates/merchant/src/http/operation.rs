//! What operators' tools ask: is it alive, should it get requests, how does it do.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
};
use serde_json::json;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{api::auth::authorized, error::ApiError};
use crate::{app_state::AppState, telemetry};

pub(super) fn routes(state: &Arc<AppState>) -> OpenApiRouter<Arc<AppState>> {
    let known = middleware::from_fn_with_state(Arc::clone(state), authorized);
    OpenApiRouter::new()
        .routes(routes!(metrics))
        .route_layer(known)
        .routes(routes!(health))
        .routes(routes!(ready))
}

/// The process runs and the database answers.
#[utoipa::path(get, path = "/healthz", tag = "operation", operation_id = "health", responses((status = 200, body = serde_json::Value)))]
async fn health(State(state): State<Arc<AppState>>) -> Response {
    match state.records.ping().await {
        Ok(()) => Json(json!({"status": "ok"})).into_response(),
        Err(error) => ApiError::from(error).into_response(),
    }
}

/// It is alive, and due work is not late.
#[utoipa::path(
    get, path = "/readyz", tag = "operation", operation_id = "ready",
    responses((status = 200, body = serde_json::Value), (status = 503, description = "`late` names the queues", body = serde_json::Value)),
)]
async fn ready(State(state): State<Arc<AppState>>) -> Response {
    if let Err(error) = state.records.ping().await {
        return ApiError::from(error).into_response();
    }
    let late = state.readiness.late();
    if late.is_empty() {
        return Json(json!({"status": "ok"})).into_response();
    }
    let late: Vec<_> = late
        .iter()
        .map(|late| {
            let seconds = late.lag.map(|lag| lag.as_secs());
            json!({"queue": late.queue.as_str(), "lagSeconds": seconds})
        })
        .collect();
    let body = Json(json!({"status": "late", "late": late}));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}

/// Prometheus's text format.
/// Source: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
#[utoipa::path(
    get, path = "/metrics", tag = "operation", operation_id = "metrics",
    responses((status = 200, body = String, content_type = "text/plain; version=0.0.4; charset=utf-8")),
)]
async fn metrics() -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    let text = telemetry::exposition().render();
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
