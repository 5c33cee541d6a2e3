//! Toss as a pure state machine: no I/O, no clock of its own (the moment is an argument), chance from
//! one seeded source. Every operation first lets time pass, then moves or refuses.

mod billing;
pub mod card;
mod charge;
mod confirm;
mod deposit;
mod ids;
pub mod institution;
pub mod instrument;
mod ledger;
mod means;
pub mod method;
pub mod moment;
pub mod money;
pub mod payment;
mod receipt;
mod rules;
mod shop;
mod visit;
mod window;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use time::OffsetDateTime;
use toss_checkout_contract::{ClientKey, KeyFamily, KeyMode, PaymentKey};

pub use billing::{Authorization, BillingRecord};
pub use charge::ChargeRequest;
pub use deposit::Misstep;
pub use payment::Payment;
pub use rules::{Rules, RulesError};
pub use shop::{KeyError, KeyPair, Shop};
pub use window::{
    AccountChoice, BillingForm, Delivery, Ending, Offer, PaymentForm, Purpose, Stage, Target,
    TestResult, Window,
};

use self::{billing::Registry, ids::Ids, ledger::Ledger};
use crate::errors::{Refusal, table};

/// A DEPOSIT_CALLBACK that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// When it happened.
    pub created_at: OffsetDateTime,
    /// The payment's secret.
    pub secret: String,
    /// The new status.
    pub status: &'static str,
    /// The transaction behind it.
    pub transaction_key: String,
    /// The merchant's order number.
    pub order_id: String,
}

/// Everything that Toss would know.
#[derive(Debug)]
pub struct State {
    ids: Ids,
    rules: Rules,
    shops: Vec<KeyPair>,
    windows: HashMap<String, Window>,
    ledger: Ledger,
    authorizations: HashMap<String, Authorization>,
    billing: Registry,
    callbacks: Vec<Callback>,
    tidied_at: OffsetDateTime,
}

impl State {
    /// An empty Toss that knows these shops.
    pub fn new(shops: Vec<KeyPair>, rules: Rules, seed: u64) -> Self {
        Self {
            ids: Ids::seeded(seed),
            rules,
            shops,
            windows: HashMap::new(),
            ledger: Ledger::default(),
            authorizations: HashMap::new(),
            billing: Registry::default(),
            callbacks: Vec::new(),
            tidied_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    /// Forgets everything but the shops and the rules. Names go on from where they were, so that a
    /// payment key from before is never given out again.
    pub fn reset(&mut self) {
        self.windows.clear();
        self.ledger.clear();
        self.authorizations.clear();
        self.billing.clear();
        self.callbacks.clear();
    }

    /// Lets time pass for everything.
    pub fn pass_time(&mut self, now: OffsetDateTime) {
        self.ledger.pass_time(now);
    }

    /// What has to be told to merchants, oldest first. Empties the list.
    pub fn take_callbacks(&mut self) -> Vec<Callback> {
        std::mem::take(&mut self.callbacks)
    }

    /// Payments, oldest first.
    pub fn payments(&self) -> &[Payment] {
        self.ledger.all()
    }

    /// Billing keys, oldest first.
    pub fn billing(&self) -> &[BillingRecord] {
        self.billing.all()
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The merchant id of a shop, at most 14 characters.
    pub fn merchant_id(&self, shop: Shop) -> &str {
        self.shops
            .get(shop.0)
            .map_or("tosspayments", |pair| &pair.merchant_id)
    }

    /// Finds the shop of a secret key.
    ///
    /// # Errors
    /// `UNAUTHORIZED_KEY` for a key that is unknown, live, or no secret key; `INVALID_API_KEY` for a
    /// widget key. Source: <https://docs.tosspayments.com/reference/using-api/api-keys>.
    pub fn authenticate(&self, secret: &str) -> Result<Shop, Refusal> {
        if secret.starts_with("live_") {
            return Err(Refusal::from(table::UNAUTHORIZED_KEY)
                .because("샌드박스는 라이브 키를 받지 않습니다. 테스트 키를 사용하세요."));
        }
        let known = self
            .shops
            .iter()
            .position(|pair| pair.secret.expose() == secret);
        match known {
            Some(index) if self.shops[index].secret.family() == KeyFamily::Individual => {
                Ok(Shop(index))
            }
            Some(_) => Err(table::INVALID_API_KEY.into()),
            None => Err(table::UNAUTHORIZED_KEY.into()),
        }
    }

    /// Finds the shop of a client key.
    ///
    /// # Errors
    /// `INVALID_CLIENT_KEY` for what is no client key or live, `UNAUTHORIZED_KEY` for an unknown one,
    /// `INVALID_API_KEY` for a widget key.
    pub fn shop_of_client(&self, client: &str) -> Result<Shop, Refusal> {
        let key = ClientKey::new(client).map_err(|_| Refusal::from(table::INVALID_CLIENT_KEY))?;
        if key.mode() == KeyMode::Live {
            return Err(Refusal::from(table::INVALID_CLIENT_KEY)
                .because("샌드박스는 라이브 키를 받지 않습니다. 테스트 키를 사용하세요."));
        }
        if key.family() == KeyFamily::Widget {
            return Err(table::INVALID_API_KEY.into());
        }
        self.shops
            .iter()
            .position(|pair| pair.client == key)
            .map(Shop)
            .ok_or_else(|| table::UNAUTHORIZED_KEY.into())
    }

    /// A payment by Toss's name.
    ///
    /// # Errors
    /// `NOT_FOUND_PAYMENT` when the shop has no such payment, or none that is shown.
    pub fn lookup_key(
        &mut self,
        shop: Shop,
        key: &str,
        now: OffsetDateTime,
    ) -> Result<&Payment, Refusal> {
        let shown = |payment: &&mut Payment, rules: &Rules| {
            payment.shop == shop && rules.shows(payment.status)
        };
        self.ledger
            .get(key, now)
            .filter(|payment| shown(payment, &self.rules))
            .map(|payment| &*payment)
            .ok_or_else(|| table::NOT_FOUND_PAYMENT.into())
    }

    /// A payment by the merchant's order number: the settled one if there is one, else the latest.
    ///
    /// # Errors
    /// `NOT_FOUND_PAYMENT` when the shop has no such payment, or none that is shown.
    pub fn lookup_order(
        &mut self,
        shop: Shop,
        order: &str,
        now: OffsetDateTime,
    ) -> Result<&Payment, Refusal> {
        let mut found = None;
        for payment in self.ledger.of_order(shop, order, now) {
            if !self.rules.shows(payment.status) {
                continue;
            }
            if payment.status.is_settled() {
                return Ok(payment);
            }
            found = Some(payment);
        }
        found.ok_or_else(|| table::NOT_FOUND_PAYMENT.into())
    }

    /// Whether the shop has a settled payment of this order number.
    fn order_is_taken(&mut self, shop: Shop, order: &str, now: OffsetDateTime) -> bool {
        self.ledger
            .of_order(shop, order, now)
            .iter()
            .any(|payment| payment.status.is_settled())
    }

    /// A payment key that no payment has.
    fn fresh_payment_key(&mut self, now: OffsetDateTime) -> Result<PaymentKey, Refusal> {
        loop {
            let key = self
                .ids
                .payment_key(now)
                .ok_or(table::FAILED_INTERNAL_SYSTEM_PROCESSING)?;
            if !self.ledger.contains(key.expose()) {
                return Ok(key);
            }
        }
    }
}

/// A DEPOSIT_CALLBACK about the payment as it now is.
fn callback(payment: &Payment, now: OffsetDateTime) -> Option<Callback> {
    Some(Callback {
        created_at: now,
        secret: payment.secret.clone()?,
        status: payment.status.as_str(),
        transaction_key: payment.last_transaction.clone()?,
        order_id: payment.order_id.as_str().to_owned(),
    })
}
