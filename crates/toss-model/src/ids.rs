//! Names that look like Toss's. With a seed they repeat, so that a failing test can be run again.

use base64::{Engine, engine::general_purpose::URL_SAFE};
use rand::{Rng, SeedableRng, distr::Alphanumeric, rngs::StdRng};
use time::OffsetDateTime;
use toss_checkout_contract::{AuthKey, BillingKey, PaymentKey};

use crate::moment;

/// The sandbox's only source of chance.
#[derive(Debug)]
pub(crate) struct Ids(StdRng);

impl Ids {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    fn letters(&mut self, count: usize) -> String {
        (&mut self.0)
            .sample_iter(Alphanumeric)
            .take(count)
            .map(char::from)
            .collect()
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + self.0.random_range(0..10)))
            .collect()
    }

    fn hex(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b"0123456789ABCDEF"[self.0.random_range(0..16)]))
            .collect()
    }

    /// A window's name: whoever holds it may press its buttons.
    pub(crate) fn window(&mut self) -> String {
        self.letters(32)
    }

    /// Looks like `tgen_20261121090000AbC12`, as test keys give.
    pub(crate) fn payment_key(&mut self, now: OffsetDateTime) -> Option<PaymentKey> {
        let tail = self.letters(5);
        PaymentKey::new(format!("tgen_{}{tail}", moment::compact(now))).ok()
    }

    pub(crate) fn auth_key(&mut self) -> Option<AuthKey> {
        AuthKey::new(self.letters(21)).ok()
    }

    /// 44 characters of base64url that end in `=`.
    pub(crate) fn billing_key(&mut self) -> Option<BillingKey> {
        let bytes: [u8; 32] = self.0.random();
        BillingKey::new(URL_SAFE.encode(bytes)).ok()
    }

    pub(crate) fn transaction_key(&mut self) -> String {
        self.hex(32)
    }

    /// The value with which a DEPOSIT_CALLBACK is checked.
    pub(crate) fn secret(&mut self) -> String {
        format!("ps_{}", self.letters(28))
    }

    /// Test accounts begin with `X`, so that nobody sends money to one.
    pub(crate) fn account_number(&mut self) -> String {
        format!("X{}", self.digits(13))
    }

    pub(crate) fn approve_no(&mut self) -> String {
        self.digits(8)
    }

    pub(crate) fn receipt_key(&mut self) -> String {
        self.letters(40)
    }

    pub(crate) fn issue_number(&mut self) -> String {
        self.digits(9)
    }
}
