//! What makes somebody's view of a subscription out of date, and what does not.

use super::*;
use crate::domain::subscription::{
    commands::{self, At, ChangeRequest, Proration, When},
    state::CancelRefund,
};
use Answer::{Pays, Says, Unknown};

/// Whether what was seen before still holds afterwards, and how many revisions went by.
fn after(sim: &mut Sim, what: impl FnOnce(&mut Sim)) -> (bool, u64) {
    sim.run();
    let seen = sim.subscription.revision;
    what(sim);
    let now = &sim.subscription;
    (now.is_as_seen_in(seen), now.revision - seen)
}

#[test]
fn notices_tries_and_days_of_the_overdue_policy_change_nothing_that_was_seen() {
    let mut sim = Sim::trial("2027-03-10T00:00:00");
    let seven_days_before = |sim: &mut Sim| {
        sim.until_text("2027-03-04T00:00:00");
    };
    // The request for a consent, and the notice.
    assert_eq!(after(&mut sim, seven_days_before), (true, 2));
    // Nobody agreed: it waits from the moment of the charge on.
    let the_day = |sim: &mut Sim| {
        sim.until_text("2027-03-10T12:00:00");
    };
    assert_eq!(after(&mut sim, the_day), (true, 1));
    assert_eq!(sim.status(), "awaiting_consent");

    let refused = [
        Pays,
        Says("REJECT_CARD_PAYMENT"),
        Says("REJECT_CARD_PAYMENT"),
    ];
    let mut sim = Sim::new().answer(&refused);
    sim.until_text("2027-02-28T12:00:00");
    assert_eq!(sim.status(), "past_due");
    let another_try = |sim: &mut Sim| {
        sim.until_text("2027-03-01T12:00:00");
    };
    // The charge, and its outcome.
    assert_eq!(after(&mut sim, another_try), (true, 2));

    let refused = [Pays, Says("INVALID_REJECT_CARD")];
    let mut sim = Sim::new().answer(&refused);
    sim.until_text("2027-02-28T12:00:00");
    let two_weeks = |sim: &mut Sim| {
        sim.until_text("2027-03-15T12:00:00");
    };
    // No access after a week, and unpaid after two.
    assert_eq!(after(&mut sim, two_weeks), (true, 2));
    assert_eq!(sim.status(), "unpaid");
    // A month after the refusal it ends.
    let the_end = |sim: &mut Sim| {
        sim.until_text("2027-03-31T12:00:00");
    };
    assert!(!after(&mut sim, the_end).0);
}

#[test]
fn what_is_owed_or_paid_and_what_somebody_asked_for_is_news() {
    let mut sim = Sim::new().answer(&[Pays, Unknown]);
    let renewal = |sim: &mut Sim| {
        sim.until_text("2027-02-28T12:00:00");
    };
    assert!(!after(&mut sim, renewal).0, "the next month is owed");
    let outcome = |sim: &mut Sim| {
        sim.settle(Pays);
        sim.run();
    };
    assert!(!after(&mut sim, outcome).0, "it is paid");

    let dearer = |sim: &mut Sim| {
        let request = ChangeRequest {
            price: Some(12_900),
            interval: None,
            when: When::NextPeriod,
            proration: Proration::None,
        };
        sim.command(|world, now| commands::change(world, &request, "1", false, now))
            .unwrap();
    };
    assert!(!after(&mut sim, dearer).0);
    let pause = |sim: &mut Sim| {
        sim.command(|world, now| commands::pause(world, At::PeriodEnd, None, now))
            .unwrap();
    };
    assert!(!after(&mut sim, pause).0);
    let begins = |sim: &mut Sim| {
        sim.until_text("2027-04-01T00:00:00");
    };
    assert!(!after(&mut sim, begins).0);
    assert_eq!(sim.status(), "paused");
    let cancel = |sim: &mut Sim| {
        sim.command(|world, now| commands::cancel(world, At::Now, CancelRefund::None, now))
            .unwrap();
    };
    assert!(!after(&mut sim, cancel).0);
    // Nobody has seen what is still to come, or what a row of an earlier version does not say.
    assert!(
        !sim.subscription
            .is_as_seen_in(sim.subscription.revision + 1)
    );
    sim.subscription.state.shown_since = None;
    assert!(sim.subscription.is_as_seen_in(sim.subscription.revision));
    assert!(
        !sim.subscription
            .is_as_seen_in(sim.subscription.revision - 1)
    );
}
