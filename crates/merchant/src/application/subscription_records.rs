//! What use cases of subscriptions need from the database.

use std::fmt;

use async_trait::async_trait;
use toss_checkout_contract::{CustomerKey, FailureCode};

use super::ports::{Listed, Page, RecordsError};
use crate::domain::{
    attempt::{Attempt, AttemptStatus},
    ids::{InvoiceId, NoticeId, PaymentId, PaymentMethodId, ShopId, SubscriptionId},
    payment::Payment,
    payment_method::PaymentMethod,
    refund::Refund,
    subscription::{
        Subscription, SubscriptionStatus, consent::ConsentRecord, invoice::Invoice, notice::Notice,
        notice_delivery::NoticeDelivery,
    },
    time::Millis,
};

/// Which subscriptions are wanted. `None` does not restrict.
#[derive(Debug, Clone, Default)]
pub struct SubscriptionFilter {
    /// Of this customer.
    pub customer_key: Option<CustomerKey>,
    /// With this status.
    pub status: Option<SubscriptionStatus>,
    /// Only those that a human has to look at.
    pub needs_attention: bool,
}

/// How a charge of a shop went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeOutcome {
    /// How.
    pub status: AttemptStatus,
    /// Why it was refused.
    pub code: Option<FailureCode>,
    /// Why the charge before it was refused, of the same invoice.
    pub code_before: Option<FailureCode>,
}

/// Whether the charges of a shop are stopped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChargeStop {
    /// Until when at least.
    pub until: Option<Millis>,
    /// When they last went on.
    pub resumed_at: Option<Millis>,
}

/// The records of subscriptions. Changes go through [`super::ports::Records::commit`].
#[async_trait]
pub trait SubscriptionRecords: fmt::Debug + Send + Sync {
    /// A subscription.
    async fn subscription(&self, id: &SubscriptionId)
    -> Result<Option<Subscription>, RecordsError>;
    /// Subscriptions, newest first.
    async fn subscriptions(
        &self,
        page: Page,
        filter: &SubscriptionFilter,
    ) -> Result<Vec<Listed<Subscription>>, RecordsError>;
    /// The cursor of a subscription, for [`Page::before`].
    async fn subscription_cursor(&self, id: &SubscriptionId) -> Result<Option<i64>, RecordsError>;
    /// The invoice that is owed.
    async fn owed_invoice(&self, of: &SubscriptionId) -> Result<Option<Invoice>, RecordsError>;
    /// An invoice.
    async fn invoice(&self, id: &InvoiceId) -> Result<Option<Invoice>, RecordsError>;
    /// The invoices that these subscriptions owe.
    async fn owed_invoices(&self, of: &[SubscriptionId]) -> Result<Vec<Invoice>, RecordsError>;
    /// Invoices, newest first.
    async fn invoices(
        &self,
        of: &SubscriptionId,
        page: Page,
    ) -> Result<Vec<Listed<Invoice>>, RecordsError>;
    /// The cursor of an invoice, for [`Page::before`].
    async fn invoice_cursor(&self, id: &InvoiceId) -> Result<Option<i64>, RecordsError>;
    /// The attempts that were to pay an invoice, oldest first.
    async fn attempts_of_invoice(&self, id: &InvoiceId) -> Result<Vec<Attempt>, RecordsError>;
    /// The same of several invoices.
    async fn attempts_of_invoices(&self, ids: &[InvoiceId]) -> Result<Vec<Attempt>, RecordsError>;
    /// These payments, in no order.
    async fn payments_of(&self, ids: &[PaymentId]) -> Result<Vec<Payment>, RecordsError>;
    /// The refunds of these payments, oldest first.
    async fn refunds_of(&self, payments: &[PaymentId]) -> Result<Vec<Refund>, RecordsError>;
    /// The consents to the prices of a subscription, oldest first.
    async fn consents(&self, of: &SubscriptionId) -> Result<Vec<ConsentRecord>, RecordsError>;
    /// The same of several subscriptions.
    async fn consents_of(&self, of: &[SubscriptionId]) -> Result<Vec<ConsentRecord>, RecordsError>;
    /// These cards and accounts, in no order.
    async fn methods_of(&self, ids: &[PaymentMethodId])
    -> Result<Vec<PaymentMethod>, RecordsError>;
    /// All consents of a customer, oldest first: a chain.
    async fn consents_of_customer(
        &self,
        customer: &CustomerKey,
    ) -> Result<Vec<ConsentRecord>, RecordsError>;
    /// A notice.
    async fn notice(&self, id: &NoticeId) -> Result<Option<Notice>, RecordsError>;
    /// The notices for a customer, oldest first.
    async fn notices_of_customer(
        &self,
        customer: &CustomerKey,
    ) -> Result<Vec<Notice>, RecordsError>;
    /// The notices that reached a customer, in the order in which that was told: a chain.
    async fn notice_deliveries(
        &self,
        customer: &CustomerKey,
    ) -> Result<Vec<NoticeDelivery>, RecordsError>;
    /// How the last charges of a shop's subscriptions went, newest first. `after`: only those whose outcome
    /// came later.
    async fn last_charges(
        &self,
        shop: &ShopId,
        after: Option<Millis>,
        limit: u64,
    ) -> Result<Vec<ChargeOutcome>, RecordsError>;
    /// Whether the charges of a shop are stopped.
    async fn charge_stop(&self, shop: &ShopId) -> Result<ChargeStop, RecordsError>;
    /// Stops the charges of a shop until then, or lets them go on, if nobody has changed that since it was
    /// read. With either, subscriptions whose invoices were held are due at once. `false`: somebody else was
    /// quicker.
    async fn stop_charges(
        &self,
        shop: &ShopId,
        before: Option<Millis>,
        until: Option<Millis>,
        now: Millis,
    ) -> Result<bool, RecordsError>;
    /// A claim spoke for one request of a shop, at `rate` a second; so many were made.
    async fn correct_rate(
        &self,
        shop: &ShopId,
        made: u32,
        rate: u32,
        now: Millis,
    ) -> Result<(), RecordsError>;
    /// Whether any subscription is due.
    async fn is_any_due(&self, now: Millis) -> Result<bool, RecordsError>;
    /// What the database's own clock says; `None` where it has none.
    async fn database_clock(&self) -> Result<Option<Millis>, RecordsError>;
}
