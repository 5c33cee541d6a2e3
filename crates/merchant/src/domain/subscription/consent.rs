//! The consent gate: a charge above the last price that was paid, or after a free time, waits for the
//! customer's explicit consent to just this.
//!
//! Source: 전자상거래법 제13조 제6항, 시행령 제20조의2 (14 February 2025): consent within the 30 days before,
//! to the date, the price before and after, and the means of payment. Consent at sign-up does not count.

use std::net::IpAddr;

use std::time::Duration;

use serde::Serialize;
use toss_checkout_contract::CustomerKey;

use super::{
    calendar::Day,
    price::{Terms, rises},
    state::{SubscriptionState, Upcoming},
};
use crate::domain::{
    ids::{ConsentId, SubscriptionId},
    time::Millis,
    words::words,
};

/// A consent may be given so long before.
pub const GOOD_FOR: Duration = Duration::from_hours(30 * 24);

words! {
    /// What a consent is to.
    pub enum ConsentKind as "kind of consent" {
        /// A higher price.
        PriceIncrease = "price_increase",
        /// A price after a free time.
        TrialConversion = "trial_conversion",
    }
}

/// A consent that a charge needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Needed {
    /// To what.
    pub kind: ConsentKind,
    /// What was paid; a price of zero after a free time.
    pub before: Terms,
    /// What will be.
    pub after: Terms,
    /// The day from which it holds.
    pub from: Day,
    /// When it is charged.
    pub effective_at: Millis,
}

impl Needed {
    /// From when on a consent counts.
    pub fn asked_from(&self) -> Millis {
        Millis(self.effective_at.0 - crate::domain::time::millis(GOOD_FOR))
    }
}

/// From where a consent came: evidence that somebody's device gave it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Device {
    /// The address of the connection.
    pub ip: Option<IpAddr>,
    /// What the browser or app calls itself.
    pub user_agent: Option<String>,
}

/// What a customer agreed to, word for word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRecord {
    /// The row.
    pub id: ConsentId,
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// Who.
    pub customer_key: CustomerKey,
    /// To what.
    pub kind: ConsentKind,
    /// The price before.
    pub before: Terms,
    /// The price after.
    pub after: Terms,
    /// From when on.
    pub effective_at: Millis,
    /// The merchant's name for the text.
    pub text_version: String,
    /// The text that was shown.
    pub text: String,
    /// What is charged, as the customer knows it: masked.
    pub method_label: String,
    /// Where it was given: `web`, `app`, `phone`, …
    pub channel: String,
    /// From where.
    pub device: Device,
    /// When it arrived here. The customer's own clock proves nothing.
    pub given_at: Millis,
    /// The hash of the customer's consent before this one.
    pub prev_hash: String,
    /// The hash over all of it and `prev_hash`.
    pub hash: String,
}

/// The consent that the next charge needs; `None` when it needs none.
pub fn needed(state: &SubscriptionState, upcoming: &Upcoming) -> Option<Needed> {
    let after = upcoming.terms();
    let of = |kind, before| {
        Some(Needed {
            kind,
            before,
            after,
            from: upcoming.period.start,
            effective_at: upcoming.at,
        })
    };
    if state.free {
        let free = Terms {
            price: 0,
            interval: after.interval,
        };
        return (after.price > 0)
            .then(|| of(ConsentKind::TrialConversion, free))
            .flatten();
    }
    let paid = state.last_paid.as_ref()?.terms;
    if rises(paid, after) {
        of(ConsentKind::PriceIncrease, paid)
    } else {
        None
    }
}

/// Whether the customer agreed to just this, recently, and not only afterwards. `at`: when it is charged.
pub fn is_given(consents: &[ConsentRecord], needed: &Needed, at: Millis) -> bool {
    consents.iter().any(|consent| {
        let same = consent.kind == needed.kind
            && consent.before == needed.before
            && consent.after == needed.after;
        let from = Day::of(consent.effective_at);
        let in_time = (needed.from..=Day::of(at)).contains(&from);
        let recent = consent.given_at <= consent.effective_at
            && consent.effective_at.since(consent.given_at) <= GOOD_FOR;
        same && in_time && recent
    })
}
