//! `/api/payments`: read, list and search.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use serde::{Deserialize, Serialize};

use super::{
    paging::{Asked, limit, moment, value},
    revision::Revised,
    views::{PaymentDetail, PaymentView},
};
use crate::{
    app_state::AppState,
    application::{
        error::UseCaseError,
        ports::{Page, PaymentFilter, RecordsError},
    },
    domain::{ids::PaymentId, payment::Payment},
    http::error::ApiError,
};

pub(super) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/payments", get(list))
        .route("/api/payments/{id}", get(read))
}

/// A payment with everything that was done about it.
pub(super) async fn detail(state: &AppState, payment: &Payment) -> Result<PaymentDetail, ApiError> {
    let attempts = state.records.attempts_of_payment(&payment.id).await?;
    let refunds = state.records.refunds(&payment.id).await?;
    Ok(PaymentDetail::new(payment, &attempts, &refunds))
}

async fn read(
    State(state): State<Arc<AppState>>,
    Path(id): Path<PaymentId>,
) -> Result<Revised<PaymentDetail>, ApiError> {
    let payment = state.records.payment(&id).await?;
    let payment = payment.ok_or(UseCaseError::NoPayment)?;
    Ok(Revised(payment.revision, detail(&state, &payment).await?))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Search {
    order_id: Option<String>,
    customer_key: Option<String>,
    payment_method_id: Option<String>,
    status: Option<String>,
    /// Written down then or later.
    from: Option<String>,
    /// Written down before.
    to: Option<String>,
    /// Only what a human has to look at.
    #[serde(default)]
    needs_attention: bool,
    before: Option<PaymentId>,
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

#[derive(Serialize)]
struct Listed {
    payments: Vec<PaymentView>,
    /// For `before`, when there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<PaymentId>,
}

async fn list(
    State(state): State<Arc<AppState>>,
    Asked(search): Asked<Search>,
) -> Result<Json<Listed>, ApiError> {
    let limit = limit(search.limit)?;
    let filter = search.filter()?;
    let before = match &search.before {
        None => None,
        Some(id) => {
            let cursor = state.records.payment_cursor(id).await?;
            Some(cursor.ok_or_else(|| ApiError::invalid("before names no payment"))?)
        }
    };
    let page = Page {
        limit: limit + 1,
        before,
    };
    let mut rows = state.records.payments(page, &filter).await?;
    let more = rows.len() as u64 > limit;
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|last| name(&last.row));
    let payments = rows.iter().filter_map(|row| {
        // A row of a later version perhaps; it does not end the list.
        row.row
            .as_ref()
            .inspect_err(|error| tracing::error!(%error, "left out of a list"))
            .ok()
            .map(Into::into)
    });
    Ok(Json(Listed {
        payments: payments.collect(),
        next,
    }))
}

/// The name of a row, whether or not the rest of it can be read.
fn name(row: &Result<Payment, RecordsError>) -> PaymentId {
    match row {
        Ok(payment) => payment.id.clone(),
        Err(RecordsError::Unreadable { id, .. }) => PaymentId::new(id.as_str()),
        Err(RecordsError::Database(_)) => PaymentId::new(String::new()),
    }
}
