//! `/api/payments/{id}/refunds`: money that goes back, in full or in part, and virtual accounts that are
//! given up before a deposit.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::Amount;

use super::{
    idempotency::RequestKey,
    payments::detail,
    revision::IfMatch,
    views::{PaymentDetail, RefundView},
};
use crate::{
    app_state::AppState,
    application::{RefundRequest, error::UseCaseError, provider::RefundAccount, refund_payment},
    domain::{ids::PaymentId, names, refund::RefundStatus},
    http::{
        body::Strict,
        error::{ApiError, Keeping},
    },
};

pub(super) fn routes() -> Router<Arc<AppState>> {
    Router::new().route("/api/payments/{id}/refunds", get(list).post(refund))
}

#[derive(Serialize)]
struct Listed {
    refunds: Vec<RefundView>,
}

async fn list(
    State(state): State<Arc<AppState>>,
    Path(id): Path<PaymentId>,
) -> Result<Json<Listed>, ApiError> {
    if state.records.payment(&id).await?.is_none() {
        return Err(UseCaseError::NoPayment.into());
    }
    let refunds = state.records.refunds(&id).await?;
    Ok(Json(Listed {
        refunds: refunds.iter().map(Into::into).collect(),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ask {
    /// All that is left, when absent.
    #[serde(default)]
    amount: Option<Amount>,
    /// Why, 1 to 200 characters; Toss keeps it, and the buyer may see it.
    reason: String,
    /// What the caller believes to be left of the payment, in won; refused when it is not.
    #[serde(default)]
    refundable_amount: Option<u64>,
    /// Who gets the deposit of a virtual account back.
    #[serde(default)]
    refund_receive_account: Option<RefundAccount>,
}

/// A refund, and the payment as it is now.
#[derive(Serialize)]
struct Refunded {
    refund: RefundView,
    payment: PaymentDetail,
}

/// 201: the money went back. 202: nobody knows yet. Toss's status and code: it refused, nothing went back.
async fn refund(
    State(state): State<Arc<AppState>>,
    Path(payment_id): Path<PaymentId>,
    RequestKey(request_key): RequestKey,
    IfMatch(expected_revision): IfMatch,
    Strict(ask): Strict<Ask>,
) -> Result<Response, ApiError> {
    let request = RefundRequest {
        payment_id,
        request_key,
        amount: ask.amount,
        reason: ask.reason,
        expected_balance: ask.refundable_amount,
        expected_revision,
        account: ask.refund_receive_account,
    };
    let refund = refund_payment(&state.services, &request).await?;
    if refund.status == RefundStatus::Declined {
        let attempt = state.records.attempt(&names::cancel(&refund.id)).await?;
        let failure = attempt.and_then(|attempt| attempt.failure);
        return Err(failure.map_or_else(ApiError::internal, |why| ApiError::of_toss(&why)));
    }
    let payment = state.records.payment(&request.payment_id).await?;
    let payment = payment.ok_or(UseCaseError::NoPayment)?;
    let body = Json(Refunded {
        refund: (&refund).into(),
        payment: detail(&state, &payment).await?,
    });
    if refund.status == RefundStatus::Succeeded {
        return Ok((StatusCode::CREATED, body).into_response());
    }
    let mut answer = (StatusCode::ACCEPTED, body).into_response();
    answer.extensions_mut().insert(Keeping::NotYet);
    Ok(answer)
}
