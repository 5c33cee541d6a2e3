//! Registered cards and accounts: list, read, delete.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{
    ApiError as ErrorBody, BankAccount, Card, CustomerKey, FailureCode, Method, SessionId,
    Timestamp,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    paging::Asked,
    revision::{IfMatch, Revised},
};
use crate::{
    app_state::AppState,
    application::{delete_method, error::UseCaseError},
    domain::{
        ids::PaymentMethodId,
        payment_method::{PaymentMethod, PaymentMethodStatus},
    },
    http::error::ApiError,
};

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read, remove))
}

/// What a customer agreed to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GivenConsent)]
struct GivenConsentView {
    version: String,
    text: String,
    given_at: Timestamp,
}

/// A registered card or account. Its billing key is never shown.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PaymentMethod)]
pub(super) struct PaymentMethodView {
    id: PaymentMethodId,
    customer_key: CustomerKey,
    status: PaymentMethodStatus,
    /// Grows with every change; for `If-Match`.
    revision: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<Method>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<Card>,
    /// Toss may know it only at the first charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<BankAccount>,
    /// The session in which it was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<SessionId>,
    /// The refusal that ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    dead_code: Option<FailureCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<GivenConsentView>,
    registered_at: Timestamp,
    /// Why a human has to look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_attention: Option<String>,
}

impl From<&PaymentMethod> for PaymentMethodView {
    fn from(method: &PaymentMethod) -> Self {
        Self {
            id: method.id.clone(),
            customer_key: method.customer_key.clone(),
            status: method.status,
            revision: method.revision,
            method: method.method,
            card: method.display.card.clone(),
            account: method.display.account.clone(),
            session_id: method.session_id.clone(),
            dead_code: method.dead_code.clone(),
            consent: method.consent.as_ref().map(|given| GivenConsentView {
                version: given.consent.version.as_str().to_owned(),
                text: given.consent.text.as_str().to_owned(),
                given_at: given.at.kst(),
            }),
            registered_at: method.created_at.kst(),
            needs_attention: method.needs_attention.clone(),
        }
    }
}

/// A customer key in a path.
pub(super) fn customer_key(text: String) -> Result<CustomerKey, ApiError> {
    CustomerKey::new(text).map_err(|error| ApiError::invalid(error.to_string()))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct Which {
    /// Also those that were deleted.
    #[serde(default)]
    deleted: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PaymentMethodList)]
struct Listed {
    /// Newest first.
    payment_methods: Vec<PaymentMethodView>,
}

/// A customer's cards and accounts, newest first.
#[utoipa::path(
    get, path = "/api/customers/{customerKey}/payment-methods", tag = "payment-methods", operation_id = "listPaymentMethods",
    params(("customerKey" = CustomerKey, Path), Which),
    responses((status = 200, body = Listed)),
)]
async fn list(
    State(state): State<Arc<AppState>>,
    Path(customer): Path<String>,
    Asked(which): Asked<Which>,
) -> Result<Json<Listed>, ApiError> {
    let customer = customer_key(customer)?;
    let methods = state.records.payment_methods(&customer).await?;
    let shown = methods
        .iter()
        .filter(|method| which.deleted || method.status != PaymentMethodStatus::Deleted);
    Ok(Json(Listed {
        payment_methods: shown.map(Into::into).collect(),
    }))
}

async fn found(state: &AppState, id: &PaymentMethodId) -> Result<PaymentMethod, ApiError> {
    let method = state.records.payment_method(id).await?;
    Ok(method.ok_or(UseCaseError::NoPaymentMethod)?)
}

/// A registered card or account.
#[utoipa::path(
    get, path = "/api/payment-methods/{id}", tag = "payment-methods", operation_id = "readPaymentMethod",
    params(("id" = PaymentMethodId, Path)),
    responses((status = 200, body = PaymentMethodView, headers(("ETag" = String, description = "The revision")))),
)]
async fn read(
    State(state): State<Arc<AppState>>,
    Path(id): Path<PaymentMethodId>,
) -> Result<Revised<PaymentMethodView>, ApiError> {
    let method = found(&state, &id).await?;
    Ok(Revised(method.revision, (&method).into()))
}

/// Deletes a card or account, at Toss and then here.
#[utoipa::path(
    delete, path = "/api/payment-methods/{id}", tag = "payment-methods", operation_id = "deletePaymentMethod",
    params(("id" = PaymentMethodId, Path), ("If-Match" = Option<u64>, Header, description = "The revision that the caller saw")),
    responses(
        (status = 200, description = "deleted", body = PaymentMethodView),
        (status = 202, description = "Toss has not said so yet; it goes on by itself, and nothing charges it any more", body = PaymentMethodView),
        (status = 412, description = "it has another revision", body = ErrorBody),
    ),
)]
async fn remove(
    State(state): State<Arc<AppState>>,
    Path(id): Path<PaymentMethodId>,
    seen: IfMatch,
) -> Result<Response, ApiError> {
    let method = found(&state, &id).await?;
    // A repetition of a deletion that began is no edit of its own.
    if matches!(
        method.status,
        PaymentMethodStatus::Active | PaymentMethodStatus::Dead
    ) {
        seen.check(method.revision)?;
    }
    let method = delete_method(&state, &id).await?;
    let status = if method.status == PaymentMethodStatus::Deleted {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    let view = PaymentMethodView::from(&method);
    Ok((status, Revised(method.revision, view)).into_response())
}
