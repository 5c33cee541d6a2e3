//! Everything that Toss would know, and what can be looked up in it. What changes it is in `operations`.

use std::collections::HashMap;

use time::OffsetDateTime;
use toss_checkout_contract::{ClientKey, KeyFamily, KeyMode, PaymentKey};

use crate::{
    billing_key::{Authorization, BillingRecord, Registry},
    errors::{ErrorCode, Refusal},
    ids::Ids,
    journal::{Event, Journal},
    ledger::Ledger,
    payment::Payment,
    receipt::ReceiptRecord,
    rules::Rules,
    shop::{KeyError, KeyPair, Shop, Version},
    window::Window,
};

/// Everything that Toss would know.
#[derive(Debug)]
pub struct State {
    pub(crate) ids: Ids,
    pub(crate) rules: Rules,
    pub(crate) pairs: Vec<KeyPair>,
    /// Merchant ids; a [`Shop`] is a place in this list.
    pub(crate) merchants: Vec<String>,
    pub(crate) windows: HashMap<String, Window>,
    pub(crate) ledger: Ledger,
    pub(crate) authorizations: HashMap<String, Authorization>,
    pub(crate) billing: Registry,
    pub(crate) journal: Journal,
    pub(crate) receipts: Vec<ReceiptRecord>,
    pub(crate) purged_at: OffsetDateTime,
    /// Versions that were set by hand, for the state file.
    pub(crate) changed_versions: Vec<(String, Version)>,
}

impl State {
    /// An empty Toss that knows these shops.
    pub fn new(pairs: Vec<KeyPair>, rules: Rules, seed: u64) -> Self {
        let mut merchants: Vec<String> = Vec::new();
        for pair in &pairs {
            if !merchants.contains(&pair.merchant_id) {
                merchants.push(pair.merchant_id.clone());
            }
        }
        Self {
            ids: Ids::seeded(seed),
            rules,
            pairs,
            merchants,
            windows: HashMap::new(),
            ledger: Ledger::default(),
            authorizations: HashMap::new(),
            billing: Registry::default(),
            journal: Journal::default(),
            receipts: Vec::new(),
            purged_at: OffsetDateTime::UNIX_EPOCH,
            changed_versions: Vec::new(),
        }
    }

    /// Forgets everything but the shops and the rules. Names go on from where they were, so that a
    /// payment key from before is never given out again.
    pub fn reset(&mut self) {
        self.windows.clear();
        self.ledger.clear();
        self.authorizations.clear();
        self.billing.clear();
        self.journal.clear();
        self.receipts.clear();
    }

    /// Lets time pass for everything.
    pub fn pass_time(&mut self, now: OffsetDateTime) {
        self.ledger.pass_time(now);
    }

    /// What may have to be told to merchants, oldest first. Empties the list.
    pub fn take_events(&mut self) -> Vec<Event> {
        let mut events = self.ledger.take_events();
        events.append(&mut self.journal.events);
        events.sort_by_key(Event::at);
        events
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
        self.merchants
            .get(shop.0)
            .map_or("tosspayments", String::as_str)
    }

    /// The key pairs that are known.
    pub fn pairs(&self) -> &[KeyPair] {
        &self.pairs
    }

    /// The version of a secret key's answers.
    pub fn version_of_secret(&self, secret: &str) -> Version {
        self.pairs
            .iter()
            .find(|pair| pair.secret.expose() == secret)
            .map(|pair| pair.version)
            .unwrap_or_default()
    }

    /// The version of a shop's webhooks: that of its first pair of individual keys.
    pub fn version_of(&self, shop: Shop) -> Version {
        let own = |pair: &&KeyPair| pair.is_individual() && self.shop_of(pair) == shop;
        self.pairs
            .iter()
            .find(own)
            .map(|pair| pair.version)
            .unwrap_or_default()
    }

    /// What the developer centre does: from now on the pair's answers have this version.
    ///
    /// # Errors
    /// No such client key, or a widget key.
    pub fn set_version(&mut self, client: &str, version: Version) -> Result<&KeyPair, KeyError> {
        let pair = self
            .pairs
            .iter_mut()
            .find(|pair| pair.client.as_str() == client)
            .ok_or(KeyError::Unknown)?;
        pair.set_version(version)?;
        self.changed_versions.retain(|(known, _)| known != client);
        self.changed_versions.push((client.to_owned(), version));
        Ok(pair)
    }

    fn shop_of(&self, pair: &KeyPair) -> Shop {
        let own = |id: &String| *id == pair.merchant_id;
        Shop(self.merchants.iter().position(own).unwrap_or_default())
    }

    /// Finds the shop of a secret key.
    ///
    /// # Errors
    /// `UNAUTHORIZED_KEY` for a key that is unknown, live, or no secret key; `INVALID_API_KEY` for a
    /// widget key. Source: <https://docs.tosspayments.com/reference/using-api/api-keys>.
    pub fn authenticate(&self, secret: &str) -> Result<Shop, Refusal> {
        if secret.starts_with("live_") {
            return Err(Refusal::from(ErrorCode::UnauthorizedKey)
                .because("샌드박스는 라이브 키를 받지 않습니다. 테스트 키를 사용하세요."));
        }
        let known = self
            .pairs
            .iter()
            .find(|pair| pair.secret.expose() == secret);
        match known {
            Some(pair) if pair.is_individual() => Ok(self.shop_of(pair)),
            Some(_) => Err(ErrorCode::InvalidApiKey.into()),
            None => Err(ErrorCode::UnauthorizedKey.into()),
        }
    }

    /// Finds the shop of a client key.
    ///
    /// # Errors
    /// `INVALID_CLIENT_KEY` for what is no client key or live, `UNAUTHORIZED_KEY` for an unknown one,
    /// `INVALID_API_KEY` for a widget key.
    pub fn shop_of_client(&self, client: &str) -> Result<Shop, Refusal> {
        let key = ClientKey::new(client).map_err(|_| Refusal::from(ErrorCode::InvalidClientKey))?;
        if key.mode() == KeyMode::Live {
            return Err(Refusal::from(ErrorCode::InvalidClientKey)
                .because("샌드박스는 라이브 키를 받지 않습니다. 테스트 키를 사용하세요."));
        }
        if key.family() == KeyFamily::Widget {
            return Err(ErrorCode::InvalidApiKey.into());
        }
        self.pairs
            .iter()
            .find(|pair| pair.client == key)
            .map(|pair| self.shop_of(pair))
            .ok_or_else(|| ErrorCode::UnauthorizedKey.into())
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
            .ok_or_else(|| ErrorCode::NotFoundPayment.into())
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
        found.ok_or_else(|| ErrorCode::NotFoundPayment.into())
    }

    /// Whether the shop has a settled payment of this order number.
    pub(crate) fn order_is_taken(&mut self, shop: Shop, order: &str, now: OffsetDateTime) -> bool {
        self.ledger
            .of_order(shop, order, now)
            .iter()
            .any(|payment| payment.status.is_settled())
    }

    /// A payment key that no payment has.
    pub(crate) fn fresh_payment_key(&mut self, now: OffsetDateTime) -> Result<PaymentKey, Refusal> {
        loop {
            let key = self
                .ids
                .payment_key(now)
                .ok_or(ErrorCode::FailedInternalSystemProcessing)?;
            if !self.ledger.contains(key.expose()) {
                return Ok(key);
            }
        }
    }
}
