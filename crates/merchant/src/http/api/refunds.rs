//! `/api/payments/{id}/refunds`: money that goes back, in full or in part, and virtual accounts that are
//! given up before a deposit.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{Amount, ApiError as ErrorBody, DecimalAmount};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

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

pub(super) const PATH: &str = "/api/payments/{id}/refunds";

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new().routes(routes!(list, refund))
}

#[derive(Serialize, ToSchema)]
#[schema(as = RefundList)]
struct Listed {
    refunds: Vec<RefundView>,
}

/// The refunds of a payment, oldest first.
#[utoipa::path(
    get, path = PATH, tag = "payments", operation_id = "listRefunds",
    params(("id" = PaymentId, Path)),
    responses((status = 200, body = Listed)),
)]
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

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RefundRequest)]
struct Ask {
    /// All that is left, when absent.
    #[serde(default)]
    amount: Option<Amount>,
    /// Why, 1 to 200 characters; Toss keeps it, and the buyer may see it.
    reason: String,
    /// What the caller believes to be left of the payment, in units of its currency; refused when it is not.
    #[serde(default)]
    refundable_amount: Option<DecimalAmount>,
    /// Who gets the deposit of a virtual account back.
    #[serde(default)]
    refund_receive_account: Option<RefundAccount>,
}

/// A refund, and the payment as it is now.
#[derive(Serialize, ToSchema)]
struct Refunded {
    refund: RefundView,
    payment: PaymentDetail,
}

/// Gives money back, or gives a virtual account up before its deposit.
#[utoipa::path(
    post, path = PATH, tag = "payments", operation_id = "refundPayment",
    params(("id" = PaymentId, Path), ("If-Match" = Option<u64>, Header, description = "The payment's revision that the caller saw")),
    request_body = Ask,
    responses(
        (status = 201, description = "the money went back", body = Refunded),
        (status = 202, description = "nobody knows yet; the same request asks again", body = Refunded),
        (status = "4XX", description = "Toss refused, with its status and code; nothing went back", body = ErrorBody),
        (status = 412, description = "the payment has another revision", body = ErrorBody),
    ),
)]
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
