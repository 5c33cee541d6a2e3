//! `/api/event-endpoints`: where events go.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{Timestamp, codes};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

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
pub(super) fn routes<S: Clone + Send + Sync + 'static>(
    endpoints: Arc<Endpoints>,
) -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, change, remove))
        .routes(routes!(test))
        .routes(routes!(rotate))
        .routes(routes!(drop_previous_secret))
        .with_state(endpoints)
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EventEndpoint)]
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

#[derive(Serialize, ToSchema)]
#[schema(as = EventEndpointList)]
struct Listed {
    endpoints: Vec<Shown>,
}

/// Every endpoint, oldest first.
#[utoipa::path(
    get, path = "/api/event-endpoints", tag = "events", operation_id = "listEventEndpoints",
    responses((status = 200, body = Listed)),
)]
async fn list(State(endpoints): State<Arc<Endpoints>>) -> Result<Json<Listed>, ApiError> {
    let all = endpoints.list().await?;
    Ok(Json(Listed {
        endpoints: all.iter().map(|endpoint| shown(endpoint, None).0).collect(),
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewEventEndpoint)]
struct Create {
    url: String,
}

/// Sets an endpoint up; its secret is told here and never again.
#[utoipa::path(
    post, path = "/api/event-endpoints", tag = "events", operation_id = "createEventEndpoint",
    request_body = Create,
    responses((status = 201, body = Shown)),
)]
async fn create(
    State(endpoints): State<Arc<Endpoints>>,
    Strict(body): Strict<Create>,
) -> Result<(StatusCode, Json<Shown>), ApiError> {
    let (endpoint, secret) = endpoints.create(&body.url).await?;
    Ok((StatusCode::CREATED, shown(&endpoint, Some(&secret))))
}

/// An endpoint.
#[utoipa::path(
    get, path = "/api/event-endpoints/{id}", tag = "events", operation_id = "readEventEndpoint",
    params(("id" = EndpointId, Path)),
    responses((status = 200, body = Shown)),
)]
async fn read(
    State(endpoints): State<Arc<Endpoints>>,
    Path(id): Path<EndpointId>,
) -> Result<Json<Shown>, ApiError> {
    Ok(shown(&endpoints.read(&id).await?, None))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventEndpointChange)]
struct Change {
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    enabled: Option<bool>,
}

/// Moves an endpoint, or enables or disables it.
#[utoipa::path(
    patch, path = "/api/event-endpoints/{id}", tag = "events", operation_id = "changeEventEndpoint",
    params(("id" = EndpointId, Path)),
    request_body = Change,
    responses((status = 200, body = Shown)),
)]
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

/// Deletes an endpoint, and what was on its way to it.
#[utoipa::path(
    delete, path = "/api/event-endpoints/{id}", tag = "events", operation_id = "deleteEventEndpoint",
    params(("id" = EndpointId, Path)),
    responses((status = 204)),
)]
async fn remove(
    State(endpoints): State<Arc<Endpoints>>,
    Path(id): Path<EndpointId>,
) -> Result<StatusCode, ApiError> {
    endpoints.delete(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a receiver answered a message that tells of nothing.
#[derive(Serialize, ToSchema)]
#[schema(as = EventEndpointTest)]
struct Tested {
    delivered: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Sends a message that tells of nothing, and says how it was answered.
#[utoipa::path(
    post, path = "/api/event-endpoints/{id}/test", tag = "events", operation_id = "testEventEndpoint",
    params(("id" = EndpointId, Path)),
    responses((status = 200, body = Tested)),
)]
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

/// Makes a new secret, told here and never again; both sign until the previous one is dropped.
#[utoipa::path(
    post, path = "/api/event-endpoints/{id}/secrets", tag = "events", operation_id = "rotateEventSecret",
    params(("id" = EndpointId, Path)),
    responses((status = 201, body = Shown)),
)]
async fn rotate(
    State(endpoints): State<Arc<Endpoints>>,
    Path(id): Path<EndpointId>,
) -> Result<(StatusCode, Json<Shown>), ApiError> {
    let (endpoint, secret) = endpoints.rotate(&id).await?;
    Ok((StatusCode::CREATED, shown(&endpoint, Some(&secret))))
}

/// Ends a rotation: the newest secret alone signs.
#[utoipa::path(
    delete, path = "/api/event-endpoints/{id}/secrets/previous", tag = "events", operation_id = "dropPreviousEventSecret",
    params(("id" = EndpointId, Path)),
    responses((status = 200, body = Shown)),
)]
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
            EndpointError::Url(problem) => return Self::invalid(format!("url: {problem}")),
            EndpointError::Unknown(_) => (StatusCode::NOT_FOUND, codes::NOT_FOUND),
            EndpointError::Taken
            | EndpointError::Changed
            | EndpointError::Configured
            | EndpointError::OneSecret => (StatusCode::CONFLICT, codes::INVALID_REQUEST),
        };
        Self::new(status, code, error.to_string())
    }
}
