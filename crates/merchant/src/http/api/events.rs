//! `/api/events`: what happened, and sending it again.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::StatusCode,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use toss_checkout_contract::{Timestamp, codes};

use crate::{
    application::{
        events::{EventQuery, Events, EventsError, ListedEvent},
        outbox::Resend,
    },
    domain::{
        delivery::{Delivery, DeliveryState},
        ids::{EndpointId, EventId},
        time::Millis,
    },
    http::{body::Strict, error::ApiError},
};

const DEFAULT_LIMIT: u64 = 20;
const MAX_LIMIT: u64 = 100;

/// The routes; whoever merges them lets the merchant's server alone through.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(events: Arc<Events>) -> Router<S> {
    Router::new()
        .route("/api/events", get(list))
        .route("/api/events/resend", post(resend_many))
        .route("/api/events/{id}", get(read))
        .route("/api/events/{id}/resend", post(resend_one))
        .with_state(events)
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Listing {
    after: Option<EventId>,
    subject: Option<String>,
    failed: bool,
    order: Order,
    limit: Option<u64>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    #[default]
    Asc,
    Desc,
}

/// An event as it is delivered, and how its deliveries stand.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    event: Value,
    deliveries: Vec<ShownDelivery>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownDelivery {
    endpoint_id: EndpointId,
    state: DeliveryState,
    tries: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_try_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivered_at: Option<Timestamp>,
}

impl From<Delivery> for ShownDelivery {
    fn from(delivery: Delivery) -> Self {
        Self {
            endpoint_id: delivery.endpoint_id,
            state: delivery.state,
            tries: delivery.tries,
            last_status: delivery.last_status,
            last_error: delivery.last_error,
            next_try_at: delivery.next_action_at.map(Millis::kst),
            delivered_at: delivery.delivered_at.map(Millis::kst),
        }
    }
}

impl From<ListedEvent> for Shown {
    fn from(listed: ListedEvent) -> Self {
        Self {
            event: listed.event.shown(),
            deliveries: listed.deliveries.into_iter().map(Into::into).collect(),
        }
    }
}

#[derive(Serialize)]
struct Listed {
    events: Vec<Shown>,
    /// For `after`, when there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<EventId>,
}

async fn list(
    State(events): State<Arc<Events>>,
    query: Result<Query<Listing>, QueryRejection>,
) -> Result<Json<Listed>, ApiError> {
    let Query(listing) = query.map_err(|rejection| ApiError::invalid(rejection.body_text()))?;
    let limit = listing.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(ApiError::invalid(format!(
            "limit is {limit}; allowed are 1 to {MAX_LIMIT}"
        )));
    }
    let page = events
        .list(EventQuery {
            after: listing.after,
            subject: listing.subject,
            failed: listing.failed,
            newest_first: listing.order == Order::Desc,
            limit,
        })
        .await?;
    let next = page.events.last().filter(|_| page.more);
    Ok(Json(Listed {
        next: next.map(|last| last.event.id.clone()),
        events: page.events.into_iter().map(Into::into).collect(),
    }))
}

async fn read(
    State(events): State<Arc<Events>>,
    Path(id): Path<EventId>,
) -> Result<Json<Shown>, ApiError> {
    Ok(Json(events.read(&id).await?.into()))
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct ResendOne {
    endpoint_id: Option<EndpointId>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ResendMany {
    from: Timestamp,
    #[serde(default)]
    to: Option<Timestamp>,
    #[serde(default)]
    endpoint_id: Option<EndpointId>,
    /// Also what the endpoint has already.
    #[serde(default)]
    delivered: bool,
}

/// How many deliveries became due.
#[derive(Serialize)]
struct Due {
    deliveries: u64,
}

async fn resend_one(
    State(events): State<Arc<Events>>,
    Path(id): Path<EventId>,
    query: Result<Query<ResendOne>, QueryRejection>,
) -> Result<(StatusCode, Json<Due>), ApiError> {
    let Query(query) = query.map_err(|rejection| ApiError::invalid(rejection.body_text()))?;
    let which = Resend {
        event: Some(id),
        endpoint: query.endpoint_id,
        ..Resend::default()
    };
    let deliveries = events.resend(&which).await?;
    Ok((StatusCode::ACCEPTED, Json(Due { deliveries })))
}

async fn resend_many(
    State(events): State<Arc<Events>>,
    Strict(body): Strict<ResendMany>,
) -> Result<(StatusCode, Json<Due>), ApiError> {
    let which = Resend {
        event: None,
        from: Some(moment("from", &body.from)?),
        to: body.to.map(|to| moment("to", &to)).transpose()?,
        endpoint: body.endpoint_id,
        undelivered: !body.delivered,
    };
    let deliveries = events.resend(&which).await?;
    Ok((StatusCode::ACCEPTED, Json(Due { deliveries })))
}

fn moment(field: &str, text: &Timestamp) -> Result<Millis, ApiError> {
    Millis::from_toss(text.as_str()).ok_or_else(|| {
        ApiError::invalid(format!(
            "{field} is '{}', which is no moment such as 2026-11-28T09:00:00+09:00",
            text.as_str()
        ))
    })
}

impl From<EventsError> for ApiError {
    fn from(error: EventsError) -> Self {
        let status = match &error {
            EventsError::Records(cause) => {
                tracing::error!(error = %cause, "the database failed");
                return Self::internal();
            }
            EventsError::UnknownEvent(_) | EventsError::UnknownEndpoint(_) => StatusCode::NOT_FOUND,
            EventsError::NoEndpoint => StatusCode::CONFLICT,
        };
        let code = if status == StatusCode::NOT_FOUND {
            codes::NOT_FOUND
        } else {
            codes::INVALID_REQUEST
        };
        Self::new(status, code, error.to_string())
    }
}
