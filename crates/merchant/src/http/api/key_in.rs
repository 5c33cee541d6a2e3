//! `POST /api/customers/{customerKey}/payment-methods`: a card that is registered by its number, and its
//! first payment. What a card's holder told the merchant goes through to Toss: it is neither stored nor
//! logged, and wiped from memory afterwards.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{
    Amount, ApiError as ErrorBody, Customer, CustomerKey, OrderId, codes,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use zeroize::Zeroizing;

use super::{
    idempotency::{RequestKey, answered_once},
    payment_methods::{PaymentMethodView, customer_key},
    payments::detail,
    views::PaymentDetail,
};
use crate::{
    app_state::AppState,
    application::{FirstCharge, provider::CardRegistration, register_and_charge},
    domain::payment::PaymentStatus,
    http::{
        body::Strict,
        error::{ApiError, Keeping},
    },
};

pub(super) const PATH: &str = "/api/customers/{customerKey}/payment-methods";

/// The call under its idempotency key; where it is not switched on, it is refused before anything of its
/// body is read or kept.
pub(super) fn routes(state: &Arc<AppState>) -> OpenApiRouter<Arc<AppState>> {
    let routes = answered_once(state, OpenApiRouter::new().routes(routes!(register)));
    if state.config.key_in {
        routes
    } else {
        routes.route_layer(middleware::from_fn(off))
    }
}

async fn off(_: Request, _: Next) -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        codes::FORBIDDEN,
        "registering cards by their number is off; KEY_IN_ENABLED=true switches it on, with the duties that docs/security.md names",
    )
}

/// A value of a card. It shows itself nowhere, and reading a body repeats no long number in an error.
#[derive(Deserialize, ToSchema)]
#[serde(from = "String")]
#[schema(value_type = String, format = Password)]
struct CardText(Zeroizing<String>);

impl From<String> for CardText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = CardNumber)]
#[serde(rename_all = "camelCase")]
struct Card {
    number: CardText,
    expiry_year: CardText,
    expiry_month: CardText,
    /// The holder's birth date as six digits, or a business number of ten.
    identity_number: CardText,
    /// The first two digits of the card's password.
    #[serde(default)]
    password: Option<CardText>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FirstCharge)]
struct Charge {
    order_id: OrderId,
    order_name: String,
    amount: Amount,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CardRegistration)]
struct Register {
    card: Card,
    /// Name and e-mail for the receipt.
    #[serde(default)]
    customer: Customer,
    /// The payment that follows at once.
    #[serde(default)]
    charge: Option<Charge>,
}

/// A registered card, and its first payment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RegisteredCard)]
struct Registered {
    payment_method: PaymentMethodView,
    /// How the first payment stands: also one that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<PaymentDetail>,
}

/// Registers a card by its number, and charges it at once if that is asked for.
#[utoipa::path(
    post, path = PATH, tag = "payment-methods", operation_id = "registerCard",
    params(("customerKey" = CustomerKey, Path)),
    request_body = Register,
    responses(
        (status = 201, description = "registered; how the first payment went is in its status", body = Registered),
        (status = 202, description = "registered; nobody knows yet how the first payment went, and the same request asks again", body = Registered),
        (status = 403, description = "switched off, or the key lacks the scope", body = ErrorBody),
        (status = "4XX", description = "Toss refused, with its status and code; nothing was registered", body = ErrorBody),
    ),
)]
async fn register(
    State(state): State<Arc<AppState>>,
    Path(customer): Path<String>,
    RequestKey(request_key): RequestKey,
    Strict(body): Strict<Register>,
) -> Result<Response, ApiError> {
    let card = CardRegistration {
        customer_key: customer_key(customer)?,
        number: body.card.number.0,
        expiry_year: body.card.expiry_year.0,
        expiry_month: body.card.expiry_month.0,
        identity_number: body.card.identity_number.0,
        password: body.card.password.map(|text| text.0),
        customer: body.customer,
    };
    let charge = body.charge.map(|charge| FirstCharge {
        order_id: charge.order_id,
        amount: charge.amount,
        order_name: charge.order_name,
    });
    let registered = register_and_charge(&state.services, &card, charge, &request_key).await;
    drop(card);
    let (method, payment) = registered?;
    let decided = payment.as_ref().is_none_or(|payment| {
        payment.status.has_outcome() || payment.status == PaymentStatus::Failed
    });
    let payment = match &payment {
        Some(payment) => Some(detail(&state, payment).await?),
        None => None,
    };
    let body = Json(Registered {
        payment_method: (&method).into(),
        payment,
    });
    if decided {
        return Ok((StatusCode::CREATED, body).into_response());
    }
    let mut answer = (StatusCode::ACCEPTED, body).into_response();
    answer.extensions_mut().insert(Keeping::NotYet);
    Ok(answer)
}
