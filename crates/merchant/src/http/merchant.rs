//! What the merchant's own server calls, with its bearer key.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{
    Consent, CustomerKey, Session, SessionId, SessionKind, Timestamp, codes,
};

use super::{body::Strict, checkout::session_id};
use crate::{
    core::Core, problem::Problem, sessions::create::CreateSession, store::records::SessionRecord,
};

pub(super) fn routes(core: &Arc<Core>) -> Router<Arc<Core>> {
    Router::new()
        .route("/api/sessions", get(list).post(create))
        .route("/api/sessions/{id}", get(read))
        .route_layer(middleware::from_fn_with_state(Arc::clone(core), authorized))
}

/// Compares the bearer key in constant time.
async fn authorized(State(core): State<Arc<Core>>, request: Request, next: Next) -> Response {
    let given = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if given.is_some_and(|key| core.config.merchant_api_key.matches(key.trim())) {
        return next.run(request).await;
    }
    let problem = Problem::new(
        StatusCode::UNAUTHORIZED,
        codes::UNAUTHORIZED,
        "send the header Authorization: Bearer followed by MERCHANT_API_KEY",
    );
    let mut answer = problem.into_response();
    answer
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    answer
}

/// A session and where to send the buyer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    session: Session,
    url: String,
    /// What the buyer agreed to, once registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    given_consent: Option<Given>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    #[serde(flatten)]
    consent: Consent,
    given_at: Timestamp,
}

fn shown(core: &Core, record: &SessionRecord) -> Created {
    let session = record.seen_at(core.now());
    let url = format!(
        "{}/checkout/?session={}",
        core.public_origin,
        session.id.expose()
    );
    Created {
        session,
        url,
        given_consent: None,
    }
}

/// As Toss allows: <https://docs.tosspayments.com/reference/using-api/authorization>.
const MAX_IDEMPOTENCY_KEY: usize = 300;

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(key) if (1..=MAX_IDEMPOTENCY_KEY).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(Problem::invalid(
            "Idempotency-Key is not 1 to 300 visible ASCII characters",
        )),
    }
}

async fn create(
    State(core): State<Arc<Core>>,
    headers: HeaderMap,
    Strict(body): Strict<CreateSession>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    let digest = body.digest()?;
    let now = core.now();
    let new = body.into_session(&core.config.client_key, key.clone(), now)?;
    let stored = core.store.insert_session(&new, now).await?;
    let record = if stored {
        core.store.session(&new.session.id).await?
    } else {
        // Taken: by the same request before, or its order number by another one.
        replayed(&core, key.as_deref(), &digest).await?
    };
    match record {
        Some(record) => Ok((StatusCode::CREATED, Json(shown(&core, &record))).into_response()),
        None => Err(Problem::new(
            StatusCode::CONFLICT,
            codes::INVALID_REQUEST,
            "orderId was used before; every session needs its own",
        )),
    }
}

async fn replayed(
    core: &Core,
    key: Option<&str>,
    digest: &str,
) -> Result<Option<SessionRecord>, Problem> {
    let Some(key) = key else { return Ok(None) };
    match core.store.session_of_request(key).await? {
        Some(record) if record.request_digest.as_deref() == Some(digest) => Ok(Some(record)),
        Some(_) => Err(Problem::new(
            StatusCode::CONFLICT,
            codes::INVALID_REQUEST,
            "this Idempotency-Key was used with another body",
        )),
        None => Ok(None),
    }
}

async fn read(
    State(core): State<Arc<Core>>,
    Path(id): Path<String>,
) -> Result<Json<Created>, Problem> {
    let record = core
        .store
        .session(&session_id(&id)?)
        .await?
        .ok_or_else(Problem::no_session)?;
    let mut shown = shown(&core, &record);
    if record.session.kind == SessionKind::Billing {
        let given = core.store.given_consent(&record.session.id).await?;
        shown.given_consent = given.map(|given| Given {
            consent: given.consent,
            given_at: given.at.kst(),
        });
    }
    Ok(Json(shown))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Page {
    limit: Option<u64>,
    before: Option<String>,
    customer_key: Option<String>,
}

#[derive(Serialize)]
struct Listed {
    sessions: Vec<Session>,
    /// For `before`, when there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<SessionId>,
}

const DEFAULT_LIMIT: u64 = 20;
const MAX_LIMIT: u64 = 100;

async fn list(
    State(core): State<Arc<Core>>,
    page: Result<Query<Page>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Listed>, Problem> {
    let Query(page) = page.map_err(|rejection| Problem::invalid(rejection.body_text()))?;
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::invalid(format!(
            "limit is {limit}; allowed are 1 to {MAX_LIMIT}"
        )));
    }
    let before = page
        .before
        .map(|id| SessionId::new(id).map_err(|error| Problem::invalid(format!("before: {error}"))))
        .transpose()?;
    let customer = page
        .customer_key
        .map(|key| CustomerKey::new(key).map_err(|error| Problem::invalid(error.to_string())))
        .transpose()?;
    let mut records = core
        .store
        .sessions(limit + 1, before.as_ref(), customer.as_ref())
        .await?;
    let more = records.len() as u64 > limit;
    if more {
        records.pop();
    }
    let sessions: Vec<Session> = records.iter().map(|r| r.seen_at(core.now())).collect();
    let next = sessions.last().filter(|_| more).map(|s| s.id.clone());
    Ok(Json(Listed { sessions, next }))
}
