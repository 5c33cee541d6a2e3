//! What customers and merchants ask of a subscription. Each command answers the subscription as it then
//! stands.

mod cancel;
mod change;
mod charge;
mod pause;

use std::sync::Arc;

use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::app_state::AppState;

pub(in crate::http::api) use self::change::CHANGE;

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .merge(change::routes())
        .merge(cancel::routes())
        .merge(pause::routes())
        .merge(charge::routes())
}

/// `{}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Nothing)]
struct Nothing {}
