//! Registered cards and accounts.

use async_trait::async_trait;
use toss_checkout_contract::CustomerKey;

use super::RecordsError;
use crate::domain::{
    ids::{PaymentMethodId, ShopId},
    payment_method::PaymentMethod,
};

/// Registered cards and accounts.
#[async_trait]
pub trait PaymentMethodRecords: Send + Sync {
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
}
