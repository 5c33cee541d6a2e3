//! What the page of a customer's subscriptions calls. Whoever holds the token of a link may: it opens those
//! of one customer, for half an hour. It comes in a header, so that it is in no address and in no log.

mod request;

use std::sync::Arc;

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    middleware,
};
use serde::Deserialize;
use toss_checkout_contract::{
    CancelRequest, ConsentAnswer, CustomerInvoices, CustomerSubscription, CustomerSubscriptions,
    KeyMode, ReplaceMethod, ReplaceMethodAt, SeenRevision,
};
use url::Url;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::request::{Command, Customer};
use super::{
    api::paging::Asked,
    checkout::cors,
    error::ApiError,
    limit::{Address, Limiter, limit},
    openapi,
    page::SUBSCRIPTION_PAGE,
};
use crate::{
    app_state::AppState,
    application::{subscription_page as page, subscriptions::MAX_USER_AGENT},
    domain::{
        ids::{InvoiceId, SubscriptionId},
        subscription::consent::Device,
    },
};

const MAX_URL: usize = 2000;

pub(super) fn routes(
    state: &Arc<AppState>,
    limiter: &Arc<Limiter>,
) -> OpenApiRouter<Arc<AppState>> {
    let of_limit = (Arc::clone(state), Arc::clone(limiter));
    let routes = OpenApiRouter::new()
        .routes(routes!(read))
        .routes(routes!(invoices))
        .routes(routes!(cancel))
        .routes(routes!(uncancel))
        .routes(routes!(charge))
        .routes(routes!(agree))
        .routes(routes!(replace_method))
        .route_layer(middleware::from_fn_with_state(of_limit, limit));
    openapi::wrapped(routes, |routes| {
        routes
            // Set here and not only for the whole server: the layer below must answer OPTIONS first.
            .method_not_allowed_fallback(super::wrong_method)
            .layer(cors(state, header::AUTHORIZATION))
    })
}

type Answer = Result<Json<CustomerSubscription>, ApiError>;

/// The customer's subscriptions.
#[utoipa::path(
    get, path = "/api/subscription-page", tag = "subscription-page", operation_id = "readCustomerSubscriptions",
    responses((status = 200, body = CustomerSubscriptions)),
)]
async fn read(
    State(state): State<Arc<AppState>>,
    link: Customer,
) -> Result<Json<CustomerSubscriptions>, ApiError> {
    let is_test = state.config.mode() == KeyMode::Test;
    let subscriptions = page::customer_subscriptions(&state, &link, is_test).await?;
    Ok(Json(subscriptions))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct InvoicesQuery {
    /// The `next` of the page before.
    after: Option<String>,
}

/// Payments of a subscription, newest first.
#[utoipa::path(
    get, path = "/api/subscription-page/subscriptions/{id}/invoices", tag = "subscription-page",
    operation_id = "readCustomerInvoices",
    params(("id" = SubscriptionId, Path), InvoicesQuery),
    responses((status = 200, body = CustomerInvoices)),
)]
async fn invoices(
    State(state): State<Arc<AppState>>,
    link: Customer,
    Path(id): Path<String>,
    Asked(query): Asked<InvoicesQuery>,
) -> Result<Json<CustomerInvoices>, ApiError> {
    let id = SubscriptionId::new(id);
    let after = query.after.map(InvoiceId::new);
    let invoices = page::customer_invoices(&state, &link, &id, after).await?;
    Ok(Json(invoices))
}

/// Ends the subscription, and gives back what the customer was shown.
#[utoipa::path(
    post, path = "/api/subscription-page/subscriptions/{id}/cancel", tag = "subscription-page",
    operation_id = "cancelCustomerSubscription",
    params(("id" = SubscriptionId, Path)),
    request_body = CancelRequest,
    responses((status = 200, body = CustomerSubscription)),
)]
async fn cancel(
    Command {
        state,
        link,
        id,
        body,
    }: Command<CancelRequest>,
) -> Answer {
    let done = page::cancel(&state.services, &link, &id, &body).await?;
    Ok(Json(done))
}

/// Takes a cancel back that has not happened.
#[utoipa::path(
    post, path = "/api/subscription-page/subscriptions/{id}/uncancel", tag = "subscription-page",
    operation_id = "uncancelCustomerSubscription",
    params(("id" = SubscriptionId, Path)),
    request_body = SeenRevision,
    responses((status = 200, body = CustomerSubscription)),
)]
async fn uncancel(
    Command {
        state,
        link,
        id,
        body,
    }: Command<SeenRevision>,
) -> Answer {
    let done = page::uncancel(&state.services, &link, &id, body.revision).await?;
    Ok(Json(done))
}

/// Charges what is owed now. The answer may come before the outcome: `owed.underWay` says so.
#[utoipa::path(
    post, path = "/api/subscription-page/subscriptions/{id}/charge", tag = "subscription-page",
    operation_id = "chargeCustomerSubscription",
    params(("id" = SubscriptionId, Path)),
    request_body = SeenRevision,
    responses((status = 200, body = CustomerSubscription)),
)]
async fn charge(
    Command {
        state,
        link,
        id,
        body,
    }: Command<SeenRevision>,
) -> Answer {
    let done = page::pay(&state.services, &link, &id, body.revision).await?;
    Ok(Json(done))
}

/// Records what the customer agreed to, word for word.
#[utoipa::path(
    post, path = "/api/subscription-page/subscriptions/{id}/consents", tag = "subscription-page",
    operation_id = "recordCustomerConsent",
    params(("id" = SubscriptionId, Path)),
    request_body = ConsentAnswer,
    responses((status = 200, body = CustomerSubscription)),
)]
async fn agree(
    Extension(address): Extension<Address>,
    headers: HeaderMap,
    Command {
        state,
        link,
        id,
        body,
    }: Command<ConsentAnswer>,
) -> Answer {
    let device = Device {
        ip: address.0,
        user_agent: user_agent(&headers),
    };
    let done = page::agree(&state.services, &link, &id, &body, device).await?;
    Ok(Json(done))
}

/// What the browser calls itself, as much of it as is kept.
fn user_agent(headers: &HeaderMap) -> Option<String> {
    let said = headers.get(header::USER_AGENT)?;
    let said = String::from_utf8_lossy(said.as_bytes());
    let kept: String = said.trim().chars().take(MAX_USER_AGENT).collect();
    (!kept.is_empty()).then_some(kept)
}

/// A checkout in which the customer registers another card or account: the subscription is charged by it from
/// then on, and what is owed at once.
#[utoipa::path(
    post, path = "/api/subscription-page/subscriptions/{id}/payment-method", tag = "subscription-page",
    operation_id = "replaceCustomerPaymentMethod",
    params(("id" = SubscriptionId, Path)),
    request_body = ReplaceMethod,
    responses((status = 201, body = ReplaceMethodAt)),
)]
async fn replace_method(
    Command {
        state,
        link,
        id,
        body,
    }: Command<ReplaceMethod>,
) -> Result<(StatusCode, Json<ReplaceMethodAt>), ApiError> {
    let back = match body.return_url {
        Some(url) => allowed(&state, &url)?,
        None => format!("{}{SUBSCRIPTION_PAGE}", state.public_origin),
    };
    let session = page::register_another(&state, &link, &id, back, body.locale).await?;
    let url = format!(
        "{}/checkout/?session={}",
        state.public_origin,
        session.expose()
    );
    Ok((StatusCode::CREATED, Json(ReplaceMethodAt { url })))
}

/// Whoever holds a link must not make this server send a customer anywhere.
fn allowed(state: &AppState, url: &str) -> Result<String, ApiError> {
    let origin = Url::parse(url).map(|url| url.origin().ascii_serialization());
    let known = |origin: &str| {
        origin == state.public_origin || state.config.allowed_origins.iter().any(|it| it == origin)
    };
    if url.len() <= MAX_URL && origin.is_ok_and(|origin| known(&origin)) {
        Ok(url.to_owned())
    } else {
        Err(ApiError::invalid(
            "returnUrl leads neither to this server nor to an origin of ALLOWED_ORIGINS",
        ))
    }
}
