//! Registration: an authKey becomes a billing key, once.

use std::collections::HashMap;

use time::OffsetDateTime;
use toss_checkout_contract::{BillingKey, CustomerKey};

use super::{Shop, State, instrument::Instrument};
use crate::errors::{Refusal, table};

/// What the buyer agreed to in the window; its authKey is good for one issue call.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

/// Billing keys, oldest first, found quickly.
#[derive(Debug, Default)]
pub(super) struct Registry {
    all: Vec<BillingRecord>,
    by_key: HashMap<String, usize>,
}

impl Registry {
    pub(super) fn all(&self) -> &[BillingRecord] {
        &self.all
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn get(&mut self, key: &str) -> Option<&mut BillingRecord> {
        self.all.get_mut(*self.by_key.get(key)?)
    }

    fn add(&mut self, record: BillingRecord) -> &BillingRecord {
        let at = self.all.len();
        self.by_key.insert(record.key.expose().to_owned(), at);
        self.all.push(record);
        &self.all[at]
    }
}

impl State {
    /// `POST /v1/billing/authorizations/issue`.
    ///
    /// # Errors
    /// The code of [`super::Rules`] for an authKey that cannot be used; the card's own refusal. A
    /// refusal by the card uses the authKey up (assumed: it is called one-time), a wrong customerKey
    /// does not.
    pub fn issue(
        &mut self,
        shop: Shop,
        auth_key: &str,
        customer: &str,
        now: OffsetDateTime,
    ) -> Result<&BillingRecord, Refusal> {
        let ttl = self.rules.auth_key_ttl;
        let authorization = self
            .authorizations
            .get_mut(auth_key)
            .filter(|found| found.shop == shop && !found.used && now - found.at <= ttl)
            .ok_or(self.rules.auth_key_refused)?;
        if authorization.customer.expose() != customer {
            return Err(self.rules.issue_customer_mismatch.into());
        }
        authorization.used = true;
        authorization.instrument.on_issue(now)?;
        let record = BillingRecord {
            key: self
                .ids
                .billing_key()
                .ok_or(table::FAILED_BILL_KEY_AUTH_CREATION)?,
            shop,
            customer: authorization.customer.clone(),
            instrument: authorization.instrument.clone(),
            authenticated_at: now,
            attempts: 0,
        };
        Ok(self.billing.add(record))
    }
}
