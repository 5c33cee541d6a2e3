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
mod tests {
    use super::*;
    use crate::domain::subscription::{
        calendar::Unit,
        engine::tests::{at, day, minute, monthly, subscription},
    };

    fn draft() -> Draft {
        let like = subscription();
        Draft {
            id: like.id,
            shop_id: like.shop_id,
            customer_key: like.customer_key,
            payment_method_id: like.payment_method_id,
            minimum: 100,
            order_name: like.order_name,
            customer: Customer::default(),
            price: 9_900,
            interval: monthly(),
            phases: Vec::new(),
            anchor: None,
            trial_end: None,
            start: Start::Anchor,
        }
    }

    fn first_charge(draft: Draft, now: &str) -> Result<(String, String), Refusal> {
        let mut rules = SubscriptionRules::default();
        rules.hours.to = rules.hours.from;
        let made = create(draft, &rules, at(now))?;
        let upcoming = made.state.upcoming(&made.id, &rules);
        Ok((upcoming.period.start.to_string(), minute(upcoming.at)))
    }

    #[test]
    fn the_first_charge_is_now_or_on_the_anchor_or_after_the_free_time() {
        let first = |change: fn(&mut Draft)| {
            let mut draft = draft();
            change(&mut draft);
            first_charge(draft, "2027-02-28T12:00:00").map(|(day, at)| format!("{day} {at}"))
        };
        let ok = |text: &str| Ok(text.to_owned());
        assert_eq!(
            first(|d| d.start = Start::Now),
            ok("2027-02-28 2027-02-28T12:00")
        );
        assert_eq!(
            first(|d| d.anchor = Some(day("2027-03-15"))),
            ok("2027-03-15 2027-03-15T09:00")
        );
        // The 31st in a month that has none: today is its day.
        assert_eq!(
            first(|d| (d.start, d.anchor) = (Start::Now, Some(day("2027-01-31")))),
            ok("2027-02-28 2027-02-28T12:00")
        );
        assert!(first(|d| (d.start, d.anchor) = (Start::Now, Some(day("2027-01-30")))).is_ok());
        assert!(first(|d| (d.start, d.anchor) = (Start::Now, Some(day("2027-02-15")))).is_err());
        assert_eq!(
            first(|d| d.anchor = Some(day("2026-11-05"))),
            ok("2027-03-05 2027-03-05T09:00")
        );
        // Today's hour of charging is over, and so is the day when the next one comes.
        let daily = |d: &mut Draft| d.interval.unit = Unit::Day;
        assert_eq!(first(daily), ok("2027-03-01 2027-03-01T09:00"));
        assert_eq!(first(|_| {}), ok("2027-02-28 2027-03-01T09:00"));
        // Row 13: free on all of the last day, and not charged at midnight.
        assert_eq!(
            first(|d| d.trial_end = Some(at("2027-03-14T23:59:59"))),
            ok("2027-03-15 2027-03-15T09:00")
        );
        assert_eq!(
            first(|d| d.trial_end = Some(at("2027-03-15T00:00:00"))),
            ok("2027-03-15 2027-03-15T09:00")
        );
        assert!(first(|d| d.trial_end = Some(at("2027-02-28T12:00:00"))).is_err());
        // Mistyped, up to the last day of the calendar.
        for far in ["2037-03-01", "2999-01-01", "9999-12-31"] {
            let mut trial = draft();
            trial.trial_end = Some(day(far).at(Duration::from_hours(23)));
            let refused = first_charge(trial, "2027-02-28T12:00:00").unwrap_err();
            assert!(refused.to_string().contains(far), "{refused}");
            let mut anchored = draft();
            anchored.anchor = Some(day(far));
            assert!(first_charge(anchored, "2027-02-28T12:00:00").is_err());
        }
        assert!(
            first(|d| (d.start, d.trial_end) = (Start::Now, Some(at("2027-03-15T00:00:00"))))
                .is_err()
        );
    }

    #[test]
    fn sums_that_toss_refuses_are_refused_here() {
        let made = |change: fn(&mut Draft)| {
            let mut draft = draft();
            change(&mut draft);
            first_charge(draft, "2027-02-28T12:00:00")
        };
        assert!(made(|d| d.price = 99).is_err());
        assert!(made(|d| d.interval.count = 0).is_err());
        assert!(made(|d| d.interval.count = 37).is_err());
        assert!(
            made(|d| d.phases = vec![Phase {
                amount: 50,
                periods: 1
            }])
            .is_err()
        );
        assert!(
            made(|d| d.phases = vec![Phase {
                amount: 500,
                periods: 0
            }])
            .is_err()
        );
        assert!(
            made(|d| d.phases = vec![Phase {
                amount: 0,
                periods: 1
            }])
            .is_ok()
        );
    }
}
