//! What the merchant's own server calls, with a bearer key.

pub(super) mod auth;
mod charges;
mod customer_links;
mod endpoints;
mod events;
mod idempotency;
mod key_in;
pub(super) mod paging;
mod payment_methods;
mod payments;
mod refunds;
mod revision;
mod sessions;
mod subscriptions;
pub(crate) mod views;

use std::sync::Arc;

use axum::middleware;
use utoipa_axum::router::OpenApiRouter;

use self::idempotency::answered_once;
use crate::{app_state::AppState, http::described::known_parameters};

/// The calls that do not go without an idempotency key.
pub(super) fn needs_idempotency_key(route: &str) -> bool {
    [
        refunds::PATH,
        key_in::PATH,
        subscriptions::PATH,
        subscriptions::CHANGE,
    ]
    .contains(&route)
}

pub(super) fn routes(state: &Arc<AppState>) -> OpenApiRouter<Arc<AppState>> {
    let known = middleware::from_fn_with_state(Arc::clone(state), auth::authorized);
    let calls = OpenApiRouter::new()
        .merge(payments::routes())
        .merge(refunds::routes())
        .merge(payment_methods::routes())
        .merge(charges::routes())
        .merge(customer_links::routes())
        .merge(subscriptions::routes())
        .merge(events::routes(Arc::clone(&state.events)))
        .merge(endpoints::routes(Arc::clone(&state.endpoints)));
    answered_once(state, calls)
        .merge(key_in::routes(state))
        // A session is itself what is kept under the key that created it.
        .merge(sessions::routes())
        .route_layer(middleware::from_fn(known_parameters))
        .route_layer(known)
}

#[cfg(test)]
mod tests;
