//! Registration: an authKey becomes a billing key, once.

use time::OffsetDateTime;
use toss_checkout_contract::CustomerKey;

use crate::{
    billing_key::BillingRecord,
    card::Card,
    errors::{ErrorCode, Refusal},
    instrument::Instrument,
    journal::Event,
    shop::Shop,
    state::State,
};

impl State {
    /// `POST /v1/billing/authorizations/issue`.
    ///
    /// # Errors
    /// The code of [`crate::rules::Rules`] for an authKey that cannot be used; the card's own refusal. A
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
        let (customer, instrument) = (
            authorization.customer.clone(),
            authorization.instrument.clone(),
        );
        self.add_billing_key(shop, customer, instrument, now)
    }

    /// `POST /v1/billing/authorizations/card`: a card without a window.
    ///
    /// # Errors
    /// `INVALID_CUSTOMER_KEY`, and the card's own refusal.
    pub fn register_card(
        &mut self,
        shop: Shop,
        customer: &str,
        card: Card,
        now: OffsetDateTime,
    ) -> Result<&BillingRecord, Refusal> {
        if customer.chars().count() > 300 {
            // Measured with test keys.
            return Err(ErrorCode::FailedDbProcessing.into());
        }
        let customer = CustomerKey::new(customer).map_err(|_| ErrorCode::InvalidCustomerKey)?;
        let instrument = Instrument::Card(card);
        instrument.on_issue(now)?;
        self.add_billing_key(shop, customer, instrument, now)
    }

    fn add_billing_key(
        &mut self,
        shop: Shop,
        customer: CustomerKey,
        instrument: Instrument,
        now: OffsetDateTime,
    ) -> Result<&BillingRecord, Refusal> {
        let key = self
            .ids
            .billing_key()
            .ok_or(ErrorCode::FailedBillKeyAuthCreation)?;
        Ok(self.billing.add(BillingRecord {
            key,
            shop,
            customer,
            instrument,
            authenticated_at: now,
            attempts: 0,
            deleted_at: None,
        }))
    }

    /// `DELETE /v1/billing/{billingKey}`.
    ///
    /// # Errors
    /// The code for an unknown key; `ALREADY_REMOVED_BILLING_KEY` the second time.
    pub fn delete_billing(
        &mut self,
        shop: Shop,
        key: &str,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        let unknown = self.rules.unknown_billing_key;
        let record = self.billing.get(key).filter(|found| found.shop == shop);
        let record = record.ok_or(unknown)?;
        if record.deleted_at.is_some() {
            return Err(ErrorCode::AlreadyRemovedBillingKey.into());
        }
        record.deleted_at = Some(now);
        let told = self.rules.tells_deleted_cards
            || matches!(record.instrument, Instrument::Account { .. });
        if told {
            self.journal.events.push(Event::BillingDeleted {
                shop,
                billing_key: key.to_owned(),
                reason: Some("삭제 API 요청"),
                at: now,
            });
        }
        Ok(())
    }

    /// By hand: the buyer leaves 퀵계좌이체, or the card company ends it. `number` counts from 1 in the
    /// order of [`State::billing`]. False when there is no such key, or it is gone already.
    pub fn drop_billing(&mut self, number: usize, now: OffsetDateTime) -> bool {
        let key = number
            .checked_sub(1)
            .and_then(|at| self.billing.nth(at))
            .map(|record| record.key.expose().to_owned());
        key.is_some_and(|key| self.end_billing(&key, now))
    }

    /// The same by the key itself.
    pub fn end_billing(&mut self, billing_key: &str, now: OffsetDateTime) -> bool {
        let Some(record) = self.billing.get(billing_key) else {
            return false;
        };
        if record.deleted_at.is_some() {
            return false;
        }
        record.deleted_at = Some(now);
        self.journal.events.push(Event::BillingDeleted {
            shop: record.shop,
            billing_key: record.key.expose().to_owned(),
            reason: None,
            at: now,
        });
        true
    }
}
