//! What use cases need from the database.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use thiserror::Error;
use toss_checkout_contract::{CustomerKey, FailureReport, OrderId, PaymentKey, SessionId};

use super::change::{Change, Committed};
use crate::domain::{
    attempt::Attempt,
    event::Event,
    ids::{AttemptId, EventId, PaymentId, PaymentMethodId, RefundId, ShopId},
    payment::{Payment, PaymentStatus},
    payment_method::PaymentMethod,
    refund::Refund,
    session::SessionRecord,
    shop::Shop,
    time::Millis,
    webhook::{NewWebhook, Webhook, WebhookState},
};

/// Why the records could not be read or written.
#[derive(Debug, Error)]
pub enum RecordsError {
    /// The database said no, or did not answer.
    #[error("database: {0}")]
    Database(String),
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
            Err(RecordsError::Database(_)) => None,
        }
    }
}

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

/// Which payments are wanted. `None` does not restrict.
#[derive(Debug, Clone, Default)]
pub struct PaymentFilter {
    /// Of this order.
    pub order_id: Option<OrderId>,
    /// Of this customer.
    pub customer_key: Option<CustomerKey>,
    /// Of this card or account.
    pub payment_method_id: Option<PaymentMethodId>,
    /// With this status.
    pub status: Option<PaymentStatus>,
    /// Written down then or later.
    pub from: Option<Millis>,
    /// Written down before.
    pub to: Option<Millis>,
    /// Only those that a human has to look at.
    pub needs_attention: bool,
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
pub trait Records: fmt::Debug + Send + Sync {
    /// Writes everything of a change in one transaction, or nothing.
    async fn commit(&self, change: Change, now: Millis) -> Result<Committed, RecordsError>;

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

    /// A payment.
    async fn payment(&self, id: &PaymentId) -> Result<Option<Payment>, RecordsError>;
    /// The payment of an order.
    async fn payment_of_order(&self, order: &OrderId) -> Result<Option<Payment>, RecordsError>;
    /// The payment that Toss calls so.
    async fn payment_of_key(&self, key: &PaymentKey) -> Result<Option<Payment>, RecordsError>;
    /// Payments, newest first.
    async fn payments(
        &self,
        page: Page,
        filter: &PaymentFilter,
    ) -> Result<Vec<Listed<Payment>>, RecordsError>;
    /// The cursor of a payment, for [`Page::before`].
    async fn payment_cursor(&self, id: &PaymentId) -> Result<Option<i64>, RecordsError>;

    /// An attempt.
    async fn attempt(&self, id: &AttemptId) -> Result<Option<Attempt>, RecordsError>;
    /// The attempts of a session, oldest first.
    async fn attempts_of_session(&self, id: &SessionId) -> Result<Vec<Attempt>, RecordsError>;
    /// The attempts of a payment, oldest first.
    async fn attempts_of_payment(&self, id: &PaymentId) -> Result<Vec<Attempt>, RecordsError>;

    /// A registered card or account.
    async fn payment_method(
        &self,
        id: &PaymentMethodId,
    ) -> Result<Option<PaymentMethod>, RecordsError>;
    /// The card or account with this digest of its billing key.
    async fn payment_method_of_key(
        &self,
        shop: Option<&ShopId>,
        key_digest: &str,
    ) -> Result<Option<PaymentMethod>, RecordsError>;
    /// The cards and accounts of a customer, newest first.
    async fn payment_methods(
        &self,
        customer: &CustomerKey,
    ) -> Result<Vec<PaymentMethod>, RecordsError>;

    /// A refund.
    async fn refund(&self, id: &RefundId) -> Result<Option<Refund>, RecordsError>;
    /// The refunds of a payment, oldest first.
    async fn refunds(&self, payment: &PaymentId) -> Result<Vec<Refund>, RecordsError>;

    /// A shop.
    async fn shop(&self, id: &ShopId) -> Result<Option<Shop>, RecordsError>;
    /// Every shop.
    async fn shops(&self) -> Result<Vec<Shop>, RecordsError>;
    /// Writes a configured shop down, or its new keys.
    async fn save_shop(&self, shop: &Shop) -> Result<(), RecordsError>;

    /// Stores a webhook, due at once. `None`: it came before, and is counted only.
    async fn insert_webhook(
        &self,
        webhook: NewWebhook,
        now: Millis,
    ) -> Result<Option<Webhook>, RecordsError>;
    /// A webhook.
    async fn webhook(&self, id: &str) -> Result<Option<Webhook>, RecordsError>;
    /// The webhook with Toss's name for its transmission.
    async fn webhook_of_transmission(&self, name: &str) -> Result<Option<Webhook>, RecordsError>;
    /// Writes down what became of a webhook that a worker holds, and of all pending ones of the same
    /// order that came before `until`: one look-up answers them all. `false`: the lease was lost.
    async fn finish_webhook(
        &self,
        claimed: &Claimed,
        state: WebhookState,
        note: &str,
        until: Millis,
    ) -> Result<bool, RecordsError>;

    /// Takes a look-up out of what webhooks without proof may cause: so many a minute for all payments of a
    /// shop, and for each at growing distances. `Err`: when there will be one.
    async fn hint(
        &self,
        shop: &ShopId,
        payment: &PaymentId,
        per_minute: u32,
        now: Millis,
    ) -> Result<Result<(), Millis>, RecordsError>;

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
    /// How many attempts are open whose outcome nobody knows.
    async fn unknown_attempts(&self) -> Result<u64, RecordsError>;
    /// How much of a queue waits.
    async fn backlog(&self, queue: Queue, now: Millis) -> Result<Backlog, RecordsError>;

    /// Events after a cursor, oldest first.
    async fn events(&self, after: i64, limit: u64) -> Result<Vec<Event>, RecordsError>;
    /// An event.
    async fn event(&self, id: &EventId) -> Result<Option<Event>, RecordsError>;

    /// Deletes what is kept for a time only, at most `limit` rows of each kind. How many rows went.
    async fn purge(&self, over: Over, limit: u64) -> Result<u64, RecordsError>;
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), RecordsError>;
}
