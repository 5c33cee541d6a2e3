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
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;

use crate::{
    app_state::{AppState, Reset},
    faults::{Fault, Faults},
    request_log::RequestLog,
    same_origin::same_origin,
    shape::{PaymentBody, Secret, Viewer},
    toss::{PaymentAction, Toss},
    webhooks::Webhooks,
};
use toss_model::{ActionError, Payment, State as TossState};

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

#[derive(Debug, Serialize)]
struct Problem {
    code: &'static str,
    message: String,
}

fn problem(status: StatusCode, code: &'static str, message: impl Into<String>) -> Response {
    let message = message.into();
    (status, Json(Problem { code, message })).into_response()
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
) -> Response {
    let Some(action) = PaymentAction::read(&action) else {
        return problem(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "deposit, reverse, expire or cancel",
        );
    };
    match toss.act(action, &key) {
        Ok(payment) => {
            let state = toss.state();
            let viewer = viewer(&state, &payment, toss.now());
            uncached(PaymentBody::new(&payment, viewer, Secret::Hidden))
        }
        Err(ActionError::NoPayment) => problem(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            ActionError::NoPayment.to_string(),
        ),
        Err(action_error) => problem(StatusCode::CONFLICT, "CONFLICT", action_error.to_string()),
    }
}

async fn list_webhooks(State(webhooks): State<Webhooks>) -> Response {
    uncached(webhooks.deliveries())
}

async fn resend(State(webhooks): State<Webhooks>, Path(id): Path<u64>) -> Response {
    if webhooks.resend(id) {
        StatusCode::ACCEPTED.into_response()
    } else {
        problem(StatusCode::NOT_FOUND, "NOT_FOUND", "no such delivery")
    }
}

async fn list_faults(State(faults): State<Faults>) -> Response {
    uncached(faults.list())
}

async fn add_fault(State(faults): State<Faults>, body: Bytes) -> Response {
    let fault: Fault = match serde_json::from_slice(&body) {
        Ok(fault) => fault,
        Err(error) => {
            return problem(StatusCode::BAD_REQUEST, "INVALID_FAULT", error.to_string());
        }
    };
    match faults.add(fault.clone()) {
        Ok(()) => (StatusCode::CREATED, Json(fault)).into_response(),
        Err(error) => problem(StatusCode::BAD_REQUEST, "INVALID_FAULT", error.to_string()),
    }
}

async fn clear_faults(State(faults): State<Faults>) -> StatusCode {
    faults.clear();
    StatusCode::NO_CONTENT
}

async fn reset_all(State(reset): State<Reset>) -> StatusCode {
    reset.now();
    StatusCode::NO_CONTENT
}
