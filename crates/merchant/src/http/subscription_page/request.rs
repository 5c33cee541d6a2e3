//! Who asks, and about which subscription: what each call of the page begins with.

use std::{ops::Deref, sync::Arc};

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;
use toss_checkout_contract::codes;
use utoipa::ToSchema;

use crate::{
    app_state::AppState,
    application::customer_links::StoredLink,
    domain::ids::SubscriptionId,
    http::{body::Lenient, error::ApiError, limit::link},
};

/// The link that the request shows.
pub(super) struct Customer(StoredLink);

impl Deref for Customer {
    type Target = StoredLink;

    fn deref(&self) -> &StoredLink {
        &self.0
    }
}

/// A link that opens nothing.
fn no_link() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        codes::LINK_EXPIRED,
        "the link is unknown or has ended; the shop makes a new one with POST /api/customer-links",
    )
}

impl FromRequestParts<Arc<AppState>> for Customer {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<AppState>,
    ) -> Result<Self, ApiError> {
        let token = link(&parts.headers).ok_or_else(no_link)?;
        let opened = state.customer_links.open(&token).await?;
        opened.map(Self).ok_or_else(no_link)
    }
}

/// What the customer asks of one of their subscriptions.
pub(super) struct Command<T> {
    pub(super) state: Arc<AppState>,
    pub(super) link: StoredLink,
    pub(super) id: SubscriptionId,
    pub(super) body: T,
}

impl<T: DeserializeOwned + ToSchema> FromRequest<Arc<AppState>> for Command<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Arc<AppState>) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let Customer(link) = Customer::from_request_parts(&mut parts, state).await?;
        let Path(id) = Path::<String>::from_request_parts(&mut parts, state)
            .await
            .map_err(|rejection| ApiError::invalid(rejection.body_text()))?;
        let request = Request::from_parts(parts, body);
        let Lenient(body) = Lenient::from_request(request, state).await?;
        Ok(Self {
            state: Arc::clone(state),
            link,
            id: SubscriptionId::new(id),
            body,
        })
    }
}
