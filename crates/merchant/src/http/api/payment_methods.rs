//! Registered cards and accounts: list, read, delete.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::CustomerKey;

use super::{
    paging::Asked,
    revision::{IfMatch, Revised},
    views::PaymentMethodView,
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

pub(super) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/customers/{customerKey}/payment-methods", get(list))
        .route("/api/payment-methods/{id}", get(read).delete(remove))
}

/// A customer key in a path.
pub(super) fn customer_key(text: String) -> Result<CustomerKey, ApiError> {
    CustomerKey::new(text).map_err(|error| ApiError::invalid(error.to_string()))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Which {
    /// Also those that were deleted.
    #[serde(default)]
    deleted: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    /// Newest first.
    payment_methods: Vec<PaymentMethodView>,
}

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

async fn read(
    State(state): State<Arc<AppState>>,
    Path(id): Path<PaymentMethodId>,
) -> Result<Revised<PaymentMethodView>, ApiError> {
    let method = found(&state, &id).await?;
    Ok(Revised(method.revision, (&method).into()))
}

/// 200: deleted. 202: Toss has not said so yet, and it goes on by itself. Either way it is not charged any
/// more.
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
