//! `POST /api/customer-links`: where the merchant's site sends a customer to their subscriptions.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use toss_checkout_contract::{CustomerKey, CustomerLink};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app_state::AppState,
    domain::ids::SubscriptionId,
    http::{body::Strict, error::ApiError, page::SUBSCRIPTION_PAGE},
};

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new().routes(routes!(create))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CreateCustomerLink)]
struct Create {
    customer_key: CustomerKey,
    /// The only one that the link opens; otherwise all of the customer's.
    #[serde(default)]
    subscription_id: Option<SubscriptionId>,
    /// Where "back to the shop" leads; absolute.
    #[serde(default)]
    return_url: Option<String>,
}

/// A link with which a customer sees, pays and cancels their subscriptions, for 30 minutes. Make one when the
/// customer who is signed in asks for the page, and send them to its `url`.
#[utoipa::path(
    post, path = "/api/customer-links", tag = "subscriptions", operation_id = "createCustomerLink",
    request_body = Create,
    responses((status = 201, body = CustomerLink)),
)]
async fn create(
    State(state): State<Arc<AppState>>,
    Strict(body): Strict<Create>,
) -> Result<(StatusCode, Json<CustomerLink>), ApiError> {
    let made =
        state
            .customer_links
            .create(body.customer_key, body.subscription_id, body.return_url);
    let (token, expires_at) = made.await?;
    let url = format!(
        "{}{SUBSCRIPTION_PAGE}#link={}",
        state.public_origin,
        token.expose()
    );
    let link = CustomerLink {
        token,
        expires_at: expires_at.kst(),
        url,
    };
    Ok((StatusCode::CREATED, Json(link)))
}
