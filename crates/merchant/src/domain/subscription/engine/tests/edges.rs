//! Two things at once, or one thing at an awkward moment: what was paid keeps its worth.

use super::*;
use crate::domain::subscription::{
    commands::{self, At, ChangeRequest, Proration, When},
    create::create,
    rules::ConsentRule,
    state::{CancelRefund, Phase},
};
use Answer::{Pays, Says, Unknown};

fn every(unit: Unit) -> Interval {
    Interval { unit, count: 1 }
}

fn price(price: u64, when: When, proration: Proration) -> ChangeRequest {
    ChangeRequest {
        price: Some(price),
        interval: None,
        when,
        proration,
    }
}

fn interval(unit: Unit, price: u64) -> ChangeRequest {
    ChangeRequest {
        price: Some(price),
        interval: Some(every(unit)),
        when: When::Now,
        proration: Proration::Charge,
    }
}

/// Paid on 31 January until 28 February; nobody's consent is waited for.
fn paid() -> Sim {
    let mut sim = Sim::new();
    sim.rules.consent = ConsentRule::Off;
    sim.run();
    sim
}

fn ask(sim: &mut Sim, request: ChangeRequest, key: &str) -> Result<(), Refusal> {
    sim.command(|world, now| commands::change(world, &request, key, true, now))
}

fn cancel_now(sim: &mut Sim, refund: CancelRefund) {
    sim.command(|world, now| commands::cancel(world, At::Now, refund, now))
        .unwrap();
}

fn given_back(sim: &Sim) -> Vec<u64> {
    sim.refunds.iter().map(|refund| refund.amount).collect()
}

#[test]
fn the_same_days_are_credited_once() {
    let mut sim = paid();
    sim.subscription
        .state
        .last_paid
        .as_mut()
        .unwrap()
        .terms
        .price = 10_000;
    sim.subscription.state.price = 10_000;
    sim.until_text("2027-02-14T12:00:00");
    ask(&mut sim, price(5_000, When::Now, Proration::Credit), "a").unwrap();
    assert_eq!(sim.subscription.state.credit, 2_500);
    ask(&mut sim, price(4_000, When::Now, Proration::Credit), "b").unwrap();
    assert_eq!(sim.subscription.state.credit, 3_000);
    // Up without a charge, and down again: nothing was paid in between.
    ask(&mut sim, price(9_000, When::Now, Proration::None), "c").unwrap();
    ask(&mut sim, price(4_000, When::Now, Proration::Credit), "d").unwrap();
    assert_eq!(sim.subscription.state.credit, 3_000);
}

#[test]
fn a_change_that_is_about_to_be_paid_is_not_overwritten() {
    let mut sim = paid();
    sim.until_text("2027-02-14T12:00:00");
    // The shop's charges are stopped, so its charge waits.
    sim.stopped_until = Some(at("2027-02-14T13:00:00"));
    ask(&mut sim, price(19_900, When::Now, Proration::Charge), "a").unwrap();
    let other = ask(
        &mut sim,
        price(5_000, When::NextPeriod, Proration::None),
        "b",
    );
    assert_eq!(other, Err(Refusal::UnderWay));
    sim.until_text("2027-02-14T14:00:00");
    assert_eq!(sim.asked()[1], ("2027-02-14T13:00".to_owned(), 5_000));
    assert_eq!(sim.subscription.state.price, 19_900);
}

#[test]
fn a_change_that_is_not_paid_leaves_what_was_to_happen_with_the_next_period() {
    let mut sim = paid().answer(&[Says("REJECT_CARD_PAYMENT")]);
    ask(
        &mut sim,
        price(5_000, When::NextPeriod, Proration::None),
        "a",
    )
    .unwrap();
    let scheduled = sim.subscription.state.pending.clone();
    ask(&mut sim, price(30_000, When::Now, Proration::Charge), "b").unwrap();
    assert!(
        sim.told()
            .ends_with(&["subscription.change_failed".to_owned()])
    );
    assert_eq!(sim.subscription.state.pending, scheduled);
    // As it was stored.
    let json = serde_json::to_string(&sim.subscription.state).unwrap();
    sim.subscription.state = serde_json::from_str(&json).unwrap();
    sim.until_text("2027-02-28T12:00:00");
    assert_eq!(sim.asked().last().unwrap().1, 5_000);
}

#[test]
fn a_change_for_the_next_period_of_one_that_waits_is_not_in_the_past() {
    let mut weekly = subscription();
    weekly.state.schedule.interval = every(Unit::Week);
    let mut overdue = Sim::with(weekly).answer(&[Pays, Says("INVALID_STOPPED_CARD")]);
    overdue.until_text("2027-03-01T12:00:00");
    let mut paused = paid();
    paused
        .command(|world, now| commands::pause(world, At::Now, None, now))
        .unwrap();
    paused.until_text("2027-04-10T12:00:00");
    for (sim, status) in [(overdue, "unpaid"), (paused, "paused")] {
        assert_eq!(sim.status(), status);
        let request = price(5_000, When::NextPeriod, Proration::None);
        let quote = sim.ask(|world| commands::quote(world, &request, sim.now));
        assert_eq!(quote.unwrap().effective_at, sim.now, "{status}");
    }
}

#[test]
fn nothing_is_bought_for_a_subscription_that_is_about_to_end_or_to_pause() {
    let mut sim = paid();
    sim.command(|world, now| commands::cancel(world, At::PeriodEnd, CancelRefund::None, now))
        .unwrap();
    let refused = |result| matches!(result, Err(Refusal::State(_)));
    assert!(refused(ask(&mut sim, interval(Unit::Year, 99_000), "a")));
    assert!(refused(ask(
        &mut sim,
        price(5_000, When::NextPeriod, Proration::None),
        "b"
    )));
    sim.command(|world, _| commands::uncancel(world)).unwrap();
    sim.command(|world, now| commands::pause(world, At::PeriodEnd, None, now))
        .unwrap();
    assert!(refused(ask(&mut sim, interval(Unit::Year, 99_000), "c")));
    assert!(
        ask(
            &mut sim,
            price(5_000, When::NextPeriod, Proration::None),
            "d"
        )
        .is_ok()
    );
    assert_eq!(sim.asked().len(), 1);
}

#[test]
fn a_cancel_that_meets_the_charge_of_a_change_leaves_the_customer_what_they_paid_for() {
    let mut sim = paid().answer(&[Unknown]);
    sim.until_text("2027-02-14T12:00:00");
    ask(&mut sim, interval(Unit::Year, 99_000), "a").unwrap();
    cancel_now(&mut sim, CancelRefund::None);
    assert_eq!(sim.status(), "active");
    sim.settle(Pays);
    sim.run();
    assert_eq!((sim.status(), sim.entitled()), ("active", true));
    assert_eq!(sim.next_at(), "2028-02-14T00:00");
    sim.until_text("2028-02-14T01:00:00");
    assert_eq!(sim.status(), "canceled");
}

#[test]
fn a_cancel_gives_back_what_an_earlier_payment_carried_over() {
    // A month for 9,900, turned into a year on its first day: 99,000 less the whole month.
    let mut sim = paid();
    ask(&mut sim, interval(Unit::Year, 99_000), "a").unwrap();
    assert_eq!(sim.asked()[1].1, 89_100);
    cancel_now(&mut sim, CancelRefund::Prorated);
    // All of it, the newest payment first.
    assert_eq!(given_back(&sim), [89_100, 9_900]);

    // A year for 99,000, turned into months: nothing is charged, and the credit is real money.
    let mut sim = Sim::new();
    sim.rules.consent = ConsentRule::Off;
    sim.subscription.state.schedule.interval = every(Unit::Year);
    sim.subscription.state.price = 99_000;
    sim.run();
    ask(&mut sim, interval(Unit::Month, 9_900), "a").unwrap();
    assert_eq!(
        (sim.asked().len(), sim.subscription.state.credit),
        (1, 89_100)
    );
    // The second month is paid by credit.
    sim.until_text("2027-02-28T10:00:00");
    assert_eq!(
        (sim.asked().len(), sim.subscription.state.credit),
        (1, 79_200)
    );
    cancel_now(&mut sim, CancelRefund::Prorated);
    // That month, of which every day is left, and the credit.
    assert_eq!(given_back(&sim), [79_200 + 9_900]);
}

#[test]
fn a_resumption_charges_no_day_that_is_paid_or_free() {
    // Paid until 28 February: no other period begins today, and the paid days are used first.
    let mut sim = paid();
    sim.until_text("2027-02-02T12:00:00");
    sim.command(|world, now| commands::pause(world, At::Now, None, now))
        .unwrap();
    let restart = |world: &World<'_>, now| commands::resume(world, true, now);
    assert!(matches!(sim.command(restart), Err(Refusal::State(_))));
    sim.command(|world, now| commands::resume(world, false, now))
        .unwrap();
    assert_eq!(
        (sim.asked().len(), sim.next_at().as_str()),
        (1, "2027-02-28T09:00")
    );

    // In the middle of an unpaid period: the days that are left.
    let mut sim = paid();
    sim.command(|world, now| commands::pause(world, At::PeriodEnd, None, now))
        .unwrap();
    sim.until_text("2027-03-30T12:00:00");
    sim.command(|world, now| commands::resume(world, false, now))
        .unwrap();
    // One day of 31.
    assert_eq!(sim.asked()[1], ("2027-03-30T12:00".to_owned(), 9_900 / 31));
    assert_eq!(sim.next_at(), "2027-03-31T09:00");

    // In a free time: periods begin after it.
    let mut sim = Sim::trial("2027-03-10T12:00:00");
    sim.rules.consent = ConsentRule::Off;
    sim.command(|world, now| commands::pause(world, At::Now, None, now))
        .unwrap();
    sim.until_text("2027-02-20T12:00:00");
    sim.command(restart).unwrap();
    sim.until_text("2027-03-12T12:00:00");
    assert_eq!(sim.asked(), [("2027-03-11T09:00".to_owned(), 9_900)]);
    let period = sim.subscription.state.period.unwrap();
    assert_eq!(period.start.to_string(), "2027-03-11");
}

#[test]
fn another_interval_during_a_free_time_begins_when_it_ends() {
    for (unit, end) in [(Unit::Year, "2028-02-20"), (Unit::Week, "2027-02-27")] {
        let mut sim = Sim::trial("2027-02-20T00:00:00");
        sim.rules.consent = ConsentRule::Off;
        // Its periods are counted from long ago.
        sim.subscription.state.schedule.anchor = day("2026-11-20");
        sim.subscription.state.next_no = 4;
        ask(&mut sim, interval(unit, 9_900), "a").unwrap();
        sim.until_text("2027-02-20T10:00:00");
        assert_eq!(sim.asked(), [("2027-02-20T09:00".to_owned(), 9_900)]);
        let period = sim.subscription.state.period.unwrap();
        assert_eq!((period.no, period.end.to_string().as_str()), (4, end));
    }
}

#[test]
fn one_that_was_made_late_in_the_evening_is_charged_at_the_next_hour_of_charging() {
    let mut rules = SubscriptionRules::default();
    rules.hours.to = rules.hours.from;
    let made = create(draft(), &rules, at("2027-01-31T23:50:00")).unwrap();
    let mut sim = Sim::with(made);
    sim.until_text("2027-03-01T10:00:00");
    let days: Vec<String> = sim.asked().into_iter().map(|(at, _)| at).collect();
    assert_eq!(days, ["2027-02-01T09:00", "2027-02-28T09:00"]);
    assert_eq!(
        sim.told(),
        ["subscription.activated", "subscription.renewed"]
    );
}

#[test]
fn a_payment_on_the_evening_before_moves_the_next_charge_to_its_hour_a_day_later() {
    let mut sim = Sim::new().answer(&[Pays, Says("INVALID_STOPPED_CARD")]);
    sim.until_text("2027-03-30T20:00:00");
    assert_eq!(sim.status(), "canceled");

    let mut sim = Sim::new().answer(&[Pays, Says("INVALID_STOPPED_CARD")]);
    sim.rules.overdue.cancel_days = 60;
    sim.until_text("2027-03-30T20:00:00");
    sim.command(commands::pay_now).unwrap();
    assert_eq!(sim.next_at(), "2027-04-01T09:00");
}

#[test]
fn a_card_that_takes_no_sum_so_small_is_not_taken_for_the_other() {
    let mut in_a_phase = paid();
    in_a_phase.subscription.state.phases = vec![Phase {
        amount: 150,
        periods: 3,
    }];
    let mut soon = paid();
    let change = price(150, When::NextPeriod, Proration::None);
    ask(&mut soon, change, "k1").unwrap();
    for sim in [in_a_phase, soon] {
        let method = PaymentMethodId::new("pm_2");
        let shop = ShopId::new("shop_2");
        let now = sim.now;
        let replaced = sim.ask(|world| {
            let account = World {
                minimum: 200,
                ..*world
            };
            commands::replace_method(&account, &method, &shop, now)
        });
        let Err(Refusal::Invalid(text)) = replaced else {
            panic!("{replaced:?}");
        };
        assert!(text.contains("150") && text.contains("200"), "{text}");
    }
}

/// One whose price is below what Toss takes by now: that is the merchant's to mend, and no gift.
#[test]
fn a_period_whose_price_toss_does_not_take_is_held_and_not_given() {
    let mut sim = Sim::new().answer(&[Pays, Says("BELOW_MINIMUM_AMOUNT")]);
    sim.run();
    sim.subscription.state.price = 50;
    sim.until_text("2027-02-28T12:00:00");
    let held = sim.invoices.values().find(|it| it.period_no == 2).unwrap();
    assert_eq!((held.status, held.amount), (InvoiceStatus::Held, 50));
}

#[test]
fn access_does_not_end_while_the_merchants_settings_are_at_fault() {
    let mut sim = Sim::new().answer(&[
        Pays,
        Says("REJECT_CARD_PAYMENT"),
        Says("REJECT_CARD_PAYMENT"),
        Says("REJECT_CARD_PAYMENT"),
        Says("UNAUTHORIZED_KEY"),
        Says("UNAUTHORIZED_KEY"),
        Says("UNAUTHORIZED_KEY"),
    ]);
    sim.until_text("2027-03-07T12:00:00");
    assert_eq!((sim.status(), sim.entitled()), ("past_due", true));
    assert_eq!(sim.owed().unwrap().status, InvoiceStatus::Held);
    // Eight days after the first refusal, held since the sixth.
    sim.until_text("2027-03-08T12:00:00");
    assert!(sim.entitled());
}

#[test]
fn a_free_period_after_a_paid_one_is_the_customers() {
    let mut sim = Sim::new();
    sim.rules.consent = ConsentRule::Off;
    sim.subscription.state.phases = vec![
        Phase {
            amount: 4_900,
            periods: 1,
        },
        Phase {
            amount: 0,
            periods: 1,
        },
    ];
    sim.until_text("2027-03-10T12:00:00");
    sim.command(|world, now| commands::cancel(world, At::PeriodEnd, CancelRefund::None, now))
        .unwrap();
    assert_eq!(
        (sim.status(), sim.next_at().as_str()),
        ("active", "2027-03-31T00:00")
    );
}

#[test]
fn a_subscription_begins_once() {
    let mut sim = Sim::new();
    sim.rules.consent = ConsentRule::Off;
    sim.subscription.state.phases = vec![Phase {
        amount: 0,
        periods: 3,
    }];
    sim.until_text("2027-05-01T12:00:00");
    let told: Vec<String> = sim.told();
    let steps: Vec<&str> = told
        .iter()
        .map(String::as_str)
        .filter(|kind| *kind != "notice.due")
        .collect();
    assert_eq!(steps[0], "subscription.activated");
    assert_eq!(steps[1..], ["subscription.renewed"; 3]);
}

#[test]
fn a_consent_that_comes_with_a_change_counts_for_the_charge_after_it() {
    let mut sim = Sim::new();
    sim.run();
    let change = price(19_900, When::NextPeriod, Proration::None);
    // 28 days before: it counts.
    let now = sim.now;
    let needed = sim
        .ask(|world| commands::consent_for_change(world, &change, now))
        .unwrap()
        .expect("the price rises");
    sim.agree_to(&needed);
    ask(&mut sim, change, "a").unwrap();
    sim.until_text("2027-02-28T10:00:00");
    assert_eq!(sim.asked()[1], ("2027-02-28T09:00".to_owned(), 19_900));

    // Far before: it would not, so it is refused, and says when it does.
    let mut sim = Sim::new();
    sim.subscription.state.schedule.interval = every(Unit::Year);
    sim.run();
    let now = sim.now;
    let early = sim.ask(|world| commands::consent_for_change(world, &change, now));
    let Err(Refusal::Invalid(text)) = early else {
        panic!("{early:?}");
    };
    assert!(text.contains("2028-01-01T09:00:00"), "{text}");
    // A price that falls needs none.
    let falls = price(5_000, When::NextPeriod, Proration::None);
    let none = sim.ask(|world| commands::consent_for_change(world, &falls, now));
    assert_eq!(none, Ok(None));
}
