//! What the page calls. Whoever knows the session id may: it is the capability.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
};
use toss_checkout_contract::{
    ConfirmRequest, Consent, FailureReport, IssueRequest, Session, SessionId,
};
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    body::Lenient,
    error::ApiError,
    events,
    headers::TRACE_ID,
    limit::{Limiter, limit},
    openapi,
    path::session_id,
    streams::Streams,
};
use crate::{
    app_state::AppState,
    application::{Reply, confirm_payment, record_consent, register_method},
};

pub(super) fn routes(
    state: &Arc<AppState>,
    limiter: &Arc<Limiter>,
) -> OpenApiRouter<Arc<AppState>> {
    let of_limit = (Arc::clone(state), Arc::clone(limiter));
    let routes = OpenApiRouter::new()
        .routes(routes!(read))
        .routes(routes!(confirm))
        .routes(routes!(register))
        .routes(routes!(consent))
        .routes(routes!(report))
        .routes(routes!(events::stream))
        .layer(Extension(Streams::new(&state.config.limits)))
        .route_layer(middleware::from_fn_with_state(of_limit, limit));
    openapi::wrapped(routes, |routes| {
        routes
            // Set here and not only for the whole server: the layer below must answer OPTIONS first.
            .method_not_allowed_fallback(super::wrong_method)
            .layer(cors(state, HeaderName::from_static("last-event-id")))
    })
}

/// For pages of the merchant's other sites, which send a header of their `own`. The page that this server
/// hosts needs none.
pub(super) fn cors(state: &AppState, own: HeaderName) -> CorsLayer {
    let origins = state
        .config
        .allowed_origins
        .iter()
        .filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE, own])
        .expose_headers([TRACE_ID, header::RETRY_AFTER])
        .max_age(Duration::from_mins(10))
}

/// The session as it now stands.
#[utoipa::path(
    get, path = "/api/checkout/sessions/{id}", tag = "checkout", operation_id = "readCheckout",
    params(("id" = SessionId, Path)),
    responses((status = 200, body = Session)),
)]
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

/// Confirms the payment that the redirect brought.
#[utoipa::path(
    post, path = "/api/checkout/sessions/{id}/confirm", tag = "checkout", operation_id = "confirmPayment",
    params(("id" = SessionId, Path)),
    request_body = ConfirmRequest,
    responses(
        (status = 200, description = "done", body = Session),
        (status = 202, description = "under way, or not known yet: follow the session", body = Session),
    ),
)]
async fn confirm(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    Lenient(body): Lenient<ConfirmRequest>,
) -> Result<Response, ApiError> {
    let id = session_id(&id)?;
    Ok(answer(confirm_payment(&state.services, &id, &body).await?))
}

/// Registers the card or account that the redirect brought.
#[utoipa::path(
    post, path = "/api/checkout/sessions/{id}/billing", tag = "checkout", operation_id = "registerPaymentMethod",
    params(("id" = SessionId, Path)),
    request_body = IssueRequest,
    responses(
        (status = 200, description = "done", body = Session),
        (status = 202, description = "under way, or not known yet: follow the session", body = Session),
    ),
)]
async fn register(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    Lenient(body): Lenient<IssueRequest>,
) -> Result<Response, ApiError> {
    let id = session_id(&id)?;
    Ok(answer(register_method(&state.services, &id, &body).await?))
}

/// What the buyer agreed to before Toss's window opens.
#[utoipa::path(
    post, path = "/api/checkout/sessions/{id}/consent", tag = "checkout", operation_id = "recordConsent",
    params(("id" = SessionId, Path)),
    request_body = Consent,
    responses((status = 204)),
)]
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

/// What the fail page was told. Recorded, never believed.
#[utoipa::path(
    post, path = "/api/checkout/sessions/{id}/failure", tag = "checkout", operation_id = "reportFailure",
    params(("id" = SessionId, Path)),
    request_body = FailureReport,
    responses((status = 204)),
)]
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
