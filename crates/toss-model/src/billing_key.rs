//! Registrations and the billing keys that come of them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use toss_checkout_contract::{BillingKey, CustomerKey};

use crate::{instrument::Instrument, shop::Shop};

/// What the buyer agreed to in the window; its authKey is good for one issue call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    /// Whose.
    pub shop: Shop,
    /// Which buyer.
    pub customer: CustomerKey,
    /// What is to be registered.
    pub instrument: Instrument,
    /// When.
    pub at: OffsetDateTime,
    /// Whether the one call was made.
    pub used: bool,
}

/// An issued billing key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingRecord {
    /// Half of the credential.
    pub key: BillingKey,
    /// Whose.
    pub shop: Shop,
    /// The other half.
    pub customer: CustomerKey,
    /// What it charges.
    pub instrument: Instrument,
    /// When it was issued.
    pub authenticated_at: OffsetDateTime,
    /// How many charges were tried, refused ones included.
    pub attempts: u32,
    /// When it was deleted.
    pub deleted_at: Option<OffsetDateTime>,
}

/// Billing keys, oldest first, found quickly.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    all: Vec<BillingRecord>,
    by_key: HashMap<String, usize>,
}

impl Registry {
    pub(crate) fn all(&self) -> &[BillingRecord] {
        &self.all
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn get(&mut self, key: &str) -> Option<&mut BillingRecord> {
        self.all.get_mut(*self.by_key.get(key)?)
    }

    pub(crate) fn nth(&self, at: usize) -> Option<&BillingRecord> {
        self.all.get(at)
    }

    pub(crate) fn add(&mut self, record: BillingRecord) -> &BillingRecord {
        let at = self.all.len();
        self.by_key.insert(record.key.expose().to_owned(), at);
        self.all.push(record);
        &self.all[at]
    }
}
