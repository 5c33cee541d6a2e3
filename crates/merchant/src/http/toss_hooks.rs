//! `POST /webhooks/toss`. Toss wants 200 within 10 seconds and repeats otherwise.
//! Source: <https://docs.tosspayments.com/guides/v2/webhook>.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    middleware,
    routing::post,
};

use super::{
    body::Raw,
    limit::{Limiter, limit},
};
use crate::{core::Core, problem::Problem, webhooks};

/// A `Payment` with all its receipts is a few thousand bytes.
const MAX_BODY: usize = 256 * 1024;

pub(super) fn routes(core: &Arc<Core>, limiter: &Arc<Limiter>) -> Router<Arc<Core>> {
    let state = (Arc::clone(core), Arc::clone(limiter));
    Router::new()
        .route("/webhooks/toss", post(receive))
        // Toss repeats what is refused here; anybody can post here.
        .route_layer(middleware::from_fn_with_state(state, limit))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

async fn receive(
    State(core): State<Arc<Core>>,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<StatusCode, Problem> {
    let id = headers
        .get("tosspayments-webhook-transmission-id")
        .and_then(|value| value.to_str().ok());
    let webhook = webhooks::parse(id, &body)
        .map_err(|_| Problem::invalid("the body is not a webhook of Toss's"))?;
    webhooks::receive(&core, webhook).await?;
    Ok(StatusCode::OK)
}
