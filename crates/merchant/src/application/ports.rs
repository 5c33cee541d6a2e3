//! What use cases need from the database.

mod due_work;
mod payment_methods;
mod payments;
mod sessions;
mod shops;
mod webhooks;

use std::fmt;

use async_trait::async_trait;
use thiserror::Error;

pub use self::{
    due_work::{Backlog, Claimed, DueWork, Queue, Release},
    payment_methods::PaymentMethodRecords,
    payments::{PaymentFilter, PaymentRecords},
    sessions::{Checkout, SessionRecords},
    shops::ShopRecords,
    webhooks::WebhookRecords,
};
use super::change::{Change, Committed};
use crate::domain::{event::Event, ids::EventId, time::Millis};

/// Why the records could not be read or written.
#[derive(Debug, Error)]
pub enum RecordsError {
    /// The database said no.
    #[error("database: {0}")]
    Database(String),
    /// The database cannot be used at the moment: it is not reached, has no connection left, is locked or full.
    /// Nothing was written.
    #[error("the database cannot be used at the moment: {0}")]
    Unavailable(String),
    /// The database went away while a change was committed: it is written or it is not.
    #[error("whether a change was written is not known: {0}")]
    Unknown(String),
    /// A row that this version cannot read.
    #[error("row {id} of {table} cannot be read: {reason}")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The row.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// A page of a list, newest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Page {
    /// At most this many.
    pub limit: u64,
    /// Only what is older than the row with this cursor.
    pub before: Option<i64>,
}

/// A row of a list with its cursor; a row that cannot be read is named and does not end the list.
#[derive(Debug)]
pub struct Listed<T> {
    /// Its place in the order.
    pub cursor: i64,
    /// The row.
    pub row: Result<T, RecordsError>,
}

impl<T> Listed<T> {
    /// Its name, whether or not the rest of it can be read.
    pub fn name<'a>(&'a self, of: impl FnOnce(&'a T) -> &'a str) -> Option<&'a str> {
        match &self.row {
            Ok(row) => Some(of(row)),
            Err(RecordsError::Unreadable { id, .. }) => Some(id),
            Err(
                RecordsError::Database(_) | RecordsError::Unavailable(_) | RecordsError::Unknown(_),
            ) => None,
        }
    }
}

/// Before when something is no longer kept. Nothing here is a record of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over {
    /// Webhooks that were worked on, what fail pages reported, and links of customers that ended.
    pub webhooks: Millis,
    /// Events that every endpoint has, or need not get any more. `None`: they are kept.
    pub events: Option<Millis>,
    /// Look-ups that webhooks without proof caused.
    pub hints: Millis,
}

/// The records of this merchant. One implementation serves both database engines.
#[async_trait]
pub trait Records:
    SessionRecords
    + PaymentRecords
    + PaymentMethodRecords
    + ShopRecords
    + WebhookRecords
    + DueWork
    + fmt::Debug
{
    /// Writes everything of a change in one transaction, or nothing.
    async fn commit(&self, change: Change, now: Millis) -> Result<Committed, RecordsError>;
    /// Events after a cursor, oldest first.
    async fn events(&self, after: i64, limit: u64) -> Result<Vec<Event>, RecordsError>;
    /// An event.
    async fn event(&self, id: &EventId) -> Result<Option<Event>, RecordsError>;
    /// Deletes what is kept for a time only, at most `limit` rows of each kind. How many rows went.
    async fn purge(&self, over: Over, limit: u64) -> Result<u64, RecordsError>;
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), RecordsError>;
}
