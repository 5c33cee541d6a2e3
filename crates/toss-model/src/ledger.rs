//! Payments, found quickly by either of their names.

use std::collections::HashMap;

use time::OffsetDateTime;

use crate::{journal::Event, payment::Payment, shop::Shop};

/// All payments, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    all: Vec<Payment>,
    by_key: HashMap<String, usize>,
    by_order: HashMap<(Shop, String), Vec<usize>>,
    /// What time alone has done.
    events: Vec<Event>,
}

impl Ledger {
    pub(crate) fn all(&self) -> &[Payment] {
        &self.all
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn contains(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }

    /// Adds a payment whose key is new, and returns it.
    pub(crate) fn add(&mut self, payment: Payment) -> &Payment {
        let at = self.all.len();
        self.by_key.insert(payment.key.expose().to_owned(), at);
        let order = (payment.shop, payment.order_id.as_str().to_owned());
        self.by_order.entry(order).or_default().push(at);
        self.all.push(payment);
        &self.all[at]
    }

    /// A payment as it was when it was last looked at.
    pub(crate) fn peek(&self, key: &str) -> Option<&Payment> {
        self.all.get(*self.by_key.get(key)?)
    }

    /// What time has done since it was last asked.
    pub(crate) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// A payment as it is at this moment.
    pub(crate) fn get(&mut self, key: &str, now: OffsetDateTime) -> Option<&mut Payment> {
        let payment = self.all.get_mut(*self.by_key.get(key)?)?;
        payment.pass_time(now, &mut self.events);
        Some(payment)
    }

    /// All payments of an order as they are at this moment, oldest first.
    pub(crate) fn of_order(
        &mut self,
        shop: Shop,
        order: &str,
        now: OffsetDateTime,
    ) -> Vec<&Payment> {
        let indexes = self
            .by_order
            .get(&(shop, order.to_owned()))
            .map_or(&[][..], Vec::as_slice);
        for at in indexes {
            self.all[*at].pass_time(now, &mut self.events);
        }
        indexes.iter().map(|at| &self.all[*at]).collect()
    }

    pub(crate) fn pass_time(&mut self, now: OffsetDateTime) {
        for payment in &mut self.all {
            payment.pass_time(now, &mut self.events);
        }
    }
}
