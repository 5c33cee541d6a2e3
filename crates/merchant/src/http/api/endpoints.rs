//! `/api/event-endpoints`: where events go.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{delete, get, post},
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{Timestamp, codes};

use crate::{
    application::endpoints::{EndpointError, Endpoints, is_configured},
    domain::{
        endpoint::{Endpoint, EndpointState},
        ids::EndpointId,
        signing_secret::SigningSecret,
    },
    http::{body::Strict, error::ApiError},
};

/// The routes; whoever merges them lets the merchant's server alone through.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(endpoints: Arc<Endpoints>) -> Router<S> {
    Router::new()
        .route("/api/event-endpoints", get(list).post(create))
        .route(
            "/api/event-endpoints/{id}",
            get(read).patch(change).delete(remove),
        )
        .route("/api/event-endpoints/{id}/test", post(test))
        .route("/api/event-endpoints/{id}/secrets", post(rotate))
        .route(
            "/api/event-endpoints/{id}/secrets/previous",
            delete(drop_previous_secret),
        )
        .with_state(endpoints)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: EndpointId,
    url: String,
    state: EndpointState,
    /// Set by `EVENT_URL`, not by this API.
    configured: bool,
    /// How many secrets sign: two while the receiver changes over.
    secrets: usize,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// Told once, by the call that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

fn shown(endpoint: &Endpoint, secret: Option<&SigningSecret>) -> Json<Shown> {
    Json(Shown {
        id: endpoint.id.clone(),
        url: endpoint.url.as_str().to_owned(),
        state: endpoint.state,
        configured: is_configured(&endpoint.id),
        secrets: endpoint.sealed_secrets.len(),
        created_at: endpoint.created_at.kst(),
        updated_at: endpoint.updated_at.kst(),
        secret: secret.map(|secret| secret.expose().to_owned()),
    })
}

#[derive(Serialize)]
struct Listed {
    endpoints: Vec<Shown>,
}

async fn list(State(endpoints): State<Arc<Endpoints>>) -> Result<Json<Listed>, ApiError> {
    let all = endpoints.list().await?;
    Ok(Json(Listed {
        endpoints: all.iter().map(|endpoint| shown(endpoint, None).0).collect(),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Create {
    url: String,
}

async fn create(
    State(endpoints): State<Arc<Endpoints>>,
    Strict(body): Strict<Create>,
) -> Result<(StatusCode, Json<Shown>), ApiError> {
    let (endpoint, secret) = endpoints.create(&body.url).await?;
    Ok((StatusCode::CREATED, shown(&endpoint, Some(&secret))))
}

async fn read(
    State(endpoints): State<Arc<Endpoints>>,
    Path(id): Path<EndpointId>,
) -> Result<Json<Shown>, ApiError> {
    Ok(shown(&endpoints.read(&id).await?, None))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Change {
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    enabled: Option<bool>,
}

async fn change(
    State(endpoints): State<Arc<Endpoints>>,
    Path(id): Path<EndpointId>,
    Strict(body): Strict<Change>,
) -> Result<Json<Shown>, ApiError> {
    let mut endpoint = endpoints.read(&id).await?;
    if let Some(url) = &body.url {
        endpoint = endpoints.relocate(&id, url).await?;
    }
    if let Some(enabled) = body.enabled {
        endpoint = endpoints.enable(&id, enabled).await?;
    }
    Ok(shown(&endpoint, None))
}

async fn remove(
    State(endpoints): State<Arc<Endpoints>>,
    Path(id): Path<EndpointId>,
) -> Result<StatusCode, ApiError> {
    endpoints.delete(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a receiver answered a message that tells of nothing.
#[derive(Serialize)]
struct Tested {
    delivered: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

async fn test(
    State(endpoints): State<Arc<Endpoints>>,
    Path(id): Path<EndpointId>,
) -> Result<Json<Tested>, ApiError> {
    let outcome = endpoints.test(&id).await?;
    let error = outcome.problem();
    Ok(Json(Tested {
        delivered: error.is_none(),
        status: outcome.status(),
        error,
    }))
}

async fn rotate(
    State(endpoints): State<Arc<Endpoints>>,
    Path(id): Path<EndpointId>,
) -> Result<(StatusCode, Json<Shown>), ApiError> {
    let (endpoint, secret) = endpoints.rotate(&id).await?;
    Ok((StatusCode::CREATED, shown(&endpoint, Some(&secret))))
}

async fn drop_previous_secret(
    State(endpoints): State<Arc<Endpoints>>,
    Path(id): Path<EndpointId>,
) -> Result<Json<Shown>, ApiError> {
    Ok(shown(&endpoints.drop_previous_secret(&id).await?, None))
}

impl From<EndpointError> for ApiError {
    fn from(error: EndpointError) -> Self {
        let (status, code) = match &error {
            EndpointError::Records(_) | EndpointError::Crypto(_) => {
                tracing::error!(%error, "an endpoint could not be read or written");
                return Self::internal();
            }
            EndpointError::Url(_) => (StatusCode::BAD_REQUEST, codes::INVALID_REQUEST),
            EndpointError::Unknown => (StatusCode::NOT_FOUND, codes::NOT_FOUND),
            EndpointError::Taken
            | EndpointError::Changed
            | EndpointError::Configured
            | EndpointError::OneSecret => (StatusCode::CONFLICT, codes::INVALID_REQUEST),
        };
        Self::new(status, code, error.to_string())
    }
}
