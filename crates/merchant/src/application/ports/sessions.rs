//! Checkout sessions.

use async_trait::async_trait;
use toss_checkout_contract::{CustomerKey, FailureReport, SessionId};

use super::{Listed, Page, RecordsError};
use crate::domain::{attempt::Attempt, payment::Payment, session::SessionRecord, time::Millis};

/// A session with what was tried for it, all of one moment.
#[derive(Debug)]
pub struct Checkout {
    /// The session.
    pub record: SessionRecord,
    /// What it is about to pay, or has paid.
    pub payment: Option<Payment>,
    /// Its attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

/// Sessions.
#[async_trait]
pub trait SessionRecords: Send + Sync {
    /// A session.
    async fn session(&self, id: &SessionId) -> Result<Option<SessionRecord>, RecordsError>;
    /// A session with its payment and its attempts.
    async fn checkout(&self, id: &SessionId) -> Result<Option<Checkout>, RecordsError>;
    /// The session that was created with this idempotency key.
    async fn session_of_request(&self, key: &str) -> Result<Option<SessionRecord>, RecordsError>;
    /// Sessions, newest first.
    async fn sessions(
        &self,
        page: Page,
        customer: Option<&CustomerKey>,
    ) -> Result<Vec<Listed<SessionRecord>>, RecordsError>;
    /// The cursor of a session, for [`Page::before`].
    async fn session_cursor(&self, id: &SessionId) -> Result<Option<i64>, RecordsError>;
    /// The revision alone, for event streams.
    async fn session_revision(&self, id: &SessionId) -> Result<Option<u64>, RecordsError>;
    /// Keeps what the fail page was told; at most 20 per session.
    async fn report_failure(
        &self,
        id: &SessionId,
        report: &FailureReport,
        now: Millis,
    ) -> Result<(), RecordsError>;
}
