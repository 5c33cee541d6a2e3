//! `POST /webhooks/toss`. Toss wants 200 within 10 seconds and repeats otherwise.
//! Source: <https://docs.tosspayments.com/guides/v2/webhook>.

use std::sync::Arc;

use axum::{
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    middleware,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    body::Raw,
    error::ApiError,
    limit::{Limiter, limit},
};
use crate::{
    app_state::AppState,
    application::{parse_webhook, ports::Queue, receive_webhook},
};

/// A `Payment` with all its receipts is a few thousand bytes.
const MAX_BODY: usize = 256 * 1024;

pub(super) fn routes(
    state: &Arc<AppState>,
    limiter: &Arc<Limiter>,
) -> OpenApiRouter<Arc<AppState>> {
    let state = (Arc::clone(state), Arc::clone(limiter));
    OpenApiRouter::new()
        .routes(routes!(receive))
        // Toss repeats what is refused here; anybody can post here.
        .route_layer(middleware::from_fn_with_state(state, limit))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// What Toss reports: a reason to ask Toss, and nothing more.
#[utoipa::path(
    post, path = "/webhooks/toss", tag = "toss", operation_id = "receiveTossWebhook",
    request_body(content = serde_json::Value, description = "`DEPOSIT_CALLBACK`, `PAYMENT_STATUS_CHANGED`, `BILLING_DELETED` and others, flat or in an envelope"),
    responses((status = 200, description = "stored")),
)]
async fn receive(
    State(state): State<Arc<AppState>>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<StatusCode, ApiError> {
    let id = headers
        .get("tosspayments-webhook-transmission-id")
        .and_then(|value| value.to_str().ok());
    let webhook = parse_webhook(id, &body).map_err(|error| ApiError::invalid(error.to_string()))?;
    receive_webhook(&state, webhook).await?;
    state.wake.up(Queue::Webhooks);
    Ok(StatusCode::OK)
}
