//! One command on a subscription: read, carried out, and answered.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};

use super::{Answer, shown};
use crate::{
    app_state::AppState,
    application::{error::UseCaseError, subscriptions::Asked},
    domain::{ids::SubscriptionId, subscription::Subscription},
    http::{
        api::{idempotency::request_key, revision::IfMatch},
        body::Strict,
        error::ApiError,
    },
};

/// A command, as address, headers and body say it: of which subscription, in which state the caller saw it,
/// named how, and what.
pub(super) struct Command<T> {
    pub(super) state: Arc<AppState>,
    pub(super) asked: Asked,
    pub(super) body: T,
}

impl<T: DeserializeOwned + ToSchema> FromRequest<Arc<AppState>> for Command<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Arc<AppState>) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let Path(id) = Path::<SubscriptionId>::from_request_parts(&mut parts, state)
            .await
            .map_err(|rejection| ApiError::invalid(rejection.body_text()))?;
        let IfMatch(revision) = IfMatch::from_request_parts(&mut parts, state).await?;
        let asked = Asked {
            id,
            revision,
            request: request_key(&parts.headers)?,
        };
        let Strict(body) = Strict::from_request(Request::from_parts(parts, body), state).await?;
        Ok(Self {
            state: Arc::clone(state),
            asked,
            body,
        })
    }
}

/// The header of a command.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it only describes what IfMatch reads")]
pub(super) struct Seen {
    /// The revision that the caller saw: 412 when anything has changed since then that people decide by. A
    /// notice that came due, a try, a day of the overdue policy count revisions up and are no such change.
    #[param(rename = "If-Match")]
    if_match: Option<u64>,
}

/// Carries a command out and answers the subscription as it then stands.
pub(super) async fn done(
    state: &AppState,
    command: impl Future<Output = Result<Subscription, UseCaseError>>,
) -> Answer {
    shown(state, &command.await?.id).await
}
