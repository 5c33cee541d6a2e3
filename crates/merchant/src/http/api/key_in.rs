//! `POST /api/customers/{customerKey}/payment-methods`: a card that is registered by its number, and its
//! first payment. What a card's holder told the merchant goes through to Toss: it is neither stored nor
//! logged, and wiped from memory afterwards.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{Amount, Customer, OrderId, codes};
use zeroize::Zeroizing;

use super::{
    idempotency::RequestKey,
    payment_methods::customer_key,
    payments::detail,
    views::{PaymentDetail, PaymentMethodView},
};
use crate::{
    app_state::AppState,
    application::{FirstCharge, provider::CardRegistration, register_and_charge},
    config::Config,
    domain::payment::PaymentStatus,
    http::{
        body::Strict,
        error::{ApiError, Keeping},
    },
};

const PATH: &str = "/api/customers/{customerKey}/payment-methods";

/// The call, where it is switched on.
pub(super) fn routes(config: &Config) -> Router<Arc<AppState>> {
    if config.key_in {
        Router::new().route(PATH, post(register))
    } else {
        Router::new()
    }
}

/// Elsewhere it is refused before anything of its body is read.
pub(super) fn refused(config: &Config) -> Router<Arc<AppState>> {
    if config.key_in {
        return Router::new();
    }
    Router::new().route(PATH, post(off))
}

async fn off() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        codes::FORBIDDEN,
        "registering cards by their number is off; KEY_IN_ENABLED=true switches it on, with the duties that docs/security.md names",
    )
}

/// A value of a card. It shows itself nowhere, and reading a body repeats no long number in an error.
#[derive(Deserialize)]
#[serde(from = "String")]
struct CardText(Zeroizing<String>);

impl From<String> for CardText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

#[derive(Deserialize)]
#[serde(
    rename_all = "camelCase",
    expecting = "an object with number, expiryYear, expiryMonth and identityNumber"
)]
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Charge {
    order_id: OrderId,
    order_name: String,
    amount: Amount,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
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
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Registered {
    payment_method: PaymentMethodView,
    /// How the first payment stands: also one that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<PaymentDetail>,
}

/// 201: registered, and the first payment is decided, as its status says. 202: it is not decided yet. Toss's
/// status and code: it refused, nothing was registered.
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
