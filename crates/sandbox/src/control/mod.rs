//! JSON for tests: what was asked, what there is, and what shall go wrong.

mod clock;
mod registry;
mod windows;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, delete, get, post},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use time::OffsetDateTime;
use toss_model::{ActionError, Payment, State as TossState};

use crate::{
    app_state::{AppState, Reset},
    faults::{Fault, Faults},
    request_log::RequestLog,
    same_origin::same_origin,
    shape::{PaymentBody, Secret, Viewer},
    toss::{PaymentAction, Toss},
    webhooks::Webhooks,
};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/sandbox/api/requests", get(requests))
        .route("/sandbox/api/payments", get(payments))
        .route("/sandbox/api/payments/{key}/{action}", post(act_on_payment))
        .route("/sandbox/api/webhooks", get(list_webhooks))
        .route("/sandbox/api/webhooks/{id}/resend", post(resend))
        .route("/sandbox/api/faults", fault_routes())
        .route("/sandbox/faults", fault_routes())
        .route("/sandbox/clock", get(clock::show).post(clock::set))
        .route("/sandbox/api/billing", get(registry::billing))
        .route(
            "/sandbox/api/billing/{number}/delete",
            post(registry::delete_billing),
        )
        .route("/sandbox/api/keys", get(registry::keys))
        .route("/sandbox/api/keys/{client}", post(registry::set_version))
        .route(
            "/sandbox/api/targets",
            get(registry::targets).post(registry::add_target),
        )
        .route("/sandbox/api/targets/{id}", delete(registry::remove_target))
        .route("/sandbox/api/windows/{id}/{action}", post(windows::press))
        .route("/sandbox/api/reset", post(reset_all))
        .layer(axum::middleware::from_fn(same_origin))
}

fn fault_routes() -> MethodRouter<AppState> {
    get(list_faults).post(add_fault).delete(clear_faults)
}

/// Why a control does not do what was asked.
#[derive(Debug)]
struct ControlError {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl ControlError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let body = json!({"code": self.code, "message": self.message});
        (self.status, Json(body)).into_response()
    }
}

/// Reads a body.
///
/// # Errors
/// A sentence: that it is no JSON, or which of its fields is wrong.
fn read<T: DeserializeOwned>(body: &[u8], code: &'static str) -> Result<T, ControlError> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| ControlError::bad_request(code, "the body is no JSON"))?;
    // From a value, not from text: the message then says what is wrong, not at which column.
    serde_json::from_value(value)
        .map_err(|error| ControlError::bad_request(code, error.to_string()))
}

fn uncached(value: impl Serialize) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(value)).into_response()
}

async fn requests(State(log): State<RequestLog>) -> Response {
    uncached(log.entries())
}

/// As the payment's merchant would see it.
fn viewer<'a>(state: &'a TossState, payment: &Payment, now: OffsetDateTime) -> Viewer<'a> {
    Viewer {
        m_id: state.merchant_id(payment.shop),
        version: state.version_of(payment.shop),
        now,
    }
}

/// Every payment as a Payment object, oldest first.
pub(crate) fn payments_json(toss: &Toss) -> Vec<Value> {
    let mut state = toss.state();
    let now = toss.now();
    state.pass_time(now);
    state
        .payments()
        .iter()
        .map(|payment| {
            let body = PaymentBody::new(payment, viewer(&state, payment, now), Secret::Hidden);
            serde_json::to_value(body).unwrap_or_default()
        })
        .collect()
}

async fn payments(State(toss): State<Toss>) -> Response {
    uncached(payments_json(&toss))
}

async fn act_on_payment(
    State(toss): State<Toss>,
    Path((key, action)): Path<(String, String)>,
) -> Result<Response, ControlError> {
    let action = PaymentAction::read(&action)
        .ok_or_else(|| ControlError::not_found("deposit, reverse, expire or cancel"))?;
    let payment = toss.act(action, &key).map_err(|error| match error {
        ActionError::NoPayment => ControlError::not_found(error.to_string()),
        _ => ControlError::new(StatusCode::CONFLICT, "CONFLICT", error.to_string()),
    })?;
    let state = toss.state();
    let viewer = viewer(&state, &payment, toss.now());
    Ok(uncached(PaymentBody::new(&payment, viewer, Secret::Hidden)))
}

async fn list_webhooks(State(webhooks): State<Webhooks>) -> Response {
    uncached(webhooks.deliveries())
}

async fn resend(
    State(webhooks): State<Webhooks>,
    Path(id): Path<u64>,
) -> Result<StatusCode, ControlError> {
    if webhooks.resend(id) {
        Ok(StatusCode::ACCEPTED)
    } else {
        Err(ControlError::not_found("no such delivery"))
    }
}

async fn list_faults(State(faults): State<Faults>) -> Response {
    uncached(faults.list())
}

async fn add_fault(
    State(faults): State<Faults>,
    body: Bytes,
) -> Result<(StatusCode, Json<Fault>), ControlError> {
    let fault: Fault = read(&body, "INVALID_FAULT")?;
    faults
        .add(fault.clone())
        .map_err(|error| ControlError::bad_request("INVALID_FAULT", error.to_string()))?;
    Ok((StatusCode::CREATED, Json(fault)))
}

async fn clear_faults(State(faults): State<Faults>) -> StatusCode {
    faults.clear();
    StatusCode::NO_CONTENT
}

async fn reset_all(State(reset): State<Reset>) -> StatusCode {
    reset.now();
    StatusCode::NO_CONTENT
}
