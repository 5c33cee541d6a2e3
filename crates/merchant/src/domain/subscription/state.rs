//! What is stored of a subscription beside its status, and what can be told from it.

mod asked;
mod paid;

pub use self::{
    asked::{Cancel, CancelRefund, ChangeWhen, Pause, Pending},
    paid::{LastPaid, PaidPart, RefundDue},
};

use std::time::Duration;

use serde::{Deserialize, Serialize};
use toss_checkout_contract::Customer;

use super::{
    calendar::{Day, Interval, Period, Schedule},
    price::Terms,
    rules::{SubscriptionRules, time_from},
};
use crate::domain::{ids::SubscriptionId, time::Millis, words::words};

/// Between two successful charges for periods of one subscription lies at least this, whatever a clock or
/// a mistake says.
const LEAST_DISTANCE: Duration = Duration::from_hours(20);

/// A price for the first periods. Its end is a rise in price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PricePhase)]
pub struct Phase {
    /// In won; zero is free.
    pub amount: u64,
    /// For how many periods.
    #[schema(minimum = 1, maximum = 1000)]
    pub periods: u32,
}

words! {
    /// What a notice is about.
    pub enum NoticeKind as "kind of notice" {
        /// A consent is asked for.
        ConsentRequest = "consent_request",
        /// A free time ends.
        TrialEnding = "trial_ending",
        /// The price rises.
        PriceIncrease = "price_increase",
    }
}

/// A notice that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GivenNotice {
    /// Of what.
    pub kind: NoticeKind,
    /// About the charge for this period.
    pub period_no: u32,
    /// And this price.
    pub price: u64,
}

words! {
    /// Why a subscription is over.
    pub enum EndReason as "reason of an end" {
        /// Somebody canceled it.
        Requested = "requested",
        /// What was owed was not paid until the last day of the overdue policy.
        Unpaid = "unpaid",
        /// Its first charge was not paid in time.
        NeverPaid = "never_paid",
        /// The consent that its next charge needed was not given.
        NoConsent = "no_consent",
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// When.
    pub at: Millis,
    /// Why.
    pub reason: EndReason,
}

/// Everything of a subscription that nobody searches by: stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionState {
    /// Name and e-mail for receipts.
    pub customer: Customer,
    /// When periods begin.
    pub schedule: Schedule,
    /// The regular price in won.
    pub price: u64,
    /// Prices of the first periods, counted from `phases_from`.
    pub phases: Vec<Phase>,
    /// The period with which the first phase began.
    pub phases_from: u32,
    /// The next period to be charged.
    pub next_no: u32,
    /// The period that was charged last, paid or not.
    pub period: Option<Period>,
    /// What was paid last.
    pub last_paid: Option<LastPaid>,
    /// Whether nothing had to be paid since the last payment, or at the beginning.
    pub free: bool,
    /// What the customer has to their credit, in won.
    pub credit: u64,
    /// The end of the trial.
    pub trial_end: Option<Millis>,
    /// The next period is charged then, and not at its hour: begun, resumed or agreed to in the middle.
    pub at_once: Option<Millis>,
    /// The next period has begun without being paid: it is charged for its days from this one on.
    #[serde(default)]
    pub rest_from: Option<Day>,
    /// When it was told that the subscription has begun.
    #[serde(default)]
    pub activated_at: Option<Millis>,
    /// A change that has not happened.
    pub pending: Option<Pending>,
    /// A cancel that was asked for.
    pub cancel: Option<Cancel>,
    /// A pause that was asked for, or is.
    pub pause: Option<Pause>,
    /// When the first refusal of what is owed was.
    pub past_due_since: Option<Millis>,
    /// Whether it was told that access has ended.
    pub access_ended: bool,
    /// Since when a consent is missing.
    pub awaiting_since: Option<Millis>,
    /// Whether the customer was asked for another card or account.
    pub asked_for_method: bool,
    /// Money that is to go back.
    pub refunds: Vec<RefundDue>,
    /// The notices about the next charge.
    pub told: Vec<GivenNotice>,
    /// How it ended.
    pub ended: Option<Ended>,
    /// Names the last request that somebody made of it: should the answer be lost, the request comes again.
    #[serde(default)]
    pub last_request: Option<String>,
    /// The revision with which something changed last that people decide by; unknown of rows that were
    /// written before this was noted.
    #[serde(default)]
    pub shown_since: Option<u64>,
}

/// The next charge, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upcoming {
    /// The period.
    pub period: Period,
    /// The schedule that then holds.
    pub schedule: Schedule,
    /// What it costs, before credit, in won.
    pub price: u64,
    /// When it is charged.
    pub at: Millis,
}

impl Upcoming {
    /// Its price and interval.
    pub fn terms(&self) -> Terms {
        Terms {
            price: self.price,
            interval: self.schedule.interval,
        }
    }
}

impl SubscriptionState {
    /// The regular price and interval.
    pub fn terms(&self) -> Terms {
        Terms {
            price: self.price,
            interval: self.schedule.interval,
        }
    }

    /// The price of a period: that of its phase, then the regular one.
    fn price_of(&self, no: u32) -> u64 {
        let mut from = self.phases_from;
        for phase in &self.phases {
            let to = from.saturating_add(phase.periods);
            if (from..to).contains(&no) {
                return phase.amount;
            }
            from = to;
        }
        self.price
    }

    /// The next charge for a period.
    pub fn upcoming(&self, id: &SubscriptionId, rules: &SubscriptionRules) -> Upcoming {
        let no = self.next_no;
        let mut schedule = self.schedule;
        let mut price = self.price_of(no);
        if let Some(Pending {
            terms,
            when: ChangeWhen::NextPeriod,
            ..
        }) = &self.pending
        {
            price = terms.price;
            schedule = self.schedule_from(no, terms.interval);
        }
        let period = schedule.period(no);
        let slot = period.start.at(rules.hours.slot(id.as_str()));
        let mut at = self.at_once.unwrap_or(slot);
        if let Some(trial_end) = self.trial_end {
            at = at.max(trial_end);
        }
        if let Some(paid) = self.last_paid.as_ref().filter(|paid| paid.was_charged()) {
            let earliest = paid.at.plus(LEAST_DISTANCE);
            if at < earliest {
                at = self.not_before(earliest, period, rules.hours.slot(id.as_str()));
            }
        }
        Upcoming {
            period,
            schedule,
            price,
            at,
        }
    }

    /// When a charge is made that came too soon: at the hour of charging again, unless the period would
    /// be over by then.
    fn not_before(&self, earliest: Millis, period: Period, slot: Duration) -> Millis {
        let at = time_from(earliest, slot);
        let ends = period.end.at(Duration::ZERO);
        if self.at_once.is_some() || (earliest < ends && ends <= at) {
            earliest
        } else {
            at
        }
    }

    /// Notes that the subscription has begun. `true`: it was not told before, so this is what is told now, and
    /// not that another period was paid.
    pub fn begins(&mut self, now: Millis) -> bool {
        let first = self.activated_at.is_none();
        self.activated_at.get_or_insert(now);
        first
    }

    /// Another price or interval holds from now on. `new_period`: begins with it. `paid`: the invoice that
    /// was paid for it.
    pub fn change(
        &mut self,
        pending: &Pending,
        new_period: Option<Period>,
        paid: Option<PaidPart>,
        at: Millis,
    ) {
        self.price = pending.terms.price;
        self.credit = self.credit.saturating_add(pending.credit);
        self.phases.clear();
        let Some(period) = new_period else {
            self.schedule = self.schedule_from(self.next_no, pending.terms.interval);
            if let Some(last) = &mut self.last_paid
                && (paid.is_some() || pending.credit > 0)
            {
                // From here on the days are worth the new price, whichever way the difference went.
                last.terms = pending.terms;
                last.parts.extend(paid);
            }
            return;
        };
        let earlier = self.last_paid.take().into_iter();
        let earlier = earlier.flat_map(|last| last.sources().cloned().collect::<Vec<_>>());
        self.schedule = Schedule {
            anchor: period.start,
            interval: pending.terms.interval,
            first_no: period.no,
        };
        self.period = Some(period);
        self.next_no = period.no.saturating_add(1);
        self.told.clear();
        self.last_paid = Some(LastPaid {
            terms: pending.terms,
            period,
            parts: paid.into_iter().collect(),
            earlier: earlier.collect(),
            at,
        });
    }

    /// The schedule when another interval holds from a period on.
    pub fn schedule_from(&self, no: u32, interval: Interval) -> Schedule {
        if interval == self.schedule.interval {
            return self.schedule;
        }
        Schedule {
            anchor: self.schedule.start(no),
            interval,
            first_no: no,
        }
    }
}
