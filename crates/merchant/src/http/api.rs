//! What the merchant's own server calls, with its bearer key.

pub(super) mod auth;
mod sessions;

use std::sync::Arc;

use axum::{Router, middleware};

use crate::app_state::AppState;

pub(super) fn routes(state: &Arc<AppState>) -> Router<Arc<AppState>> {
    Router::new()
        .merge(sessions::routes())
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(state),
            auth::authorized,
        ))
}
