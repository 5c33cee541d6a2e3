//! Endpoints and deliveries.

use sea_orm::ActiveValue::Set;

use super::Unreadable;
use crate::{
    application::{outbox::Settlement, ports::Claimed},
    crypto::random_name,
    domain::{
        delivery::{Delivery, DeliveryState, Outcome},
        endpoint::{Endpoint, EndpointUrl, Reach},
        ids::{EndpointId, EventId},
        time::Millis,
    },
    store::{
        columns::{Json, Text},
        entities::{delivery, endpoint},
        records::to_i32,
    },
};

pub(in crate::store) fn endpoint(row: endpoint::Model) -> Result<Endpoint, Unreadable> {
    Ok(Endpoint {
        id: row.id.0,
        // What may be connected to is decided anew with every delivery.
        url: EndpointUrl::parse(&row.url, Reach::Anywhere).map_err(|error| error.to_string())?,
        sealed_secrets: row.sealed_secrets.0,
        state: row.state.0,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

pub(in crate::store) fn endpoint_row(endpoint: &Endpoint) -> endpoint::ActiveModel {
    endpoint::ActiveModel {
        id: Set(Text(endpoint.id.clone())),
        url: Set(endpoint.url.as_str().to_owned()),
        sealed_secrets: Set(Json(endpoint.sealed_secrets.clone())),
        state: Set(Text(endpoint.state)),
        created_at: Set(endpoint.created_at),
        updated_at: Set(endpoint.updated_at),
    }
}

pub(in crate::store) fn delivery(row: delivery::Model) -> Result<Delivery, Unreadable> {
    let status = row.last_status.map(u16::try_from).transpose();
    Ok(Delivery {
        id: row.id,
        event_id: row.event_id.0,
        event_seq: row.event_seq,
        subject: row.subject,
        endpoint_id: row.endpoint_id.0,
        state: row.state.0,
        tries: u32::try_from(row.tries).unwrap_or(0),
        last_status: status.map_err(|_| "last_status is no status".to_owned())?,
        last_error: row.last_error,
        next_action_at: row.next_action_at,
        delivered_at: row.delivered_at,
    })
}

/// Due at once.
pub(in crate::store) fn new_delivery(
    event: &EventId,
    event_seq: i64,
    subject: &str,
    endpoint: Text<EndpointId>,
    now: Millis,
) -> delivery::ActiveModel {
    delivery::ActiveModel {
        id: Set(random_name("dlv_")),
        event_id: Set(Text(event.clone())),
        event_seq: Set(event_seq),
        subject: Set(subject.to_owned()),
        endpoint_id: Set(endpoint),
        state: Set(Text(DeliveryState::Pending)),
        last_status: Set(None),
        last_error: Set(None),
        delivered_at: Set(None),
        created_at: Set(now),
        next_action_at: Set(Some(now)),
        lease_no: Set(0),
        tries: Set(0),
        needs_attention: Set(None),
    }
}

/// What a delivery is after a worker held it.
pub(in crate::store) fn settled(
    claimed: &Claimed,
    outcome: Option<&Outcome>,
    settlement: &Settlement,
    now: Millis,
) -> delivery::ActiveModel {
    let mut row = delivery::ActiveModel {
        needs_attention: Set(None),
        ..delivery::ActiveModel::default()
    };
    if let Some(outcome) = outcome {
        row.last_status = Set(outcome.status().map(i32::from));
        row.last_error = Set(outcome.problem());
    }
    let (state, next) = match settlement {
        Settlement::Delivered => {
            row.delivered_at = Set(Some(now));
            (DeliveryState::Delivered, None)
        }
        Settlement::Again(then) => (DeliveryState::Pending, Some(*then)),
        Settlement::Postponed(then) => {
            // Claiming counted a try that was none.
            row.tries = Set(to_i32(claimed.tries));
            (DeliveryState::Pending, Some(*then))
        }
        Settlement::BehindEarlier(then) => {
            // Nothing is sent before the earlier event is done, so no claim so far was a try: not this one,
            // and none that ended with its process.
            row.tries = Set(0);
            (DeliveryState::Pending, Some(*then))
        }
        Settlement::GivenUp => {
            row.needs_attention = Set(outcome.and_then(Outcome::problem));
            (DeliveryState::Failed, None)
        }
        Settlement::EndpointGone | Settlement::Canceled => (DeliveryState::Canceled, None),
    };
    row.state = Set(Text(state));
    row.next_action_at = Set(next);
    row
}
