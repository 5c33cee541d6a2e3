//! How the first charge follows from what is asked for.

use super::*;
use crate::domain::subscription::{
    calendar::Unit,
    engine::tests::{at, day, draft, minute},
};

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
        first(|d| (d.start, d.trial_end) = (Start::Now, Some(at("2027-03-15T00:00:00")))).is_err()
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
