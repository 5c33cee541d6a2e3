//! What operators' commands need from the database beside what use cases do.

use std::fmt;

use async_trait::async_trait;
use toss_checkout_contract::OrderId;

use super::ports::{Listed, RecordsError};
use crate::domain::{
    attempt::Attempt,
    audit::{Audit, NewAudit},
    event::Event,
    ids::PaymentId,
    payment::Payment,
    payment_method::PaymentMethod,
    refund::Refund,
    time::Millis,
    webhook::{Webhook, WebhookState},
};

/// From a moment on, and before another. `None` does not restrict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// Then or later.
    pub from: Option<Millis>,
    /// Before then.
    pub to: Option<Millis>,
}

/// Payments a minute that Toss is asked about one after the other: half of what due work may ask with a shop's
/// key (`Timing::shop_rate`), so that other look-ups are not late.
pub const ASKED_A_MINUTE: u32 = 300;

/// Which webhooks are meant. `None` does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookFilter {
    /// This one.
    pub id: Option<String>,
    /// About this order.
    pub order_id: Option<OrderId>,
    /// In this state.
    pub state: Option<WebhookState>,
    /// Set aside for a human.
    pub needs_attention: bool,
    /// Came first in this time.
    pub received: Period,
}

/// What operators' commands need from the database.
#[async_trait]
pub trait OperatorRecords: fmt::Debug + Send + Sync {
    /// Webhooks, newest first.
    async fn webhooks(
        &self,
        filter: &WebhookFilter,
        limit: u64,
    ) -> Result<Vec<Webhook>, RecordsError>;
    /// Has webhooks worked on again, as if they had just come in. How many.
    async fn replay_webhooks(
        &self,
        filter: &WebhookFilter,
        audit: NewAudit,
        now: Millis,
    ) -> Result<u64, RecordsError>;
    /// Has Toss asked at once about a payment and about its attempts whose outcome is open and that nobody
    /// is sending.
    async fn ask_again(
        &self,
        payment: &PaymentId,
        audit: NewAudit,
        now: Millis,
    ) -> Result<(), RecordsError>;
    /// Has Toss asked about every payment that was written down in a time, the newest first,
    /// [`ASKED_A_MINUTE`]. How many there are.
    async fn ask_about(
        &self,
        period: Period,
        audit: NewAudit,
        now: Millis,
    ) -> Result<u64, RecordsError>;
    /// Registrations whose outcome nobody knows and that were set aside for a human, oldest first.
    async fn registrations_aside(&self, limit: u64) -> Result<Vec<Attempt>, RecordsError>;
    /// What was decided about a row, oldest first.
    async fn audit_of(&self, subject: &str) -> Result<Vec<Audit>, RecordsError>;

    /// Payments of a time, oldest first, behind a cursor.
    async fn payments_in(
        &self,
        period: Period,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Listed<Payment>>, RecordsError>;
    /// Cards and accounts registered in a time, oldest first, behind a cursor.
    async fn payment_methods_in(
        &self,
        period: Period,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Listed<PaymentMethod>>, RecordsError>;
    /// Events of a time, oldest first, behind a cursor.
    async fn events_in(
        &self,
        period: Period,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Event>, RecordsError>;
    /// Refunds of a time, oldest first, behind the one that was written down then and has this name.
    async fn refunds_in(
        &self,
        period: Period,
        after: Option<&Refund>,
        limit: u64,
    ) -> Result<Vec<Refund>, RecordsError>;
}
