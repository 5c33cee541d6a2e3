//! `/api/events`: what happened, and sending it again.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use toss_checkout_contract::{Timestamp, codes};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::paging::{Asked, limit};

use crate::{
    application::{
        events::{EventQuery, Events, EventsError, ListedEvent},
        outbox::Resend,
    },
    domain::{
        delivery::{Delivery, DeliveryState},
        event::EventType,
        ids::{EndpointId, EventId},
        time::Millis,
    },
    http::{body::Strict, error::ApiError},
};

/// The routes; whoever merges them lets the merchant's server alone through.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(events: Arc<Events>) -> OpenApiRouter<S> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(resend_many))
        .routes(routes!(read))
        .routes(routes!(resend_one))
        .with_state(events)
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
struct Listing {
    /// Behind this event.
    after: Option<EventId>,
    /// Only what happened to this payment or payment method.
    subject: Option<String>,
    /// Only what could not be delivered.
    failed: bool,
    #[param(inline)]
    order: Order,
    /// 1 to 100, by default 20.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u64>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Order {
    #[default]
    Asc,
    Desc,
}

/// An event as it is delivered, and how its deliveries stand.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
struct Shown {
    /// Its name; the same at every delivery.
    id: EventId,
    #[serde(rename = "type")]
    kind: EventType,
    timestamp: Timestamp,
    /// The payment or payment method that it happened to.
    subject: String,
    /// The subject's revision after the change.
    revision: u64,
    /// docs/events.md shows it for every type.
    data: Value,
    deliveries: Vec<ShownDelivery>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delivery)]
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
        let event = listed.event;
        Self {
            id: event.id,
            kind: event.kind,
            timestamp: event.at.kst(),
            subject: event.subject,
            revision: event.subject_revision,
            data: event.data,
            deliveries: listed.deliveries.into_iter().map(Into::into).collect(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = EventList)]
struct Listed {
    events: Vec<Shown>,
    /// For `after`, when there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<EventId>,
}

/// What happened, oldest first unless `order=desc`.
#[utoipa::path(
    get, path = "/api/events", tag = "events", operation_id = "listEvents",
    params(Listing),
    responses((status = 200, body = Listed)),
)]
async fn list(
    State(events): State<Arc<Events>>,
    Asked(listing): Asked<Listing>,
) -> Result<Json<Listed>, ApiError> {
    let limit = limit(listing.limit)?;
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

/// One event and how its deliveries stand.
#[utoipa::path(
    get, path = "/api/events/{id}", tag = "events", operation_id = "readEvent",
    params(("id" = EventId, Path)),
    responses((status = 200, body = Shown)),
)]
async fn read(
    State(events): State<Arc<Events>>,
    Path(id): Path<EventId>,
) -> Result<Json<Shown>, ApiError> {
    Ok(Json(events.read(&id).await?.into()))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
struct ResendOne {
    /// To this endpoint alone.
    endpoint_id: Option<EndpointId>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ResendRequest)]
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
#[derive(Serialize, ToSchema)]
#[schema(as = DueDeliveries)]
struct Due {
    deliveries: u64,
}

/// Sends one event again.
#[utoipa::path(
    post, path = "/api/events/{id}/resend", tag = "events", operation_id = "resendEvent",
    params(("id" = EventId, Path), ResendOne),
    responses((status = 202, description = "so many deliveries are due", body = Due)),
)]
async fn resend_one(
    State(events): State<Arc<Events>>,
    Path(id): Path<EventId>,
    Asked(query): Asked<ResendOne>,
) -> Result<(StatusCode, Json<Due>), ApiError> {
    let which = Resend {
        event: Some(id),
        endpoint: query.endpoint_id,
        ..Resend::default()
    };
    let deliveries = events.resend(&which).await?;
    Ok((StatusCode::ACCEPTED, Json(Due { deliveries })))
}

/// Sends the events of a time again.
#[utoipa::path(
    post, path = "/api/events/resend", tag = "events", operation_id = "resendEvents",
    request_body = ResendMany,
    responses((status = 202, description = "so many deliveries are due", body = Due)),
)]
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
