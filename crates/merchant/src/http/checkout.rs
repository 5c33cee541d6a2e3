//! What the page calls. Whoever knows the session id may: it is the capability.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json, Router,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use toss_checkout_contract::{ConfirmRequest, Consent, FailureReport, IssueRequest, Session};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::{
    body::Lenient,
    error::ApiError,
    events,
    headers::TRACE_ID,
    limit::{Limiter, limit},
    path::session_id,
    streams::Streams,
};
use crate::{
    app_state::AppState,
    application::{Reply, confirm_payment, record_consent, register_method},
};

pub(super) fn routes(state: &Arc<AppState>, limiter: &Arc<Limiter>) -> Router<Arc<AppState>> {
    let of_limit = (Arc::clone(state), Arc::clone(limiter));
    Router::new()
        .route("/api/checkout/sessions/{id}", get(read))
        .route("/api/checkout/sessions/{id}/confirm", post(confirm))
        .route("/api/checkout/sessions/{id}/billing", post(register))
        .route("/api/checkout/sessions/{id}/consent", post(consent))
        .route("/api/checkout/sessions/{id}/failure", post(report))
        .route("/api/checkout/sessions/{id}/events", get(events::stream))
        .layer(Extension(Streams::new(&state.config.limits)))
        .route_layer(middleware::from_fn_with_state(of_limit, limit))
        // Set here and not only for the whole server: the layer below must answer OPTIONS first.
        .method_not_allowed_fallback(super::wrong_method)
        .layer(cors(state))
}

/// For pages of the merchant's other sites. The page that this server hosts needs none.
fn cors(state: &AppState) -> CorsLayer {
    let origins = state
        .config
        .allowed_origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::CONTENT_TYPE,
            HeaderName::from_static("last-event-id"),
        ])
        .expose_headers([TRACE_ID, header::RETRY_AFTER])
        .max_age(Duration::from_mins(10))
}

async fn read(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<Session>, ApiError> {
    let record = state
        .records
        .session(&session_id(&id)?)
        .await?
        .ok_or_else(ApiError::no_session)?;
    Ok(Json(record.seen_at(state.now())))
}

async fn confirm(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    Lenient(body): Lenient<ConfirmRequest>,
) -> Result<Response, ApiError> {
    let id = session_id(&id)?;
    Ok(answer(confirm_payment(&state.services, &id, &body).await?))
}

async fn register(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    Lenient(body): Lenient<IssueRequest>,
) -> Result<Response, ApiError> {
    let id = session_id(&id)?;
    Ok(answer(register_method(&state.services, &id, &body).await?))
}

/// What the buyer agreed to before Toss's window opens.
async fn consent(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    Lenient(body): Lenient<Consent>,
) -> Result<StatusCode, ApiError> {
    record_consent(&state.services, &session_id(&id)?, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn answer(reply: Reply) -> Response {
    match reply {
        Reply::Done(session) => Json(session).into_response(),
        Reply::Underway(session) => (StatusCode::ACCEPTED, Json(session)).into_response(),
        Reply::Refused(failure) => ApiError::of_toss(&failure).into_response(),
    }
}

async fn report(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    Lenient(body): Lenient<FailureReport>,
) -> Result<StatusCode, ApiError> {
    let id = session_id(&id)?;
    if state.records.session(&id).await?.is_none() {
        return Err(ApiError::no_session());
    }
    state
        .records
        .report_failure(&id, &body, state.now())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
