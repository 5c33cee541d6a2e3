//! Rows that wait for a worker.

use std::{fmt, time::Duration};

use async_trait::async_trait;

use super::RecordsError;
use crate::domain::time::Millis;

/// The tables whose rows can be due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Open attempts.
    Attempts,
    /// Payments about which Toss is to be asked unasked: waiting virtual accounts.
    Payments,
    /// Sessions that end.
    Sessions,
    /// Cards and accounts whose deletion is open.
    PaymentMethods,
    /// Webhooks that came in.
    Webhooks,
    /// Events that go out.
    Deliveries,
    /// Subscriptions whose next step is due.
    Subscriptions,
}

impl Queue {
    /// Every queue.
    pub const ALL: [Self; 7] = [
        Self::Attempts,
        Self::Payments,
        Self::Sessions,
        Self::PaymentMethods,
        Self::Webhooks,
        Self::Deliveries,
        Self::Subscriptions,
    ];

    /// Its name in logs and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attempts => "attempts",
            Self::Payments => "payments",
            Self::Sessions => "sessions",
            Self::PaymentMethods => "payment_methods",
            Self::Webhooks => "webhooks",
            Self::Deliveries => "deliveries",
            Self::Subscriptions => "subscriptions",
        }
    }
}

impl fmt::Display for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A row that a worker holds until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The row.
    pub id: String,
    /// What the worker has to show when it writes.
    pub lease_no: i64,
    /// How often the work was tried before without a result.
    pub tries: u32,
    /// When the row was due.
    pub due_at: Millis,
}

/// What a worker does with a row that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Release {
    /// Nothing is to be done any more.
    Done,
    /// Due again then, and the count of tries begins anew.
    At(Millis),
    /// Due again then, as one more try without a result.
    Again(Millis),
    /// Set aside for a human: not due any more, and shown with this reason.
    NeedsAttention(String),
}

/// How much of a queue waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Rows that are due, at most 10 000 are counted.
    pub due: u64,
    /// When the first of them was due.
    pub oldest: Option<Millis>,
    /// Rows that were set aside for a human.
    pub needs_attention: u64,
}

/// Rows that wait for a worker.
#[async_trait]
pub trait DueWork: Send + Sync {
    /// Claims due rows, earliest first, until `lease`. `shop_rate`: how many requests a second each
    /// shop may make to Toss for this queue; rows beyond it stay unclaimed.
    async fn claim(
        &self,
        queue: Queue,
        now: Millis,
        lease: Duration,
        limit: u64,
        shop_rate: Option<u32>,
    ) -> Result<Vec<Claimed>, RecordsError>;
    /// Gives a row back. `false`: the lease was lost, and nothing was written.
    async fn release(
        &self,
        queue: Queue,
        claimed: &Claimed,
        release: Release,
    ) -> Result<bool, RecordsError>;
    /// How much of a queue waits.
    async fn backlog(&self, queue: Queue, now: Millis) -> Result<Backlog, RecordsError>;
}
