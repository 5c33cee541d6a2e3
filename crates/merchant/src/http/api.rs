//! What the merchant's own server calls, with its bearer key.

pub(super) mod auth;
mod endpoints;
mod events;
mod sessions;

use std::sync::Arc;

use axum::{Router, middleware};

use crate::app_state::AppState;

pub(super) fn routes(state: &Arc<AppState>) -> Router<Arc<AppState>> {
    Router::new()
        .merge(sessions::routes())
        .merge(events::routes(Arc::clone(&state.events)))
        .merge(endpoints::routes(Arc::clone(&state.endpoints)))
        .route_layer(middleware::from_fn_with_state(
            Arc::clone(state),
            auth::authorized,
        ))
}

#[cfg(test)]
mod tests;
