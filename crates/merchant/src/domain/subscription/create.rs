//! A subscription is made.

use std::time::Duration;

use toss_checkout_contract::{Customer, CustomerKey};

use super::{
    Subscription, SubscriptionState, SubscriptionStatus,
    calendar::{Day, Interval, Schedule},
    commands::{Refusal, check_ahead},
    rules::{SubscriptionRules, first_day_after, time_from},
    state::Phase,
};
use crate::domain::{
    ids::{PaymentMethodId, ShopId, SubscriptionId},
    time::Millis,
    words::words,
    work::Work,
};

/// More phases than this are a mistake.
const MAX_PHASES: usize = 12;

words! {
    /// When the first charge is made.
    pub enum Start as "start of charges" {
        /// Now: the subscription begins only if it is paid.
        Now = "now",
        /// On the anchor, or after the trial.
        Anchor = "anchor",
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its name.
    pub id: SubscriptionId,
    /// The shop of the card or account.
    pub shop_id: ShopId,
    /// Whose it is.
    pub customer_key: CustomerKey,
    /// What is charged.
    pub payment_method_id: PaymentMethodId,
    /// The least that Toss takes of it, in won.
    pub minimum: u64,
    /// What is sold.
    pub order_name: String,
    /// Name and e-mail for receipts.
    pub customer: Customer,
    /// The regular price in won.
    pub price: u64,
    /// How often.
    pub interval: Interval,
    /// Prices of the first periods.
    pub phases: Vec<Phase>,
    /// The day from which periods are counted.
    pub anchor: Option<Day>,
    /// Free until then.
    pub trial_end: Option<Millis>,
    /// When the first charge is made.
    pub start: Start,
}

fn invalid(text: impl Into<String>) -> Refusal {
    Refusal::Invalid(text.into())
}

/// Makes a subscription. Nothing is charged yet: the first step does that.
///
/// # Errors
/// What about the request makes no sense.
pub fn create(
    draft: Draft,
    rules: &SubscriptionRules,
    now: Millis,
) -> Result<Subscription, Refusal> {
    check(&draft)?;
    if let Some(anchor) = draft.anchor {
        check_ahead("anchorDate", anchor.at(Duration::ZERO), now)?;
    }
    if let Some(end) = draft.trial_end {
        check_ahead("trialEnd", end, now)?;
    }
    let slot = rules.hours.slot(draft.id.as_str());
    let today = Day::of(now);
    let (schedule, mut next_no) = begin(&draft, slot, today, now)?;
    let at_once = match draft.start {
        Start::Now => Some(now),
        // Today's hour of charging has passed: it is charged at the next one, and not at any hour.
        Start::Anchor if schedule.start(next_no).at(slot) < now => Some(time_from(now, slot)),
        Start::Anchor => None,
    };
    // By then a period of a day is over, and the next one is charged.
    let charged_on = at_once.map(Day::of);
    if charged_on.is_some_and(|day| schedule.period(next_no).end <= day) {
        next_no = next_no.saturating_add(1);
    }
    let status = match (draft.start, draft.trial_end) {
        (Start::Now, _) => SubscriptionStatus::Incomplete,
        (Start::Anchor, Some(_)) => SubscriptionStatus::Trialing,
        (Start::Anchor, None) => SubscriptionStatus::Active,
    };
    Ok(Subscription {
        id: draft.id,
        shop_id: draft.shop_id,
        customer_key: draft.customer_key,
        payment_method_id: draft.payment_method_id,
        status,
        revision: 1,
        order_name: draft.order_name,
        state: SubscriptionState {
            customer: draft.customer,
            schedule,
            price: draft.price,
            phases: draft.phases,
            phases_from: next_no,
            next_no,
            period: None,
            last_paid: None,
            free: draft.trial_end.is_some(),
            credit: 0,
            trial_end: draft.trial_end,
            at_once,
            rest_from: None,
            activated_at: None,
            pending: None,
            cancel: None,
            pause: None,
            past_due_since: None,
            access_ended: false,
            awaiting_since: None,
            asked_for_method: false,
            refunds: Vec::new(),
            told: Vec::new(),
            ended: None,
            last_request: None,
            shown_since: Some(1),
        },
        created_at: now,
        work: Work::at(now),
        needs_attention: None,
    })
}

fn check(draft: &Draft) -> Result<(), Refusal> {
    let enough = |amount: u64| amount >= draft.minimum;
    draft.interval.check().map_err(invalid)?;
    if !enough(draft.price) {
        return Err(invalid(format!(
            "amount is {} won; the card or account takes {} or more",
            draft.price, draft.minimum
        )));
    }
    if draft.phases.len() > MAX_PHASES {
        return Err(invalid(format!(
            "phases: {} were sent; at most {MAX_PHASES} are allowed",
            draft.phases.len()
        )));
    }
    for (index, phase) in draft.phases.iter().enumerate() {
        if !(1..=1_000).contains(&phase.periods) {
            return Err(invalid(format!(
                "phases[{index}].periods is {}; allowed are 1 to 1000",
                phase.periods
            )));
        }
        if phase.amount > 0 && !enough(phase.amount) {
            return Err(invalid(format!(
                "phases[{index}].amount is {} won; the card or account takes {} or more, and 0 is free",
                phase.amount, draft.minimum
            )));
        }
    }
    Ok(())
}

/// When periods begin, and which one is the first.
fn begin(
    draft: &Draft,
    slot: Duration,
    today: Day,
    now: Millis,
) -> Result<(Schedule, u32), Refusal> {
    let schedule = |anchor| Schedule {
        anchor,
        interval: draft.interval,
        first_no: 1,
    };
    if draft.start == Start::Now {
        if draft.trial_end.is_some() {
            return Err(invalid(
                "trialEnd: after a free time nothing is charged now; say startCharging: anchor",
            ));
        }
        let schedule = schedule(draft.anchor.unwrap_or(today));
        let no = schedule.no_on(today);
        if schedule.start(no) != today {
            return Err(invalid(format!(
                "anchorDate: no period begins today, so nothing can be charged now; leave it out, or say startCharging: anchor (the next one begins on {})",
                schedule.period(no).end
            )));
        }
        return Ok((schedule, no));
    }
    let free_until = match draft.trial_end {
        Some(end) if end <= now => {
            return Err(invalid(format!(
                "trialEnd is {}, which has passed: it is {} now",
                end.kst().as_str(),
                now.kst().as_str()
            )));
        }
        Some(end) => Some(first_day_after(end, slot)),
        None => None,
    };
    let schedule = schedule(draft.anchor.or(free_until).unwrap_or(today));
    let from = free_until.unwrap_or(today);
    let mut no = schedule.no_on(from);
    if schedule.start(no) < from {
        no = no.saturating_add(1);
    }
    Ok((schedule, no))
}

#[cfg(test)]
mod tests;
