//! Random histories: whatever happens in whatever order, a period is charged once, no price rises without
//! a consent, and nothing gets stuck.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::subscription::{
    commands::{self, At, ChangeRequest, Proration, When},
    price::{Terms, rises},
    state::{CancelRefund, Phase},
};

#[derive(Debug, Clone)]
enum Event {
    Wait(u32),
    Down(u32),
    Agree,
    Change {
        price: u64,
        unit: usize,
        now: bool,
        proration: usize,
        consent: bool,
    },
    Cancel {
        now: bool,
        refund: bool,
    },
    Uncancel,
    Pause {
        now: bool,
        back_after: Option<u32>,
    },
    Resume(bool),
    PayNow,
    Replace,
    CardDies,
    Stop(bool),
    Settle(usize),
}

const CODES: [Option<&str>; 8] = [
    None,
    None,
    Some("REJECT_CARD_PAYMENT"),
    Some("PROVIDER_ERROR"),
    Some("INVALID_STOPPED_CARD"),
    Some("UNAUTHORIZED_KEY"),
    Some("REJECT_CARD_COMPANY"),
    Some("ADDED_IN_2027"),
];

fn answer(index: usize) -> Answer {
    match CODES.get(index) {
        Some(Some(code)) => Answer::Says(code),
        Some(None) => Answer::Pays,
        None => Answer::Unknown,
    }
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (1..60_u32).prop_map(Event::Wait),
        1 => (1..120_u32).prop_map(Event::Down),
        3 => Just(Event::Agree),
        2 => (1..30_u64, 0..4_usize, any::<bool>(), 0..3_usize, any::<bool>()).prop_map(
            |(price, unit, now, proration, consent)| Event::Change { price: price * 1_000, unit, now, proration, consent }
        ),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(now, refund)| Event::Cancel { now, refund }),
        2 => Just(Event::Uncancel),
        1 => (any::<bool>(), prop::option::of(1..90_u32)).prop_map(|(now, back_after)| Event::Pause { now, back_after }),
        2 => any::<bool>().prop_map(Event::Resume),
        1 => Just(Event::PayNow),
        2 => Just(Event::Replace),
        1 => Just(Event::CardDies),
        1 => any::<bool>().prop_map(Event::Stop),
        2 => (0..8_usize).prop_map(Event::Settle),
    ]
}

/// What was agreed to with a change, by price: those consents come with the request.
#[expect(clippy::too_many_lines, reason = "one arm per kind of event")]
fn happen(sim: &mut Sim, event: &Event, key: usize) {
    let hours = |hours: u32| Duration::from_hours(u64::from(hours) * 13);
    match *event {
        Event::Wait(time) => {
            let end = sim.now.plus(hours(time));
            sim.until(end);
        }
        Event::Down(time) => {
            sim.now = sim.now.plus(hours(time));
            sim.run();
        }
        Event::Agree => {
            let now = sim.now;
            if let Some(needed) = sim.ask(|world| commands::consent_asked_for(world, now)) {
                sim.agree_to(&needed);
            }
        }
        Event::Change {
            price,
            unit,
            now,
            proration,
            consent,
        } => {
            let request = ChangeRequest {
                price: Some(price),
                interval: Some(Interval {
                    unit: Unit::ALL[unit],
                    count: 1,
                }),
                when: if now { When::Now } else { When::NextPeriod },
                proration: Proration::ALL[proration],
            };
            let moment = sim.now;
            let needed = sim
                .ask(|world| commands::quote(world, &request, moment))
                .ok()
                .and_then(|quote| quote.needed());
            if let Some(needed) = needed.filter(|_| consent) {
                sim.agree_to(&needed);
            }
            let _ = sim.command(|world, now| {
                commands::change(world, &request, &key.to_string(), consent, now)
            });
        }
        Event::Cancel { now, refund } => {
            let at = if now { At::Now } else { At::PeriodEnd };
            let refund = if refund {
                CancelRefund::Prorated
            } else {
                CancelRefund::None
            };
            // Rarely, or few histories would be long.
            if key.is_multiple_of(4) {
                let _ = sim.command(|world, now| commands::cancel(world, at, refund, now));
            }
        }
        Event::Uncancel => {
            let _ = sim.command(|world, _| commands::uncancel(world));
        }
        Event::Pause { now, back_after } => {
            let at = if now { At::Now } else { At::PeriodEnd };
            let back = back_after.map(|time| sim.now.plus(hours(time)));
            let _ = sim.command(|world, now| commands::pause(world, at, back, now));
        }
        Event::Resume(restart) => {
            let _ = sim.command(|world, now| commands::resume(world, restart, now));
        }
        Event::PayNow => {
            let _ = sim.command(commands::pay_now);
        }
        Event::Replace => {
            let (method, shop) = (
                PaymentMethodId::new(format!("pm_{key}")),
                ShopId::new("shop_2"),
            );
            let chargeable = std::mem::replace(&mut sim.chargeable, true);
            if sim
                .command(|world, now| commands::replace_method(world, &method, &shop, now))
                .is_err()
            {
                sim.chargeable = chargeable;
            }
        }
        Event::CardDies => {
            sim.chargeable = false;
            sim.run();
        }
        Event::Stop(stop) => {
            sim.stopped_until = stop.then(|| sim.now.plus(hours(20)));
            sim.run();
        }
        Event::Settle(index) => {
            if sim
                .charges
                .last()
                .is_some_and(|(_, charge, ..)| charge.status.is_open())
            {
                sim.settle(answer(index));
                sim.run();
            }
        }
    }
}

/// No charge above what was paid last, or after a free time, without a consent to just that.
fn no_price_rose_without_a_consent(sim: &Sim) {
    let mut paid: Option<Terms> = None;
    let mut free = sim.free_at_first;
    for (terms, zero) in &sim.periods {
        if *zero {
            free = true;
            continue;
        }
        let agreed = sim.consents.iter().any(|consent| consent.after == *terms);
        let rose = paid.is_some_and(|paid| rises(paid, *terms)) || free;
        assert!(!rose || agreed, "{paid:?} -> {terms:?}: {:?}", sim.events);
        (paid, free) = (Some(*terms), false);
    }
}

fn nothing_was_paid_twice(sim: &Sim) {
    let mut paid = BTreeSet::new();
    let mut last: Option<Millis> = None;
    for (invoice, charge, ..) in &sim.charges {
        if !charge.took_money() {
            continue;
        }
        assert!(paid.insert(invoice.clone()), "{invoice} was paid twice");
        let of = &sim.invoices[invoice.as_str()];
        if of.kind == InvoiceKind::Period {
            let settled = charge.settled_at.unwrap();
            assert!(last.is_none_or(
                |last| settled.since(last) >= Duration::from_hours(20) || settled < last
            ));
            last = Some(settled);
        }
    }
}

// Row 32: a price above the last one that was paid, without a consent.
proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_a_period_is_charged_once_and_no_price_rises_without_a_consent(
        trial in any::<bool>(),
        phase in prop::option::of((0..12_u64, 1..4_u32)),
        answers in prop::collection::vec(0..9_usize, 0..40),
        events in prop::collection::vec(event(), 1..60),
    ) {
        let mut sim = if trial { Sim::trial("2027-02-20T00:00:00") } else { Sim::new() };
        sim.subscription.state.phases = phase
            .map(|(thousands, periods)| Phase { amount: thousands * 1_000, periods })
            .into_iter()
            .collect();
        sim.answers = answers.iter().map(|index| answer(*index)).collect();
        sim.run();
        for (key, event) in events.iter().enumerate() {
            happen(&mut sim, event, key);
        }
        nothing_was_paid_twice(&sim);
        no_price_rose_without_a_consent(&sim);
        // Nothing is stuck: it is over, waits for a moment, for an outcome, or for the customer.
        let status = sim.subscription.status;
        let open = sim.charges.last().is_some_and(|(_, charge, ..)| charge.status.is_open());
        if let Next::Nothing = sim.run() {
            let waits = matches!(status, SubscriptionStatus::Canceled | SubscriptionStatus::Paused);
            prop_assert!(waits || open, "stuck: {:?}", sim.subscription);
        }
    }
}
