//! What a command is about.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use crate::{
    application::subscriptions::Asked,
    domain::ids::SubscriptionId,
    http::{
        api::{idempotency::request_key, revision::IfMatch},
        error::ApiError,
    },
};

/// Which subscription is asked for something, as the address and the headers say.
pub(super) struct Of(pub(super) Asked);

impl<S: Send + Sync> FromRequestParts<S> for Of {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(id) = Path::<SubscriptionId>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| ApiError::invalid(rejection.body_text()))?;
        let IfMatch(revision) = IfMatch::from_request_parts(parts, state).await?;
        let request = request_key(&parts.headers)?;
        Ok(Self(Asked {
            id,
            revision,
            request,
        }))
    }
}
