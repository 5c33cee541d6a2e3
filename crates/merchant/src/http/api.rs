//! What the merchant's own server calls, with a bearer key.

pub(super) mod auth;
mod charges;
mod endpoints;
mod events;
mod idempotency;
mod key_in;
mod paging;
mod payment_methods;
mod payments;
mod refunds;
mod revision;
mod sessions;
mod views;

use std::sync::Arc;

use axum::{Router, middleware};

use crate::app_state::AppState;

pub(super) fn routes(state: &Arc<AppState>) -> Router<Arc<AppState>> {
    let kept = middleware::from_fn_with_state(Arc::clone(state), idempotency::idempotent);
    let known = middleware::from_fn_with_state(Arc::clone(state), auth::authorized);
    Router::new()
        .merge(payments::routes())
        .merge(refunds::routes())
        .merge(payment_methods::routes())
        .merge(charges::routes())
        .merge(key_in::routes(&state.config))
        .merge(events::routes(Arc::clone(&state.events)))
        .merge(endpoints::routes(Arc::clone(&state.endpoints)))
        .route_layer(kept)
        // A session is itself what is kept under the key that created it.
        .merge(sessions::routes())
        .merge(key_in::refused(&state.config))
        .route_layer(known)
}

#[cfg(test)]
mod tests;
