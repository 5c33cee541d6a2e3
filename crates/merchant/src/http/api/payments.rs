//! `/api/payments`: read, list and search.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{CustomerKey, OrderId, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    paging::{self, Asked, limit, moment, value},
    revision::Revised,
    views::{PaymentDetail, PaymentView},
};
use crate::{
    app_state::AppState,
    application::{
        error::UseCaseError,
        ports::{Page, PaymentFilter},
    },
    domain::{
        ids::{PaymentId, PaymentMethodId},
        payment::{Payment, PaymentStatus},
    },
    http::error::ApiError,
};

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
}

/// A payment with everything that was done about it.
pub(super) async fn detail(state: &AppState, payment: &Payment) -> Result<PaymentDetail, ApiError> {
    let attempts = state.records.attempts_of_payment(&payment.id).await?;
    let refunds = state.records.refunds(&payment.id).await?;
    Ok(PaymentDetail::new(payment, &attempts, &refunds))
}

/// A payment with its refunds and with every request to Toss about it.
#[utoipa::path(
    get, path = "/api/payments/{id}", tag = "payments", operation_id = "readPayment",
    params(("id" = PaymentId, Path)),
    responses((status = 200, body = PaymentDetail, headers(("ETag" = String, description = "The revision")))),
)]
async fn read(
    State(state): State<Arc<AppState>>,
    Path(id): Path<PaymentId>,
) -> Result<Revised<PaymentDetail>, ApiError> {
    let payment = state.records.payment(&id).await?;
    let payment = payment.ok_or(UseCaseError::NoPayment)?;
    Ok(Revised(payment.revision, detail(&state, &payment).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct Search {
    #[param(value_type = Option<OrderId>)]
    order_id: Option<String>,
    #[param(value_type = Option<CustomerKey>)]
    customer_key: Option<String>,
    #[param(value_type = Option<PaymentMethodId>)]
    payment_method_id: Option<String>,
    #[param(value_type = Option<PaymentStatus>)]
    status: Option<String>,
    /// Written down then or later.
    #[param(value_type = Option<Timestamp>)]
    from: Option<String>,
    /// Written down before.
    #[param(value_type = Option<Timestamp>)]
    to: Option<String>,
    /// Only what a human has to look at.
    #[serde(default)]
    needs_attention: bool,
    /// The `next` of the page before.
    before: Option<PaymentId>,
    /// 1 to 100, by default 20.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u64>,
}

impl Search {
    fn filter(&self) -> Result<PaymentFilter, ApiError> {
        Ok(PaymentFilter {
            order_id: value("orderId", self.order_id.as_deref())?,
            customer_key: value("customerKey", self.customer_key.as_deref())?,
            payment_method_id: value("paymentMethodId", self.payment_method_id.as_deref())?,
            status: value("status", self.status.as_deref())?,
            from: moment("from", self.from.as_deref())?,
            to: moment("to", self.to.as_deref())?,
            needs_attention: self.needs_attention,
        })
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = PaymentList)]
struct Listed {
    payments: Vec<PaymentView>,
    /// For `before`, when there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<PaymentId>,
}

/// Payments, newest first.
#[utoipa::path(
    get, path = "/api/payments", tag = "payments", operation_id = "listPayments",
    params(Search),
    responses((status = 200, body = Listed)),
)]
async fn list(
    State(state): State<Arc<AppState>>,
    Asked(search): Asked<Search>,
) -> Result<Json<Listed>, ApiError> {
    let limit = limit(search.limit)?;
    let filter = search.filter()?;
    let before = match &search.before {
        None => None,
        Some(id) => {
            let found = state.records.payment_cursor(id).await?;
            Some(paging::before("before", id.as_str(), found)?)
        }
    };
    let page = Page {
        limit: limit + 1,
        before,
    };
    let rows = state.records.payments(page, &filter).await?;
    let (payments, next) = paging::page(rows, limit, |payment: &Payment| payment.id.as_str());
    Ok(Json(Listed {
        payments: payments.iter().map(Into::into).collect(),
        next: next.map(PaymentId::new),
    }))
}
