//! Sessions: create, read, list.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{Consent, CustomerKey, Session, SessionId, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    idempotency::request_key,
    paging::{self, Asked, limit},
};
use crate::{
    app_state::AppState,
    application::{
        create_session::{CreateSession, create_session},
        ports::Page as RowPage,
    },
    domain::session::SessionRecord,
    http::{body::Strict, error::ApiError, path::session_id},
};

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read))
}

/// A session and where to send the buyer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CreatedSession)]
struct Created {
    session: Session,
    url: String,
    /// What the buyer agreed to, once registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    given_consent: Option<Given>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GivenConsentOfSession)]
struct Given {
    #[serde(flatten)]
    consent: Consent,
    given_at: Timestamp,
}

fn shown(state: &AppState, record: &SessionRecord) -> Created {
    let session = record.seen_at(state.now());
    let url = format!(
        "{}/checkout/?session={}",
        state.public_origin,
        session.id.expose()
    );
    Created {
        session,
        url,
        given_consent: None,
    }
}

/// Creates a checkout; send the buyer to its `url`.
#[utoipa::path(
    post, path = "/api/sessions", tag = "sessions", operation_id = "createSession",
    request_body = CreateSession,
    responses(
        (status = 201, description = "created", body = Created),
        (status = 200, description = "the same request had created it before; as it now stands", body = Created),
    ),
)]
async fn create(
    State(state): State<Arc<AppState>>,
    headers: HeaderMap,
    Strict(body): Strict<CreateSession>,
) -> Result<Response, ApiError> {
    let key = request_key(&headers)?;
    let created = create_session(&state, body, key).await?;
    let status = if created.replayed {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, Json(shown(&state, &created.record))).into_response())
}

/// A checkout as it now stands.
#[utoipa::path(
    get, path = "/api/sessions/{id}", tag = "sessions", operation_id = "readSession",
    params(("id" = SessionId, Path)),
    responses((status = 200, body = Created)),
)]
async fn read(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
) -> Result<Json<Created>, ApiError> {
    let record = state
        .records
        .session(&session_id(&id)?)
        .await?
        .ok_or_else(ApiError::no_session)?;
    let mut shown = shown(&state, &record);
    if let Some(id) = &record.payment_method_id {
        let method = state.records.payment_method(id).await?;
        let given = method.and_then(|method| method.consent);
        shown.given_consent = given.map(|given| Given {
            consent: given.consent,
            given_at: given.at.kst(),
        });
    }
    Ok(Json(shown))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct Page {
    /// 1 to 100, by default 20.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u64>,
    /// The `next` of the page before.
    #[param(value_type = Option<SessionId>)]
    before: Option<String>,
    #[param(value_type = Option<CustomerKey>)]
    customer_key: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SessionList)]
struct Listed {
    sessions: Vec<Session>,
    /// For `before`, when there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<SessionId>,
}

/// Checkouts, newest first.
#[utoipa::path(
    get, path = "/api/sessions", tag = "sessions", operation_id = "listSessions",
    params(Page),
    responses((status = 200, body = Listed)),
)]
async fn list(
    State(state): State<Arc<AppState>>,
    Asked(page): Asked<Page>,
) -> Result<Json<Listed>, ApiError> {
    let limit = limit(page.limit)?;
    let before = page
        .before
        .map(|id| SessionId::new(id).map_err(|error| ApiError::invalid(format!("before: {error}"))))
        .transpose()?;
    let customer = page
        .customer_key
        .map(|key| CustomerKey::new(key).map_err(|error| ApiError::invalid(error.to_string())))
        .transpose()?;
    let before = match &before {
        Some(id) => {
            let found = state.records.session_cursor(id).await?;
            Some(paging::before("before", id.expose(), found)?)
        }
        None => None,
    };
    let page = RowPage {
        limit: limit + 1,
        before,
    };
    let rows = state.records.sessions(page, customer.as_ref()).await?;
    let (records, next) = paging::page(rows, limit, |record| record.session.id.expose());
    let now = state.now();
    Ok(Json(Listed {
        sessions: records.iter().map(|record| record.seen_at(now)).collect(),
        next: next.and_then(|id| SessionId::new(id).ok()),
    }))
}
