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
use toss_checkout_contract::{ConfirmRequest, FailureReport, IssueRequest, Session, SessionId};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::{
    body::Lenient,
    events,
    headers::TRACE_ID,
    limit::{Limiter, limit},
    streams::Streams,
};
use crate::{
    billing,
    core::Core,
    problem::Problem,
    sessions::{confirm, submit::Reply},
    store::sessions::Report,
};

/// `failure.message` is at most 510 characters at Toss; a URL can carry anything.
/// Source: <https://docs.tosspayments.com/reference>.
const MAX_MESSAGE: usize = 510;

pub(super) fn routes(core: &Arc<Core>, limiter: &Arc<Limiter>) -> Router<Arc<Core>> {
    let state = (Arc::clone(core), Arc::clone(limiter));
    Router::new()
        .route("/api/checkout/sessions/{id}", get(read))
        .route("/api/checkout/sessions/{id}/confirm", post(confirm_payment))
        .route("/api/checkout/sessions/{id}/billing", post(register))
        .route("/api/checkout/sessions/{id}/failure", post(report))
        .route("/api/checkout/sessions/{id}/events", get(events::stream))
        .layer(Extension(Streams::new(&core.config.limits)))
        .route_layer(middleware::from_fn_with_state(state, limit))
        // Set here and not only for the whole server: the layer below must answer OPTIONS first.
        .method_not_allowed_fallback(super::wrong_method)
        .layer(cors(core))
}

/// For pages of the merchant's other sites. The page that this server hosts needs none.
fn cors(core: &Core) -> CorsLayer {
    let origins = core
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

/// An id that cannot be one names no session.
pub(super) fn session_id(text: &str) -> Result<SessionId, Problem> {
    SessionId::new(text).map_err(|_| Problem::no_session())
}

async fn read(
    State(core): State<Arc<Core>>,
    Path(id): Path<String>,
) -> Result<Json<Session>, Problem> {
    let record = core
        .store
        .session(&session_id(&id)?)
        .await?
        .ok_or_else(Problem::no_session)?;
    Ok(Json(record.seen_at(core.now())))
}

async fn confirm_payment(
    State(core): State<Arc<Core>>,
    Path(id): Path<String>,
    Lenient(body): Lenient<ConfirmRequest>,
) -> Result<Response, Problem> {
    let id = session_id(&id)?;
    Ok(answer(confirm::confirm(&core, &id, &body).await?))
}

async fn register(
    State(core): State<Arc<Core>>,
    Path(id): Path<String>,
    Lenient(body): Lenient<IssueRequest>,
) -> Result<Response, Problem> {
    let id = session_id(&id)?;
    Ok(answer(billing::billing(&core, &id, &body).await?))
}

fn answer(reply: Reply) -> Response {
    match reply {
        Reply::Done(session) => Json(session).into_response(),
        Reply::Underway(session) => (StatusCode::ACCEPTED, Json(session)).into_response(),
        Reply::Refused(failure) => Problem::of_toss(&failure).into_response(),
    }
}

async fn report(
    State(core): State<Arc<Core>>,
    Path(id): Path<String>,
    Lenient(body): Lenient<FailureReport>,
) -> Result<StatusCode, Problem> {
    let id = session_id(&id)?;
    if core.store.session(&id).await?.is_none() {
        return Err(Problem::no_session());
    }
    let message: String = body.message.chars().take(MAX_MESSAGE).collect();
    let report = Report {
        code: body.code.as_str(),
        message: &message,
        order_id: body.order_id.as_ref(),
    };
    core.store.report_failure(&id, &report, core.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
