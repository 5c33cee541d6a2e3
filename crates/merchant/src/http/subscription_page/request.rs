//! Who asks, and about which subscription: what each call of the page begins with.

use std::{ops::Deref, sync::Arc};

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
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
struct NoLink;

impl IntoResponse for NoLink {
    fn into_response(self) -> Response {
        let error = ApiError::new(
            StatusCode::UNAUTHORIZED,
            codes::LINK_EXPIRED,
            "the link is unknown or has ended; the shop makes a new one with POST /api/customer-links",
        );
        let mut answer = error.into_response();
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        answer
    }
}

impl FromRequestParts<Arc<AppState>> for Customer {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<AppState>,
    ) -> Result<Self, Response> {
        let Some(token) = link(&parts.headers) else {
            return Err(NoLink.into_response());
        };
        match state.customer_links.open(&token).await {
            Ok(Some(link)) => Ok(Self(link)),
            Ok(None) => Err(NoLink.into_response()),
            Err(error) => Err(ApiError::from(error).into_response()),
        }
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
    type Rejection = Response;

    async fn from_request(request: Request, state: &Arc<AppState>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Customer(link) = Customer::from_request_parts(&mut parts, state).await?;
        let Path(id) = Path::<String>::from_request_parts(&mut parts, state)
            .await
            .map_err(|rejection| ApiError::invalid(rejection.body_text()).into_response())?;
        let request = Request::from_parts(parts, body);
        let Lenient(body) = Lenient::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self {
            state: Arc::clone(state),
            link,
            id: SubscriptionId::new(id),
            body,
        })
    }
}
