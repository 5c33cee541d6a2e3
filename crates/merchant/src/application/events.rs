//! Events as they are read and sent again.

use std::{collections::HashMap, sync::Arc};

use thiserror::Error;

use super::{
    outbox::{EventFilter, Outbox, Resend},
    ports::{Records, RecordsError},
};
use crate::{
    clock::Clock,
    domain::{
        delivery::Delivery,
        event::{Event, settled},
        ids::{EndpointId, EventId},
    },
};

/// Why events were not read or sent again.
#[derive(Debug, Error)]
pub enum EventsError {
    /// The database failed.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// There is none of that name.
    #[error("there is no event {0}")]
    UnknownEvent(EventId),
    /// There is none of that name.
    #[error("there is no endpoint {0}")]
    UnknownEndpoint(EndpointId),
    /// Nobody would get them.
    #[error("no endpoint is enabled, so nobody would get it")]
    NoEndpoint,
}

/// Which events are wanted.
#[derive(Debug, Clone, Default)]
pub struct EventQuery {
    /// Behind this one, in the order asked for.
    pub after: Option<EventId>,
    /// Only what happened to this.
    pub subject: Option<String>,
    /// Only those with a delivery that was given up.
    pub failed: bool,
    /// Newest first instead of oldest first.
    pub newest_first: bool,
    /// At most this many.
    pub limit: u64,
}

/// An event and how its deliveries stand.
#[derive(Debug, Clone)]
pub struct ListedEvent {
    /// The event.
    pub event: Event,
    /// One for each endpoint that was enabled when it happened, or that it was sent to later.
    pub deliveries: Vec<Delivery>,
}

/// A part of a list.
#[derive(Debug, Clone)]
pub struct EventPage {
    /// The events.
    pub events: Vec<ListedEvent>,
    /// Whether there are more behind the last one.
    pub more: bool,
}

/// Reads events and sends them again.
#[derive(Debug, Clone)]
pub struct Events {
    outbox: Arc<dyn Outbox>,
    records: Arc<dyn Records>,
    clock: Clock,
}

impl Events {
    /// With what it takes.
    pub fn new(outbox: Arc<dyn Outbox>, records: Arc<dyn Records>, clock: Clock) -> Self {
        Self {
            outbox,
            records,
            clock,
        }
    }

    /// A part of the list. Oldest first and without a restriction it is a feed: who remembers the last
    /// event and goes on behind it misses none.
    ///
    /// # Errors
    /// The event to go on behind does not exist, or the database fails.
    pub async fn list(&self, query: EventQuery) -> Result<EventPage, EventsError> {
        let after = match &query.after {
            Some(id) => Some(self.event(id).await?.seq),
            None => None,
        };
        let feed = !query.newest_first && !query.failed && query.subject.is_none();
        let filter = EventFilter {
            subject: query.subject,
            failed: query.failed,
            after,
            newest_first: query.newest_first,
            limit: query.limit + 1,
        };
        let mut events = self.outbox.events(&filter).await?;
        if feed {
            events = settled(events, after.unwrap_or(0), self.clock.now());
        }
        let more = events.len() as u64 > query.limit;
        if more {
            events.pop();
        }
        Ok(EventPage {
            events: self.with_deliveries(events).await?,
            more,
        })
    }

    /// One event.
    ///
    /// # Errors
    /// There is none, or the database fails.
    pub async fn read(&self, id: &EventId) -> Result<ListedEvent, EventsError> {
        let event = self.event(id).await?;
        let deliveries = self.outbox.deliveries(std::slice::from_ref(id)).await?;
        Ok(ListedEvent { event, deliveries })
    }

    /// Sends events again, with every try before them; also to an endpoint that was not there when they
    /// happened. How many deliveries became due.
    ///
    /// # Errors
    /// The event or the endpoint does not exist, or no endpoint is enabled.
    pub async fn resend(&self, which: &Resend) -> Result<u64, EventsError> {
        if let Some(id) = &which.event {
            self.event(id).await?;
        }
        let endpoints = self.outbox.endpoints().await?;
        if let Some(id) = &which.endpoint
            && !endpoints.iter().any(|endpoint| endpoint.id == *id)
        {
            return Err(EventsError::UnknownEndpoint(id.clone()));
        }
        let wanted = |id: &EndpointId| which.endpoint.as_ref().is_none_or(|only| only == id);
        if !endpoints
            .iter()
            .any(|endpoint| endpoint.is_enabled() && wanted(&endpoint.id))
        {
            return Err(EventsError::NoEndpoint);
        }
        Ok(self.outbox.resend(which, self.clock.now()).await?)
    }

    async fn event(&self, id: &EventId) -> Result<Event, EventsError> {
        let found = self.records.event(id).await?;
        found.ok_or_else(|| EventsError::UnknownEvent(id.clone()))
    }

    async fn with_deliveries(&self, events: Vec<Event>) -> Result<Vec<ListedEvent>, RecordsError> {
        let ids: Vec<EventId> = events.iter().map(|event| event.id.clone()).collect();
        let mut of: HashMap<EventId, Vec<Delivery>> = HashMap::new();
        for delivery in self.outbox.deliveries(&ids).await? {
            of.entry(delivery.event_id.clone())
                .or_default()
                .push(delivery);
        }
        let listed = events.into_iter().map(|event| ListedEvent {
            deliveries: of.remove(&event.id).unwrap_or_default(),
            event,
        });
        Ok(listed.collect())
    }
}
