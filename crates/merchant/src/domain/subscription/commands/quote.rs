//! What another price or interval would come to.

use serde::{Deserialize, Serialize};

use super::{Refusal, not_over, nothing_under_way, state};
use crate::domain::{
    subscription::{
        SubscriptionStatus,
        calendar::{Day, Interval, Period, Schedule},
        consent::{ConsentKind, Needed},
        engine::{World, renew::current},
        price::{Left, Terms, rises, with_credit},
        rules::ConsentRule,
        state::ChangeWhen,
    },
    time::Millis,
    words::words,
};

words! {
    /// When a change happens.
    pub enum When as "moment of a change" {
        /// Now.
        Now = "now",
        /// With the next period.
        NextPeriod = "next_period",
    }
}

words! {
    /// What becomes of the difference for the days that are left.
    pub enum Proration as "kind of proration" {
        /// Nothing.
        None = "none",
        /// It is charged now, and the change happens only if that is paid.
        Charge = "charge",
        /// It is taken off the next charge.
        Credit = "credit",
    }
}

/// A change that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeRequest {
    /// The new price in won.
    pub price: Option<u64>,
    /// The new interval.
    pub interval: Option<Interval>,
    /// When.
    pub when: When,
    /// What becomes of the difference.
    pub proration: Proration,
}

/// What a change comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// What holds now.
    pub before: Terms,
    /// What will.
    pub after: Terms,
    /// What is charged now, in won.
    pub charge_now: u64,
    /// What is taken off the next charges, in won.
    pub credit: u64,
    /// From when on.
    pub effective_at: Millis,
    /// Whether a new period begins with it.
    pub new_period: Option<Period>,
    /// Whether the customer's consent has to come with the request.
    pub consent_required: bool,
}

impl Quote {
    /// The consent that has to come with the request.
    pub fn needed(&self) -> Option<Needed> {
        self.consent_required.then(|| Needed {
            kind: ConsentKind::PriceIncrease,
            before: self.before,
            after: self.after,
            from: Day::of(self.effective_at),
            effective_at: self.effective_at,
        })
    }
}

/// What a change would come to.
///
/// # Errors
/// Why it is not possible.
pub fn quote(world: &World<'_>, request: &ChangeRequest, now: Millis) -> Result<Quote, Refusal> {
    not_over(world)?;
    nothing_under_way(world)?;
    let subscription = world.subscription;
    let state_now = &subscription.state;
    if let Some(ChangeWhen::Paid { .. }) = state_now.pending.as_ref().map(|it| &it.when) {
        // That one was bought, and is about to be charged.
        return Err(Refusal::UnderWay);
    }
    if state_now.cancel.is_some() {
        return Err(state(
            "the subscription is about to end; take the cancel back before a change",
        ));
    }
    if request.when == When::Now && state_now.pause.is_some() {
        return Err(state(
            "the subscription is about to pause; take the pause back before a change now",
        ));
    }
    let before = state_now.terms();
    let after = Terms {
        price: request.price.unwrap_or(before.price),
        interval: request.interval.unwrap_or(before.interval),
    };
    if before == after && state_now.pending.is_none() {
        return Err(Refusal::Invalid("nothing would change".to_owned()));
    }
    if after.price < world.minimum {
        return Err(Refusal::Invalid(format!(
            "amount is {} won; the card or account takes {} or more",
            after.price, world.minimum
        )));
    }
    let mut quote = Quote {
        before,
        after,
        charge_now: 0,
        credit: 0,
        effective_at: now,
        new_period: None,
        consent_required: false,
    };
    if request.when == When::NextPeriod {
        if request.proration != Proration::None {
            return Err(Refusal::Invalid(
                "proration is for changes now; with the next period nothing is left over"
                    .to_owned(),
            ));
        }
        // One that waits goes on now at the earliest, in the period that then runs.
        quote.effective_at = current(world, now).at.max(now);
        return Ok(quote);
    }
    now_quote(world, request, &mut quote, now)?;
    // Also of a new period that unused days pay for.
    let takes_effect = quote.charge_now > 0 || quote.new_period.is_some();
    quote.consent_required =
        takes_effect && rises(quote.before, after) && world.rules.consent == ConsentRule::Required;
    Ok(quote)
}

fn now_quote(
    world: &World<'_>,
    request: &ChangeRequest,
    quote: &mut Quote,
    now: Millis,
) -> Result<(), Refusal> {
    let subscription = world.subscription;
    let state_now = &subscription.state;
    if world.invoice.is_some() {
        return Err(state(
            "something is owed; it has to be paid before a change",
        ));
    }
    match subscription.status {
        // Nothing is paid yet, so nothing is left over.
        SubscriptionStatus::Trialing => return Ok(()),
        SubscriptionStatus::Active => {}
        status => {
            return Err(state(format!(
                "a subscription that is {status} can only be changed for the next period"
            )));
        }
    }
    let today = Day::of(now);
    let paid = state_now
        .last_paid
        .as_ref()
        .filter(|paid| paid.period.contains(today));
    let Some(paid) = paid else {
        return Err(state(
            "the present period is not paid; change it for the next period",
        ));
    };
    // The price of the present period, which may be that of a phase.
    quote.before = paid.terms;
    let (before, after) = (quote.before, quote.after);
    let left = Left::of(paid.period, today);
    if before.interval != after.interval {
        let unused = match request.proration {
            Proration::None => 0,
            Proration::Charge => paid.worth(today),
            Proration::Credit => {
                return Err(Refusal::Invalid(
                    "proration: another interval begins a new period, which is charged; say charge or none"
                        .to_owned(),
                ));
            }
        };
        let (amount, used) = with_credit(after.price, unused, world.minimum);
        quote.charge_now = amount;
        quote.credit = unused - used;
        let schedule = Schedule {
            anchor: today,
            interval: after.interval,
            first_no: state_now.next_no,
        };
        quote.new_period = Some(schedule.period(state_now.next_no));
        return Ok(());
    }
    match (request.proration, after.price > before.price) {
        (Proration::None, _) => {}
        (Proration::Charge, true) => {
            let difference = left.charged(after.price - before.price);
            // What is less than Toss takes is not worth refusing a change.
            quote.charge_now = if difference < world.minimum {
                0
            } else {
                difference
            };
        }
        (Proration::Credit, false) => quote.credit = left.given_back(before.price - after.price),
        (Proration::Charge, false) => {
            return Err(Refusal::Invalid(
                "proration: the price falls, so there is nothing to charge; say credit or none"
                    .to_owned(),
            ));
        }
        (Proration::Credit, true) => {
            return Err(Refusal::Invalid(
                "proration: the price rises, so there is nothing to credit; say charge or none"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}
