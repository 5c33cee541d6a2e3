use super::*;
use crate::domain::subscription::{commands, state::EndReason};
use Answer::{Pays, Says, Unknown};

const SOFT: Answer = Says("REJECT_CARD_PAYMENT");

fn renewal(answers: &[Answer]) -> Sim {
    let mut all = vec![Pays];
    all.extend(answers);
    let mut sim = Sim::new().answer(&all);
    sim.run();
    sim
}

fn dates(sim: &Sim) -> Vec<String> {
    sim.asked().into_iter().skip(1).map(|(at, _)| at).collect()
}

/// Rows 6 and 18: manual tries ate the budget of retries elsewhere, and an off-by-one ended one early.
#[test]
fn every_step_of_dunning_has_its_exact_date() {
    let mut sim = renewal(&[SOFT; 9]);
    sim.until_text("2027-02-28T10:00:00");
    assert_eq!((sim.status(), sim.entitled()), ("past_due", true));
    sim.until_text("2027-04-30T00:00:00");
    assert_eq!(
        dates(&sim),
        [
            "2027-02-28T09:00",
            "2027-03-01T09:00",
            "2027-03-03T09:00",
            "2027-03-06T09:00",
            "2027-03-13T09:00",
        ]
    );
    let steps: Vec<(String, String)> = sim.events[1..]
        .iter()
        .map(|(at, kind)| (minute(*at), kind.to_string()))
        .collect();
    let step = |at: &str, kind: &str| (at.to_owned(), kind.to_owned());
    assert_eq!(
        steps,
        [
            step("2027-02-28T09:00", "subscription.past_due"),
            step("2027-03-07T09:00", "subscription.access_ended"),
            step("2027-03-14T09:00", "subscription.unpaid"),
            step("2027-03-30T09:00", "subscription.canceled"),
        ]
    );
    let statuses: Vec<&str> = sim.invoices.values().map(|it| it.status.as_str()).collect();
    assert!(statuses.contains(&"uncollectible"), "{statuses:?}");
}

#[test]
fn what_the_customer_tries_does_not_use_up_the_planned_tries() {
    let mut sim = renewal(&[SOFT; 9]);
    sim.until_text("2027-02-28T12:00:00");
    for _ in 0..3 {
        sim.command(commands::pay_now).unwrap();
    }
    sim.until_text("2027-03-20T00:00:00");
    let planned: Vec<String> = dates(&sim)
        .into_iter()
        .filter(|at| at.ends_with("09:00"))
        .collect();
    assert_eq!(planned.len(), 5, "{planned:?}");
    assert_eq!(planned[4], "2027-03-13T09:00");
}

/// Row 7: "renewed" and "failed" for one renewal.
#[test]
fn every_renewal_has_exactly_one_outcome_event_after_the_outcome() {
    let mut sim = renewal(&[SOFT, SOFT, Pays, Pays, Says("PROVIDER_ERROR"), Pays]);
    sim.until_text("2027-05-20T00:00:00");
    assert_eq!(
        sim.told(),
        [
            "subscription.activated",
            "subscription.past_due",
            "subscription.recovered",
            "subscription.renewed",
            // A fault that was over in ten minutes concerns nobody.
            "subscription.renewed",
        ]
    );
    assert_eq!(dates(&sim)[4..], ["2027-04-30T09:00", "2027-04-30T09:10"]);
}

/// Row 8: dunning began for a deleted card.
#[test]
fn a_card_that_is_deleted_during_dunning_is_not_charged_and_the_new_one_is_at_once() {
    let mut sim = renewal(&[SOFT]);
    sim.until_text("2027-02-28T12:00:00");
    sim.chargeable = false;
    sim.until_text("2027-03-05T12:00:00");
    assert_eq!(dates(&sim).len(), 1);
    assert_eq!(sim.told().last().unwrap(), "payment_method.action_required");
    assert!(sim.command(commands::pay_now).is_err());
    sim.chargeable = true;
    let (method, shop) = (PaymentMethodId::new("pm_2"), ShopId::new("shop_2"));
    sim.command(|world, now| commands::replace_method(world, &method, &shop, now))
        .unwrap();
    assert_eq!(dates(&sim)[1..], ["2027-03-05T12:00"]);
    assert_eq!(sim.status(), "active");
    assert_eq!(
        sim.charges.last().unwrap().1.trigger,
        Trigger::MethodChanged
    );
    sim.until_text("2027-03-31T10:00:00");
    assert_eq!(dates(&sim).last().unwrap(), "2027-03-31T09:00");
}

#[test]
fn a_card_that_is_gone_before_a_renewal_is_asked_for_and_the_overdue_days_run() {
    let mut sim = renewal(&[]);
    sim.chargeable = false;
    sim.until_text("2027-02-28T10:00:00");
    assert_eq!((sim.status(), dates(&sim).len()), ("past_due", 0));
    sim.until_text("2027-04-10T00:00:00");
    assert_eq!(sim.status(), "canceled");
    assert_eq!(
        sim.told()[1..],
        [
            "payment_method.action_required",
            "subscription.past_due",
            "subscription.access_ended",
            "subscription.unpaid",
            "subscription.canceled"
        ]
    );
}

/// Row 1: a manual payment while nobody knew, and both were paid.
#[test]
fn nobody_pays_while_the_outcome_of_a_charge_is_unknown() {
    let mut sim = renewal(&[Unknown]);
    sim.until_text("2027-02-28T12:00:00");
    assert_eq!(sim.command(commands::pay_now), Err(Refusal::UnderWay));
    sim.until_text("2027-03-01T12:00:00");
    assert_eq!(dates(&sim).len(), 1);
    sim.settle(Pays);
    sim.run();
    assert_eq!((sim.status(), sim.told().len()), ("active", 2));
}

/// Row 2: the retry was not planned when an unknown turned out to be refused.
#[test]
fn an_unknown_that_turns_out_to_be_refused_is_tried_again() {
    let mut sim = renewal(&[Unknown]);
    sim.until_text("2027-03-02T12:00:00");
    sim.settle(SOFT);
    assert_eq!(sim.next_at(), "2027-03-03T09:00");
    assert_eq!(sim.status(), "past_due");
}

/// Row 28: after a site change every old customer was refused; nobody may be dunned for it.
#[test]
fn what_the_merchant_got_wrong_holds_the_invoice_and_duns_nobody() {
    let mut sim = renewal(&[Says("NOT_MATCHES_CUSTOMER_KEY"); 40]);
    sim.until_text("2027-03-25T12:00:00");
    assert_eq!((sim.status(), sim.entitled()), ("active", true));
    assert_eq!(sim.told()[1..], ["invoice.held"]);
    assert_eq!(sim.owed().unwrap().status, InvoiceStatus::Held);
    assert!(sim.subscription.needs_attention.is_some());
    sim.answers.clear();
    sim.resumed_at = Some(sim.now);
    sim.run();
    assert_eq!(
        (sim.status(), sim.told().last().unwrap().as_str()),
        ("active", "subscription.renewed")
    );
    assert_eq!(sim.subscription.needs_attention, None);
}

#[test]
fn the_customers_time_stands_still_while_an_invoice_is_held() {
    let mut answers = vec![SOFT];
    answers.extend([Says("UNAUTHORIZED_KEY"); 10]);
    answers.extend([SOFT; 9]);
    let mut sim = renewal(&answers);
    sim.until_text("2027-05-20T00:00:00");
    let ended = sim.events.last().unwrap();
    assert_eq!(ended.1, EventType::SubscriptionCanceled);
    // Ten days held: thirty days become forty.
    assert_eq!(minute(ended.0), "2027-04-09T09:00");
}

#[test]
fn while_a_shops_charges_are_stopped_nothing_is_charged() {
    let mut sim = renewal(&[]);
    sim.stopped_until = Some(at("2027-03-04T15:00:00"));
    sim.until_text("2027-03-03T00:00:00");
    assert_eq!((sim.asked().len(), sim.status()), (1, "active"));
    sim.until_text("2027-03-05T00:00:00");
    assert_eq!(dates(&sim), ["2027-03-04T15:00"]);
}

#[test]
fn while_charges_are_stopped_what_was_refused_before_lets_others_find_out() {
    let mut sim = renewal(&[Says("NOT_MATCHES_CUSTOMER_KEY"); 40]);
    sim.until_text("2027-02-28T09:30:00");
    sim.stopped_until = Some(at("2027-02-28T10:00:00"));
    assert_eq!(sim.next_at(), "2027-02-28T10:01");
}

/// An operator has closed it: the customer's card was not even asked.
#[test]
fn a_charge_that_was_not_carried_out_is_made_the_next_day_and_duns_nobody() {
    let mut sim = renewal(&[Says("CHECKOUT_NOT_CARRIED_OUT"), Pays]);
    sim.until_text("2027-02-28T12:00:00");
    assert_eq!((sim.status(), sim.entitled()), ("active", true));
    sim.until_text("2027-03-02T00:00:00");
    assert_eq!(dates(&sim), ["2027-02-28T09:00", "2027-03-01T09:00"]);
    assert_eq!(sim.told()[1..], ["subscription.renewed"]);
}

#[test]
fn every_class_has_its_own_pace() {
    for (code, second, action) in [
        ("REJECT_CARD_COMPANY", Some("2027-03-03T09:00"), false),
        (
            "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
            Some("2027-03-01T10:00"),
            false,
        ),
        (
            "RESTRICTED_TRANSFER_ACCOUNT",
            Some("2027-02-28T21:00"),
            false,
        ),
        ("NOT_AVAILABLE_BANK", Some("2027-03-01T09:00"), false),
        ("PROVIDER_ERROR", Some("2027-02-28T09:10"), false),
        ("INVALID_STOPPED_CARD", None, true),
        ("INVALID_REJECT_CARD", None, true),
        ("ADDED_IN_2027", Some("2027-03-01T09:00"), false),
    ] {
        let mut sim = renewal(&[Says(code)]);
        sim.until_text("2027-03-05T00:00:00");
        assert_eq!(dates(&sim).get(1).map(String::as_str), second, "{code}");
        assert_eq!(
            sim.told()
                .contains(&"payment_method.action_required".to_owned()),
            action,
            "{code}"
        );
    }
}

#[test]
fn few_tries_end_in_a_request_for_another_card() {
    let mut sim = renewal(&[Says("REJECT_CARD_COMPANY"); 9]);
    sim.until_text("2027-03-27T00:00:00");
    assert_eq!(
        dates(&sim),
        ["2027-02-28T09:00", "2027-03-03T09:00", "2027-03-06T09:00"]
    );
    assert!(
        sim.told()
            .contains(&"payment_method.action_required".to_owned())
    );
}

#[test]
fn faults_that_last_are_dunned_like_refusals_in_the_end() {
    let mut sim = renewal(&[Says("PROVIDER_ERROR"); 12]);
    sim.until_text("2027-03-01T08:00:00");
    assert_eq!(
        dates(&sim),
        [
            "2027-02-28T09:00",
            "2027-02-28T09:10",
            "2027-02-28T10:10",
            "2027-02-28T16:10"
        ]
    );
    assert_eq!(sim.status(), "active");
    sim.until_text("2027-03-20T00:00:00");
    assert_eq!(
        dates(&sim)[4..],
        [
            "2027-03-01T16:10",
            "2027-03-03T09:00",
            "2027-03-06T09:00",
            "2027-03-13T09:00"
        ]
    );
    assert_eq!(sim.status(), "unpaid");
}

#[test]
fn a_first_charge_that_is_refused_begins_nothing() {
    let mut sim = Sim::new().answer(&[SOFT, SOFT]);
    sim.run();
    assert_eq!((sim.status(), sim.entitled()), ("incomplete", false));
    sim.now = sim.now.plus(Duration::from_hours(1));
    sim.command(commands::pay_now).unwrap();
    assert_eq!(sim.asked().len(), 2);
    sim.now = sim.now.plus(Duration::from_hours(1));
    sim.command(commands::pay_now).unwrap();
    assert_eq!((sim.status(), sim.entitled()), ("active", true));

    let mut sim = Sim::new().answer(&[SOFT]);
    sim.until_text("2027-02-03T00:00:00");
    assert_eq!((sim.status(), sim.asked().len()), ("canceled", 1));
    assert_eq!(
        sim.subscription.state.ended.as_ref().unwrap().reason,
        EndReason::NeverPaid
    );
}

/// Row 19 of "surplus": a refused charge turns out to be paid.
#[test]
fn a_charge_that_was_refused_and_is_paid_all_the_same_pays_the_invoice() {
    let mut sim = renewal(&[SOFT]);
    sim.until_text("2027-02-28T12:00:00");
    sim.charges.last_mut().unwrap().1.status = AttemptStatus::Surplus;
    sim.until_text("2027-03-10T00:00:00");
    assert_eq!((sim.status(), dates(&sim).len()), ("active", 1));
}
