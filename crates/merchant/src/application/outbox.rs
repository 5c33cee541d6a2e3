//! What the way of events to shops needs from the world outside.

use std::fmt;

use async_trait::async_trait;

use super::ports::{Claimed, RecordsError};
use crate::domain::{
    delivery::{Delivery, Outcome},
    endpoint::{Endpoint, EndpointUrl},
    event::{Event, Message},
    ids::{EndpointId, EventId},
    signing_secret::SigningSecret,
    time::Millis,
};

/// Hands a message to a receiver, once. A shop may put a queue of its own behind it.
#[async_trait]
pub trait Publisher: fmt::Debug + Send + Sync {
    /// Sends it, signed with every secret, and says what came of it. Ends by itself within seconds.
    async fn publish(
        &self,
        to: &EndpointUrl,
        secrets: &[SigningSecret],
        message: &Message,
    ) -> Outcome;
}

/// A delivery that a worker holds, with everything that it takes.
#[derive(Debug, Clone)]
pub struct DueDelivery {
    /// The row.
    pub delivery: Delivery,
    /// What is sent.
    pub event: Event,
    /// Where to.
    pub endpoint: Endpoint,
    /// An earlier event of the same subject is still on its way to the same endpoint, and is due then.
    pub earlier_due: Option<Millis>,
}

/// What becomes of a delivery that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// The receiver has it. The next event of the subject is due at once.
    Delivered,
    /// It failed and is tried again then.
    Again(Millis),
    /// It was not tried, which does not count, and is due then.
    Postponed(Millis),
    /// It waits for an earlier event of its subject, which does not count as a try, and is due then; at
    /// once when that has been delivered meanwhile.
    BehindEarlier(Millis),
    /// It failed for the last time. An operator sees it; the next event of the subject is due at once.
    GivenUp,
    /// The receiver wants nothing more: the endpoint is disabled, and what is on its way to it canceled.
    EndpointGone,
    /// Its endpoint was disabled meanwhile.
    Canceled,
}

/// Which events are to be sent again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resend {
    /// This one alone.
    pub event: Option<EventId>,
    /// Those written down then or later.
    pub from: Option<Millis>,
    /// Those written down before.
    pub to: Option<Millis>,
    /// To this endpoint alone; otherwise to every enabled one.
    pub endpoint: Option<EndpointId>,
    /// Only what the endpoint does not have yet.
    pub undelivered: bool,
}

/// Which events are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only what happened to this.
    pub subject: Option<String>,
    /// Only those with a delivery that was given up.
    pub failed: bool,
    /// Behind the event with this number, in the order asked for.
    pub after: Option<i64>,
    /// Newest first instead of oldest first.
    pub newest_first: bool,
    /// At most this many.
    pub limit: u64,
}

/// Endpoints, and the deliveries that are written with every event.
#[async_trait]
pub trait Outbox: fmt::Debug + Send + Sync {
    /// Every endpoint, oldest first.
    async fn endpoints(&self) -> Result<Vec<Endpoint>, RecordsError>;
    /// An endpoint.
    async fn endpoint(&self, id: &EndpointId) -> Result<Option<Endpoint>, RecordsError>;
    /// Writes a new endpoint. `false`: there is one with its address.
    async fn insert_endpoint(&self, endpoint: &Endpoint) -> Result<bool, RecordsError>;
    /// Writes a changed endpoint; when it gets no events any more, what is on its way to it is canceled
    /// with it. `false`: it was changed by somebody else, or another one has its address.
    async fn update_endpoint(
        &self,
        endpoint: &Endpoint,
        was_updated_at: Millis,
    ) -> Result<bool, RecordsError>;
    /// Deletes an endpoint and its deliveries. `false`: there is none.
    async fn delete_endpoint(&self, id: &EndpointId) -> Result<bool, RecordsError>;

    /// A delivery that a worker has claimed; `None`: it is gone, or not pending any more.
    async fn due_delivery(&self, claimed: &Claimed) -> Result<Option<DueDelivery>, RecordsError>;
    /// Writes down what became of it. `false`: the lease was lost, and nothing was written.
    async fn settle(
        &self,
        claimed: &Claimed,
        outcome: Option<&Outcome>,
        settlement: Settlement,
        now: Millis,
    ) -> Result<bool, RecordsError>;
    /// The deliveries of these events, in no order.
    async fn deliveries(&self, events: &[EventId]) -> Result<Vec<Delivery>, RecordsError>;
    /// Makes deliveries due at once, with every try before them, also where there was none before. How
    /// many.
    async fn resend(&self, which: &Resend, now: Millis) -> Result<u64, RecordsError>;
    /// Events by filter.
    async fn events(&self, filter: &EventFilter) -> Result<Vec<Event>, RecordsError>;
}
