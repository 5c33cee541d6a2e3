//! JSON for tests: what was asked, what there is, and what shall go wrong.

mod clock;
mod guard;
mod registry;
mod windows;

use std::sync::Arc;

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

pub(crate) use self::guard::same_origin;
use crate::{
    app::App,
    faults::Fault,
    rest::shape::{PaymentBody, Secret, Sight},
    state::{Misstep, Payment, State as Toss},
};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sandbox/api/requests", get(requests))
        .route("/sandbox/api/payments", get(payments))
        .route("/sandbox/api/payments/{key}/{action}", post(act_on_payment))
        .route("/sandbox/api/webhooks", get(webhooks))
        .route("/sandbox/api/webhooks/{id}/resend", post(resend))
        .route("/sandbox/api/faults", faults())
        .route("/sandbox/faults", faults())
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
        .route("/sandbox/api/reset", post(reset))
        .layer(axum::middleware::from_fn(same_origin))
}

fn faults() -> MethodRouter<Arc<App>> {
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

async fn requests(State(app): State<Arc<App>>) -> Response {
    uncached(app.log().entries())
}

/// As the payment's merchant would see it.
fn sight<'a>(state: &'a Toss, payment: &Payment, now: OffsetDateTime) -> Sight<'a> {
    Sight {
        m_id: state.merchant_id(payment.shop),
        version: state.version_of(payment.shop),
        now,
    }
}

/// Every payment as a Payment object, oldest first.
pub(crate) fn payments_json(app: &App) -> Vec<Value> {
    let mut state = app.state();
    let now = app.clock.now();
    state.pass_time(now);
    state
        .payments()
        .iter()
        .map(|payment| {
            let body = PaymentBody::new(payment, sight(&state, payment, now), Secret::Hidden);
            serde_json::to_value(body).unwrap_or_default()
        })
        .collect()
}

async fn payments(State(app): State<Arc<App>>) -> Response {
    uncached(payments_json(&app))
}

/// A button of the console, and its JSON twin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Deposit,
    Reverse,
    Expire,
    Cancel,
}

impl Action {
    pub(crate) fn read(name: &str) -> Option<Self> {
        match name {
            "deposit" => Some(Self::Deposit),
            "reverse" => Some(Self::Reverse),
            "expire" => Some(Self::Expire),
            "cancel" => Some(Self::Cancel),
            _ => None,
        }
    }

    /// Does it and sends the webhooks.
    pub(crate) fn perform(self, app: &App, key: &str) -> Result<Payment, Misstep> {
        let now = app.clock.now();
        let payment = {
            let mut state = app.state();
            match self {
                Self::Deposit => state.deposit(key, now),
                Self::Reverse => state.reverse(key, now),
                Self::Expire => state.expire(key, now),
                Self::Cancel => state.cancel(key, "샌드박스에서 취소", now),
            }
            .cloned()
        };
        app.send_events();
        payment
    }
}

async fn act_on_payment(
    State(app): State<Arc<App>>,
    Path((key, action)): Path<(String, String)>,
) -> Response {
    let Some(action) = Action::read(&action) else {
        return problem(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "deposit, reverse, expire or cancel",
        );
    };
    match action.perform(&app, &key) {
        Ok(payment) => {
            let state = app.state();
            let sight = sight(&state, &payment, app.clock.now());
            uncached(PaymentBody::new(&payment, sight, Secret::Hidden))
        }
        Err(Misstep::NoPayment) => problem(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            Misstep::NoPayment.to_string(),
        ),
        Err(misstep) => problem(StatusCode::CONFLICT, "CONFLICT", misstep.to_string()),
    }
}

async fn webhooks(State(app): State<Arc<App>>) -> Response {
    uncached(app.webhooks.deliveries())
}

async fn resend(State(app): State<Arc<App>>, Path(id): Path<u64>) -> Response {
    if app.webhooks.resend(id) {
        StatusCode::ACCEPTED.into_response()
    } else {
        problem(StatusCode::NOT_FOUND, "NOT_FOUND", "no such delivery")
    }
}

async fn list_faults(State(app): State<Arc<App>>) -> Response {
    let faults: Vec<Fault> = app.faults().list().cloned().collect();
    uncached(faults)
}

async fn add_fault(State(app): State<Arc<App>>, body: Bytes) -> Response {
    let fault: Fault = match serde_json::from_slice(&body) {
        Ok(fault) => fault,
        Err(error) => {
            return problem(StatusCode::BAD_REQUEST, "INVALID_FAULT", error.to_string());
        }
    };
    match app.faults().add(fault.clone()) {
        Ok(()) => (StatusCode::CREATED, Json(fault)).into_response(),
        Err(error) => problem(StatusCode::BAD_REQUEST, "INVALID_FAULT", error.to_string()),
    }
}

async fn clear_faults(State(app): State<Arc<App>>) -> StatusCode {
    app.faults().clear();
    StatusCode::NO_CONTENT
}

async fn reset(State(app): State<Arc<App>>) -> StatusCode {
    app.reset();
    StatusCode::NO_CONTENT
}
