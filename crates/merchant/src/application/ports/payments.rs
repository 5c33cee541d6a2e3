//! Payments, attempts and refunds.

use async_trait::async_trait;
use toss_checkout_contract::{CustomerKey, OrderId, PaymentKey, SessionId};

use super::{Listed, Page, RecordsError};
use crate::domain::{
    attempt::Attempt,
    ids::{AttemptId, PaymentId, PaymentMethodId, RefundId},
    payment::{Payment, PaymentStatus},
    refund::Refund,
    time::Millis,
};

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

/// Payments, and what was tried and given back of them.
#[async_trait]
pub trait PaymentRecords: Send + Sync {
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
    /// How many attempts are open whose outcome nobody knows.
    async fn unknown_attempts(&self) -> Result<u64, RecordsError>;
    /// A refund.
    async fn refund(&self, id: &RefundId) -> Result<Option<Refund>, RecordsError>;
    /// The refunds of a payment, oldest first.
    async fn refunds(&self, payment: &PaymentId) -> Result<Vec<Refund>, RecordsError>;
}
