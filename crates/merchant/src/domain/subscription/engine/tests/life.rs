use super::*;
use crate::domain::subscription::{
    commands::{self, At, ChangeRequest, Proration, When},
    rules::{CatchUp, OnMissingConsent},
    state::{CancelRefund, EndReason, Phase},
};
use Answer::{Pays, Says, Unknown};

fn sums(sim: &Sim) -> Vec<(String, u64)> {
    sim.asked()
}

fn pair(at: &str, amount: u64) -> (String, u64) {
    (at.to_owned(), amount)
}

fn change(
    price: Option<u64>,
    interval: Option<Interval>,
    when: When,
    proration: Proration,
) -> ChangeRequest {
    ChangeRequest {
        price,
        interval,
        when,
        proration,
    }
}

#[test]
fn a_year_is_charged_on_the_last_day_of_every_month() {
    let mut sim = Sim::new();
    sim.until_text("2028-01-31T12:00:00");
    let days: Vec<String> = sums(&sim)
        .iter()
        .map(|(at, _)| at[..10].to_owned())
        .collect();
    assert_eq!(
        days,
        [
            "2027-01-31",
            "2027-02-28",
            "2027-03-31",
            "2027-04-30",
            "2027-05-31",
            "2027-06-30",
            "2027-07-31",
            "2027-08-31",
            "2027-09-30",
            "2027-10-31",
            "2027-11-30",
            "2027-12-31",
            "2028-01-31",
        ]
    );
    assert!(
        sim.told()
            .iter()
            .skip(1)
            .all(|kind| kind == "subscription.renewed")
    );
}

/// Row 12: periods that went by were skipped silently.
#[test]
fn periods_that_went_by_while_nobody_worked_are_void_and_told_and_the_current_one_is_charged_once()
{
    let mut sim = Sim::new();
    sim.run();
    sim.sleep_until("2027-05-10T03:00:00");
    assert_eq!(sums(&sim)[1..], [pair("2027-05-10T03:00", 9_900)]);
    assert_eq!(
        sim.told()[1..],
        [
            "subscription.period_missed",
            "subscription.period_missed",
            "subscription.renewed"
        ]
    );
    assert_eq!(sim.next_at(), "2027-05-31T09:00");

    let mut sim = Sim::new();
    sim.rules.catch_up = CatchUp::All;
    sim.run();
    sim.sleep_until("2027-05-10T03:00:00");
    sim.until_text("2027-05-13T03:00:00");
    // One a day at most, whatever was missed, and at the hour of charging.
    assert_eq!(
        sums(&sim)[1..],
        [
            pair("2027-05-10T03:00", 9_900),
            pair("2027-05-11T09:00", 9_900),
            pair("2027-05-12T09:00", 9_900)
        ]
    );
}

#[test]
fn nobody_is_told_of_the_price_of_a_period_that_went_by() {
    let mut sim = Sim::new();
    sim.run();
    let daily = ChangeRequest {
        price: Some(900),
        interval: Some(Interval {
            unit: Unit::Day,
            count: 1,
        }),
        when: When::NextPeriod,
        proration: Proration::None,
    };
    sim.command(|world, now| commands::change(world, &daily, "a", false, now))
        .unwrap();
    let before = sim.told().len();
    sim.sleep_until("2027-03-10T12:00:00");
    let told = &sim.told()[before..];
    let missed = told
        .iter()
        .filter(|kind| *kind == "subscription.period_missed");
    // 28 February until 9 March.
    assert_eq!(missed.count(), 10);
    // Of today's alone, and it is not charged without a consent.
    assert_eq!(
        told[told.len() - 3..],
        ["notice.due", "notice.due", "subscription.awaiting_consent"]
    );
    assert_eq!(
        told.iter().filter(|kind| *kind == "notice.due").count(),
        2,
        "{told:?}"
    );
}

#[test]
fn a_free_time_ends_without_a_charge_when_nobody_agreed() {
    let mut sim = Sim::trial("2027-02-14T09:00:00");
    sim.until_text("2027-02-14T12:00:00");
    assert_eq!(
        (sim.status(), sim.entitled(), sim.asked().len()),
        ("awaiting_consent", false, 0)
    );
    assert_eq!(
        sim.told(),
        ["notice.due", "notice.due", "subscription.awaiting_consent"]
    );
    sim.until_text("2027-02-20T00:00:00");
    sim.agree();
    assert_eq!(sums(&sim), [pair("2027-02-20T00:00", 9_900)]);
    assert_eq!((sim.status(), sim.entitled()), ("active", true));

    let mut sim = Sim::trial("2027-02-14T09:00:00");
    sim.until_text("2027-03-14T12:00:00");
    assert_eq!((sim.status(), sim.asked().len()), ("canceled", 0));
    assert_eq!(
        sim.subscription.state.ended.as_ref().unwrap().reason,
        EndReason::NoConsent
    );
}

#[test]
fn notices_come_thirty_and_seven_days_before_and_once_each() {
    let mut sim = Sim::trial("2027-03-31T09:00:00");
    sim.until_text("2027-03-30T00:00:00");
    let told: Vec<(String, String)> = sim
        .events
        .iter()
        .map(|(at, kind)| (minute(*at), kind.to_string()))
        .collect();
    let notice = |at: &str| (at.to_owned(), "notice.due".to_owned());
    assert_eq!(
        told,
        [notice("2027-03-01T09:00"), notice("2027-03-24T09:00")]
    );
    sim.agree();
    sim.until_text("2027-03-31T10:00:00");
    assert_eq!(sim.told()[2..], ["subscription.activated"]);
    // The price stays, so nothing has to be told or agreed to any more.
    sim.until_text("2027-06-30T10:00:00");
    assert_eq!(sim.told()[3..], ["subscription.renewed"; 3]);
}

#[test]
fn a_consent_that_is_too_old_or_to_another_price_does_not_count() {
    let mut sim = Sim::trial("2027-03-31T09:00:00");
    let now = sim.now;
    let needed = sim.ask(|world| {
        let upcoming = world
            .subscription
            .state
            .upcoming(&world.subscription.id, world.rules);
        crate::domain::subscription::consent::needed(&world.subscription.state, &upcoming).unwrap()
    });
    assert_eq!(
        sim.ask(|world| commands::consent_asked_for(world, now)),
        None,
        "59 days before"
    );
    sim.agree_to(&needed);
    sim.until_text("2027-03-20T09:00:00");
    let mut other = needed;
    other.after.price -= 1;
    sim.agree_to(&other);
    sim.until_text("2027-03-31T10:00:00");
    assert_eq!((sim.status(), sim.asked().len()), ("awaiting_consent", 0));
}

#[test]
fn the_end_of_a_discount_is_a_rise_in_price() {
    let discounted = || {
        let mut sim = Sim::new();
        sim.subscription.state.phases = vec![Phase {
            amount: 4_900,
            periods: 2,
        }];
        sim
    };
    let mut sim = discounted();
    sim.until_text("2027-03-31T10:00:00");
    assert_eq!(
        sums(&sim),
        [
            pair("2027-01-31T12:00", 4_900),
            pair("2027-02-28T09:00", 4_900)
        ]
    );
    assert_eq!(sim.status(), "awaiting_consent");

    let mut sim = discounted();
    sim.until_text("2027-03-10T10:00:00");
    sim.agree();
    sim.until_text("2027-03-31T10:00:00");
    assert_eq!(sums(&sim)[2], pair("2027-03-31T09:00", 9_900));

    let mut sim = discounted();
    sim.rules.on_missing_consent = OnMissingConsent::KeepOldPrice;
    sim.until_text("2027-05-31T10:00:00");
    assert!(sums(&sim).iter().all(|(_, amount)| *amount == 4_900));
    assert_eq!(sums(&sim).len(), 5);
}

#[test]
fn a_change_now_is_made_only_if_its_difference_is_paid() {
    let up = change(Some(15_800), None, When::Now, Proration::Charge);
    let mut sim = Sim::new();
    sim.until_text("2027-02-14T12:00:00");
    assert_eq!(
        sim.command(|world, now| commands::change(world, &up, "k1", false, now)),
        Err(Refusal::ConsentRequired)
    );
    sim.answers = vec![Says("REJECT_CARD_PAYMENT")];
    sim.command(|world, now| commands::change(world, &up, "k1", true, now))
        .unwrap();
    // 14 of 28 days of 5,900 won.
    assert_eq!(sums(&sim)[1], pair("2027-02-14T12:00", 2_950));
    assert_eq!(sim.told().last().unwrap(), "subscription.change_failed");
    assert_eq!(
        (sim.subscription.state.price, sim.status()),
        (9_900, "active")
    );
    sim.command(|world, now| commands::change(world, &up, "k2", true, now))
        .unwrap();
    assert_eq!(sim.told().last().unwrap(), "subscription.changed");
    // It was agreed to and paid: the renewal needs no other consent.
    sim.until_text("2027-02-28T10:00:00");
    assert_eq!(
        sums(&sim).last().unwrap(),
        &pair("2027-02-28T09:00", 15_800)
    );
}

#[test]
fn a_lower_price_gives_credit_for_the_days_that_are_left() {
    let down = change(Some(4_900), None, When::Now, Proration::Credit);
    let mut sim = Sim::new();
    sim.until_text("2027-02-14T12:00:00");
    sim.command(|world, now| commands::change(world, &down, "k", false, now))
        .unwrap();
    sim.until_text("2027-03-31T10:00:00");
    assert_eq!(
        sums(&sim)[1..],
        [
            pair("2027-02-28T09:00", 2_400),
            pair("2027-03-31T09:00", 4_900)
        ]
    );
}

#[test]
fn another_interval_begins_a_new_period_and_takes_the_unused_days_off() {
    let yearly = Interval {
        unit: Unit::Year,
        count: 1,
    };
    let request = change(Some(99_000), Some(yearly), When::Now, Proration::Charge);
    let mut sim = Sim::new();
    sim.until_text("2027-02-14T12:00:00");
    sim.command(|world, now| commands::change(world, &request, "k", true, now))
        .unwrap();
    assert_eq!(sums(&sim)[1], pair("2027-02-14T12:00", 99_000 - 4_950));
    assert_eq!(sim.next_at(), "2028-02-14T09:00");
    // Back to a month with the next period.
    let request = change(
        Some(8_250),
        Some(monthly()),
        When::NextPeriod,
        Proration::None,
    );
    sim.command(|world, now| commands::change(world, &request, "k2", false, now))
        .unwrap();
    sim.until_text("2028-03-15T00:00:00");
    assert_eq!(
        sums(&sim)[2..],
        [
            pair("2028-02-14T09:00", 8_250),
            pair("2028-03-14T09:00", 8_250)
        ]
    );
}

#[test]
fn a_pause_costs_nothing_and_keeps_the_day_or_begins_anew() {
    let paused = || {
        let mut sim = Sim::new();
        sim.until_text("2027-02-10T12:00:00");
        sim.command(|world, now| commands::pause(world, At::PeriodEnd, None, now))
            .unwrap();
        sim.until_text("2027-02-20T12:00:00");
        assert!(sim.entitled());
        sim.until_text("2027-05-10T12:00:00");
        assert_eq!(
            (sim.status(), sim.entitled(), sim.asked().len()),
            ("paused", false, 1)
        );
        sim
    };
    let mut sim = paused();
    sim.command(|world, now| commands::resume(world, false, now))
        .unwrap();
    // 21 of 31 days are left.
    assert_eq!(sums(&sim)[1..], [pair("2027-05-10T12:00", 6_706)]);
    assert_eq!(sim.next_at(), "2027-05-31T09:00");
    let mut sim = paused();
    sim.command(|world, now| commands::resume(world, true, now))
        .unwrap();
    assert_eq!(sim.next_at(), "2027-06-10T09:00");

    let mut sim = Sim::new();
    sim.until_text("2027-02-10T12:00:00");
    sim.command(|world, now| commands::pause(world, At::Now, Some(at("2027-02-12T12:00:00")), now))
        .unwrap();
    assert!(!sim.entitled());
    sim.until_text("2027-02-12T13:00:00");
    assert_eq!(
        (sim.status(), sim.asked().len()),
        ("active", 1),
        "the month is paid"
    );
}

/// Row 27: paid and canceled at once.
#[test]
fn a_cancel_at_any_point_of_a_renewal_leaves_it_charged_or_canceled() {
    for (moment, answer, charged) in [
        ("2027-02-28T08:59:59", Pays, false),
        ("2027-02-28T09:00:00", Pays, true),
        ("2027-02-28T09:00:00", Unknown, true),
        ("2027-02-28T09:00:00", Says("REJECT_CARD_PAYMENT"), false),
    ] {
        let mut sim = Sim::new().answer(&[Pays, answer]);
        sim.until_text(moment);
        sim.command(|world, now| commands::cancel(world, At::Now, CancelRefund::None, now))
            .unwrap();
        if answer == Unknown {
            assert_eq!(sim.status(), "active", "nobody knows whether it is paid");
            sim.now = sim.now.plus(Duration::from_hours(1));
            sim.settle(Pays);
            sim.run();
            assert_eq!(
                (sim.status(), sim.entitled()),
                ("active", true),
                "it is paid, so it is theirs"
            );
        } else {
            assert_eq!(sim.status(), "canceled", "{moment}");
        }
        sim.until_text("2027-04-20T00:00:00");
        assert_eq!(sim.status(), "canceled");
        let paid = sim
            .charges
            .iter()
            .filter(|(_, charge, ..)| charge.took_money())
            .count();
        assert_eq!(paid == 2, charged, "{moment} {answer:?}");
        assert!(sim.owed().is_none());
    }
}

#[test]
fn a_cancel_gives_the_unused_days_back_also_those_of_a_change() {
    let up = change(Some(15_800), None, When::Now, Proration::Charge);
    let mut sim = Sim::new();
    sim.until_text("2027-02-14T12:00:00");
    sim.command(|world, now| commands::change(world, &up, "k", true, now))
        .unwrap();
    sim.command(|world, now| commands::cancel(world, At::Now, CancelRefund::Prorated, now))
        .unwrap();
    let back: Vec<u64> = sim.refunds.iter().map(|refund| refund.amount).collect();
    // All days of the change, half of those of the month; the newest payment first.
    assert_eq!(back, [2_950, 4_950]);
    assert_eq!((sim.status(), sim.entitled()), ("canceled", false));
}

#[test]
fn a_cancel_at_the_end_of_what_is_paid_can_be_taken_back() {
    let mut sim = Sim::new();
    sim.until_text("2027-02-10T12:00:00");
    let at_end =
        |world: &World<'_>, now| commands::cancel(world, At::PeriodEnd, CancelRefund::None, now);
    sim.command(at_end).unwrap();
    assert_eq!(sim.next_at(), "2027-02-28T00:00");
    sim.command(|world, _| commands::uncancel(world)).unwrap();
    sim.until_text("2027-03-01T00:00:00");
    assert_eq!((sim.status(), sim.asked().len()), ("active", 2));
    sim.command(at_end).unwrap();
    sim.until_text("2027-05-01T00:00:00");
    assert_eq!((sim.status(), sim.asked().len()), ("canceled", 2));
    assert!(sim.command(|world, _| commands::uncancel(world)).is_err());
}

#[test]
fn paying_late_does_not_charge_for_the_time_without_access() {
    let mut answers = vec![Pays];
    answers.extend([Says("REJECT_CARD_PAYMENT"); 9]);
    let mut sim = Sim::new().answer(&answers);
    sim.subscription.state.schedule.interval = Interval {
        unit: Unit::Week,
        count: 1,
    };
    sim.until_text("2027-02-27T12:00:00");
    assert_eq!(sim.status(), "unpaid");
    sim.answers.clear();
    sim.command(commands::pay_now).unwrap();
    let paid_before = sim.asked().len();
    sim.until_text("2027-03-10T00:00:00");
    // That of 7 February was paid late; those of the 14th were never owed; the present one is.
    assert_eq!(
        sums(&sim)[paid_before..],
        [
            pair("2027-02-28T09:00", 9_900),
            pair("2027-03-07T09:00", 9_900)
        ]
    );
}
