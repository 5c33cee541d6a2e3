//! What follows from a refusal: whether and when the same is tried again, and whether the customer has to
//! do something first. The classes are those of [`crate::domain::decline`].

use std::time::Duration;

use super::{
    calendar::Day,
    invoice::Charge,
    rules::{RetryRules, next_time},
};
use crate::domain::{
    attempt::AttemptStatus,
    decline::{DeclineClass, NOT_CARRIED_OUT, class_of},
    time::Millis,
};
use toss_checkout_contract::FailureCode;

/// Toss lets an account be charged so long after it was registered.
const ACCOUNT_RESTED: Duration = Duration::from_hours(12);
/// When banks are open again.
const BANKS_OPEN: Duration = Duration::from_hours(9);
/// Until then accounts are charged in the evening.
const BANKS_CLOSE: Duration = Duration::from_hours(23);
/// Next month's limit is there.
const NEXT_MONTH: Duration = Duration::from_hours(10);
/// "Closed now" so often is a limit like others.
const CLOSED_OFTEN: usize = 5;

/// What is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterDecline {
    /// It is tried again then.
    Retry(Millis),
    /// The customer registers another card or account.
    NewMethod,
    /// The customer does something at the issuer, then pays.
    CustomerActs,
    /// Every planned try is used up.
    UsedUp,
    /// The merchant's settings keep it from being charged; it is tried then.
    Hold(Millis),
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Its class; `None` for a code that has no name here.
    pub class: Option<DeclineClass>,
    /// What is done next.
    pub next: AfterDecline,
    /// Whether the customer now owes it: not while it is a fault of somebody else.
    pub owed: bool,
}

/// An invoice's refusals.
#[derive(Debug)]
pub struct Declines<'a> {
    charges: Vec<(&'a Charge, Option<DeclineClass>)>,
}

impl<'a> Declines<'a> {
    /// Of the charges, oldest first.
    pub fn of(charges: &'a [Charge]) -> Self {
        let declined = charges
            .iter()
            .filter(|charge| charge.status == AttemptStatus::Declined);
        let charges = declined
            .map(|charge| (charge, charge.code.as_ref().and_then(class_of)))
            .collect();
        Self { charges }
    }

    /// How many planned tries ended in one of these classes.
    fn planned(&self, of: &[Option<DeclineClass>]) -> usize {
        self.charges
            .iter()
            .filter(|(charge, class)| charge.trigger.is_planned() && of.contains(class))
            .count()
    }

    /// When the customer's card first said no: what the days of all rules are counted from.
    pub fn first_at(&self) -> Option<Millis> {
        self.charges
            .iter()
            .filter(|(_, class)| *class != Some(DeclineClass::Configuration))
            .find_map(|(charge, _)| charge.settled_at)
    }

    /// Reads the last one. `slot`: the subscription's time of day; `give_up`: when nobody tries any more.
    pub fn verdict(
        &self,
        now: Millis,
        slot: Duration,
        rules: &RetryRules,
        give_up: impl FnOnce(Millis) -> Millis,
    ) -> Option<Verdict> {
        use DeclineClass as D;
        let (last, class) = *self.charges.last()?;
        let first = self.first_at().unwrap_or(now);
        let (next, owed) = match class {
            Some(D::Configuration) => (AfterDecline::Hold(next_time(now, slot)), false),
            Some(D::HardNewMethod) => (AfterDecline::NewMethod, true),
            Some(D::HardCustomerActs) => (AfterDecline::CustomerActs, true),
            Some(D::SoftNextMonth) => {
                let at = Day::of(now).first_of_next_month().at(NEXT_MONTH);
                let next = if at < give_up(first) {
                    AfterDecline::Retry(at)
                } else {
                    AfterDecline::NewMethod
                };
                (next, true)
            }
            Some(D::SoftFew) => {
                let tried = self.planned(&[Some(D::SoftFew)]);
                let next = day_retry(first, tried, &rules.few_days, slot, now);
                (next.unwrap_or(AfterDecline::NewMethod), true)
            }
            Some(D::SoftNotBefore) if self.planned(&[class]) <= CLOSED_OFTEN => {
                let at = match last.code {
                    Some(FailureCode::RestrictedTransferAccount) => {
                        by_day(now.plus(ACCOUNT_RESTED))
                    }
                    _ => next_time(now, BANKS_OPEN.max(slot)),
                };
                (AfterDecline::Retry(at), false)
            }
            // The customer's card was not even asked.
            Some(D::Transient) if is_closed_by_an_operator(last) => {
                (AfterDecline::Retry(next_time(now, slot)), false)
            }
            Some(D::Transient) => {
                let faults = self.planned(&[Some(D::Transient)]);
                match rules.transient.get(faults.saturating_sub(1)) {
                    Some(distance) => (AfterDecline::Retry(now.plus(*distance)), false),
                    None => (self.soft(first, slot, rules, now), true),
                }
            }
            Some(D::Soft | D::SoftNotBefore) => (self.soft(first, slot, rules, now), true),
            None | Some(D::DoneBefore | D::Unknown | D::Visit) => {
                let tried =
                    self.planned(&[None, Some(D::DoneBefore), Some(D::Unknown), Some(D::Visit)]);
                let next = day_retry(first, tried, &rules.unlisted_days, slot, now);
                (next.unwrap_or(AfterDecline::NewMethod), true)
            }
        };
        Some(Verdict { class, next, owed })
    }

    fn soft(&self, first: Millis, slot: Duration, rules: &RetryRules, now: Millis) -> AfterDecline {
        use DeclineClass as D;
        let faults = self.planned(&[Some(D::Transient)]);
        let beyond = faults.saturating_sub(rules.transient.len());
        let tried = self.planned(&[
            Some(D::Soft),
            Some(D::SoftFew),
            Some(D::SoftNextMonth),
            None,
        ]) + beyond;
        day_retry(first, tried, &rules.soft_days, slot, now).unwrap_or(AfterDecline::UsedUp)
    }
}

/// At a moment, or when banks are open again.
fn by_day(at: Millis) -> Millis {
    let day = Day::of(at);
    if at < day.at(BANKS_OPEN) {
        day.at(BANKS_OPEN)
    } else if at < day.at(BANKS_CLOSE) {
        at
    } else {
        day.plus_days(1).at(BANKS_OPEN)
    }
}

fn is_closed_by_an_operator(charge: &Charge) -> bool {
    charge
        .code
        .as_ref()
        .is_some_and(|code| code.as_str() == NOT_CARRIED_OUT)
}

/// The first of the planned days that is neither used nor past.
fn day_retry(
    first: Millis,
    tried: usize,
    days: &[u32],
    slot: Duration,
    now: Millis,
) -> Option<AfterDecline> {
    days.iter()
        .skip(tried.saturating_sub(1))
        .map(|days| Day::of(first).plus_days(*days).at(slot))
        .find(|at| *at > now)
        .map(AfterDecline::Retry)
}
