//! `/api/payment-methods/{id}/charges`: a charge that the merchant asks for, because it schedules its
//! subscriptions itself.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use toss_checkout_contract::{Amount, ApiError as ErrorBody, Customer, OrderId};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{payments::detail, views::PaymentDetail};
use crate::{
    app_state::AppState,
    application::{ChargeRequest, charge_method},
    domain::{ids::PaymentMethodId, names, payment::PaymentStatus},
    http::{
        body::Strict,
        error::{ApiError, Keeping},
    },
};

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new().routes(routes!(charge))
}

/// What is to be charged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChargeRequest)]
struct Charge {
    /// The merchant's number for it: the same number is the same charge.
    order_id: OrderId,
    /// What for, 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    order_name: String,
    amount: Amount,
    /// Name and e-mail for the receipt.
    #[serde(default)]
    customer: Customer,
}

impl Charge {
    /// The charge of this card or account.
    fn of(self, payment_method_id: PaymentMethodId) -> ChargeRequest {
        ChargeRequest {
            payment_method_id,
            order_id: self.order_id,
            amount: self.amount,
            order_name: self.order_name,
            customer: self.customer,
        }
    }
}

/// Charges a registered card or account, once per order number.
#[utoipa::path(
    post, path = "/api/payment-methods/{id}/charges", tag = "payment-methods", operation_id = "chargePaymentMethod",
    params(("id" = PaymentMethodId, Path)),
    request_body = Charge,
    responses(
        (status = 201, description = "paid", body = PaymentDetail),
        (status = 202, description = "nobody knows yet; the same request asks again", body = PaymentDetail),
        (status = "4XX", description = "Toss refused, with its status and code; nothing was charged", body = ErrorBody),
    ),
)]
async fn charge(
    State(state): State<Arc<AppState>>,
    Path(id): Path<PaymentMethodId>,
    Strict(charge): Strict<Charge>,
) -> Result<Response, ApiError> {
    let request = charge.of(id);
    let payment = charge_method(&state.services, &request).await?;
    if payment.status == PaymentStatus::Failed {
        let attempt = names::charge(&request.order_id);
        let attempt = state.records.attempt(&attempt).await?;
        let failure = attempt.and_then(|attempt| attempt.failure);
        return Err(failure.map_or_else(ApiError::internal, |why| ApiError::of_toss(&why)));
    }
    let body = Json(detail(&state, &payment).await?);
    if payment.status.has_outcome() {
        return Ok((StatusCode::CREATED, body).into_response());
    }
    let mut answer = (StatusCode::ACCEPTED, body).into_response();
    answer.extensions_mut().insert(Keeping::NotYet);
    Ok(answer)
}
