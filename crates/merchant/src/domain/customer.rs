//! Customers: who a `customerKey` stands for.

use toss_checkout_contract::{Customer as Contact, CustomerKey};

use super::{ids::CustomerId, time::Millis};

/// A customer. Personal data are here and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The row.
    pub id: CustomerId,
    /// Who they are for Toss.
    pub customer_key: CustomerKey,
    /// What the merchant told of them last.
    pub contact: Contact,
    /// When their data were erased.
    pub erased_at: Option<Millis>,
    /// When they were first seen.
    pub created_at: Millis,
}
