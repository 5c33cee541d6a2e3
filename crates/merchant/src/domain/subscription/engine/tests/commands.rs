//! What may be asked of a subscription in each of its states.

use super::*;
use crate::domain::subscription::{
    commands::{self, At, ChangeRequest, Proration, When},
    state::CancelRefund,
};

const SOFT: Answer = Answer::Says("REJECT_CARD_PAYMENT");

/// A subscription in each status, with a charge under way as the last one.
fn in_every_status() -> Vec<(&'static str, Sim)> {
    let mut all = Vec::new();
    let mut incomplete = Sim::new().answer(&[SOFT]);
    incomplete.run();
    all.push(("incomplete", incomplete));
    let mut trialing = Sim::trial("2027-02-20T00:00:00");
    trialing.run();
    all.push(("trialing", trialing));
    let mut active = Sim::new();
    active.until_text("2027-02-10T12:00:00");
    all.push(("active", active));
    let overdue = || Sim::new().answer(&[Answer::Pays, SOFT, SOFT, SOFT, SOFT, SOFT]);
    let mut past_due = overdue();
    past_due.until_text("2027-02-28T12:00:00");
    all.push(("past_due", past_due));
    let mut unpaid = overdue();
    unpaid.until_text("2027-03-20T12:00:00");
    all.push(("unpaid", unpaid));
    let mut awaiting = Sim::trial("2027-02-20T00:00:00");
    awaiting.until_text("2027-02-21T12:00:00");
    all.push(("awaiting_consent", awaiting));
    let mut paused = Sim::new();
    paused.until_text("2027-02-10T12:00:00");
    paused
        .command(|world, now| commands::pause(world, At::Now, None, now))
        .unwrap();
    all.push(("paused", paused));
    let mut canceled = Sim::new();
    canceled.run();
    canceled
        .command(|world, now| commands::cancel(world, At::Now, CancelRefund::None, now))
        .unwrap();
    all.push(("canceled", canceled));
    let mut under_way = Sim::new().answer(&[Answer::Pays, Answer::Unknown]);
    under_way.until_text("2027-02-28T12:00:00");
    all.push(("active", under_way));
    all
}

type Command = fn(&World<'_>, Millis) -> Result<Step, Refusal>;

const CHEAPER: ChangeRequest = ChangeRequest {
    price: Some(5_000),
    interval: None,
    when: When::NextPeriod,
    proration: Proration::None,
};

const COMMANDS: [(&str, Command); 9] = [
    ("cancel now", |world, now| {
        commands::cancel(world, At::Now, CancelRefund::Prorated, now)
    }),
    ("cancel later", |world, now| {
        commands::cancel(world, At::PeriodEnd, CancelRefund::None, now)
    }),
    ("uncancel", |world, _| commands::uncancel(world)),
    ("pause", |world, now| {
        commands::pause(world, At::Now, None, now)
    }),
    ("resume", |world, now| commands::resume(world, false, now)),
    ("pay", commands::pay_now),
    ("another card", |world, now| {
        commands::replace_method(
            world,
            &PaymentMethodId::new("pm_2"),
            &ShopId::new("shop_2"),
            now,
        )
    }),
    ("change later", |world, now| {
        commands::change(world, &CHEAPER, "k", false, now)
    }),
    ("change now", |world, now| {
        let at_once = ChangeRequest {
            when: When::Now,
            ..CHEAPER
        };
        commands::change(world, &at_once, "k", false, now)
    }),
];

/// Row 9: revoking what was revoked already raised an error. Every request in every state is done, or
/// refused in a sentence, and whatever it was, the subscription comes to rest.
#[test]
fn every_request_in_every_state_is_done_or_refused_in_a_sentence() {
    // One letter per state, as they come above: done, or not.
    let wanted = [
        ("cancel now", "+++++++-+"),
        ("cancel later", "+++++++-+"),
        ("uncancel", "---------"),
        ("pause", "-++------"),
        ("resume", "------+--"),
        ("pay", "+--++----"),
        ("another card", "+++++++--"),
        ("change later", "+++++++--"),
        ("change now", "-++------"),
    ];
    for (index, (name, command)) in COMMANDS.into_iter().enumerate() {
        let mut got = String::new();
        for (status, mut sim) in in_every_status() {
            assert_eq!(sim.status(), status, "the table is made wrong");
            match sim.command(command) {
                Ok(()) => got.push('+'),
                Err(refusal) => {
                    let says = refusal.to_string();
                    assert!(says.contains(' ') && !says.ends_with('.'), "{name}: {says}");
                    got.push('-');
                }
            }
            sim.run();
        }
        assert_eq!((name, got.as_str()), wanted[index]);
    }
}
