//! A period begins: its invoice, and the charge that is to pay it.

use super::{Step, World, charge};
use crate::domain::{
    event::EventType,
    subscription::{
        SubscriptionStatus,
        calendar::Day,
        consent::{ConsentKind, Needed, is_given, needed},
        invoice::{
            Invoice, InvoiceKind, InvoiceState, InvoiceStatus, Line, LineKind, Trigger, VoidReason,
        },
        names::period_invoice,
        price::{Left, due, with_credit},
        rules::{CatchUp, ConsentRule, OnMissingConsent},
        state::{ChangeWhen, LastPaid, Pending, Upcoming},
    },
    time::Millis,
};

/// The next charge of a subscription that waits: for the period in which it goes on.
pub(in crate::domain::subscription) fn current(world: &World<'_>, now: Millis) -> Upcoming {
    let mut state = world.subscription.state.clone();
    let today = Day::of(now);
    let (id, rules) = (&world.subscription.id, world.rules);
    if state.upcoming(id, rules).period.end <= today {
        state.next_no = state.next_no.max(state.schedule.no_on(today));
    }
    state.upcoming(id, rules)
}

/// The consent that is missing for a charge now; `None`: it may be made.
pub(super) fn gate(world: &World<'_>, upcoming: &Upcoming, now: Millis) -> Option<Needed> {
    if world.rules.consent == ConsentRule::Off {
        return None;
    }
    needed(&world.subscription.state, upcoming)
        .filter(|needed| !is_given(world.consents, needed, now))
}

pub(super) fn begin(world: &World<'_>, now: Millis) -> Step {
    let waited = world.subscription.status == SubscriptionStatus::AwaitingConsent;
    let mut upcoming = if waited {
        current(world, now)
    } else {
        let subscription = world.subscription;
        subscription.state.upcoming(&subscription.id, world.rules)
    };
    if is_missed(world, &upcoming, now) {
        return missed(world, &upcoming, now);
    }
    let mut step = Step::of(world.subscription);
    if let Some(needed) = gate(world, &upcoming, now) {
        if !keeps_the_old_price(world, &needed) {
            return wait_for_consent(step, &needed, now);
        }
        upcoming.price = needed.before.price;
        let state = &mut step.subscription.state;
        state.price = needed.before.price;
        state.phases.clear();
        state.pending = None;
        let event = step.tell(EventType::SubscriptionChangeFailed);
        event.data["reason"] = "no_consent".into();
    }
    let rest = world
        .subscription
        .state
        .rest_from
        .map(|day| Left::of(upcoming.period, day));
    enter(&mut step, &upcoming);
    invoice(step, world, &upcoming, rest, now)
}

fn keeps_the_old_price(world: &World<'_>, needed: &Needed) -> bool {
    world.rules.on_missing_consent == OnMissingConsent::KeepOldPrice
        && needed.kind == ConsentKind::PriceIncrease
        && needed.before.interval == needed.after.interval
        && needed.before.price > 0
}

/// Whether a period went by while nobody worked: it is not charged.
pub(super) fn is_missed(world: &World<'_>, upcoming: &Upcoming, now: Millis) -> bool {
    world.rules.catch_up == CatchUp::CurrentOnly && upcoming.period.end <= Day::of(now)
}

fn missed(world: &World<'_>, upcoming: &Upcoming, now: Millis) -> Step {
    let mut step = Step::of(world.subscription);
    enter(&mut step, upcoming);
    let mut invoice = new_invoice(&step, upcoming, None, 0, now);
    invoice.void(VoidReason::Missed);
    step.new_invoice = Some(invoice);
    step.tell(EventType::SubscriptionPeriodMissed);
    step
}

fn wait_for_consent(mut step: Step, needed: &Needed, now: Millis) -> Step {
    step.subscription.status = SubscriptionStatus::AwaitingConsent;
    step.subscription.state.awaiting_since = Some(now);
    // Once the customer agrees, nobody waits for the next morning.
    step.subscription.state.at_once = Some(now);
    let event = step.tell(EventType::SubscriptionAwaitingConsent);
    event.data["consentNeeded"] = serde_json::json!(needed);
    step
}

/// The subscription is in the period from now on, by the terms that were to hold from it on.
fn enter(step: &mut Step, upcoming: &Upcoming) {
    let state = &mut step.subscription.state;
    state.schedule = upcoming.schedule;
    state.period = Some(upcoming.period);
    state.next_no = upcoming.period.no.saturating_add(1);
    state.at_once = None;
    state.rest_from = None;
    state.awaiting_since = None;
    state.told.clear();
    let next_period = |pending: &Pending| pending.when == ChangeWhen::NextPeriod;
    if let Some(pending) = state.pending.take_if(|pending| next_period(pending)) {
        state.price = pending.terms.price;
        state.phases.clear();
        step.tell(EventType::SubscriptionChanged);
    }
}

/// `rest`: the days of the period that are left, when only those are charged.
fn new_invoice(
    step: &Step,
    upcoming: &Upcoming,
    rest: Option<Left>,
    minimum: u64,
    now: Millis,
) -> Invoice {
    let subscription = &step.subscription;
    let price = upcoming.price;
    let due = due(price, rest, minimum);
    let (amount, credit_used) = with_credit(due, subscription.state.credit, minimum);
    let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let mut lines = vec![Line {
        kind: LineKind::Price,
        amount: signed(price),
    }];
    if due < price {
        lines.push(Line {
            kind: LineKind::Proration,
            amount: signed(due) - signed(price),
        });
    }
    if credit_used > 0 {
        lines.push(Line {
            kind: LineKind::Credit,
            amount: -signed(credit_used),
        });
    }
    Invoice {
        id: period_invoice(&subscription.id, upcoming.period.no),
        subscription_id: subscription.id.clone(),
        kind: InvoiceKind::Period,
        period_no: upcoming.period.no,
        request_key: None,
        amount,
        status: InvoiceStatus::Open,
        state: InvoiceState {
            period: upcoming.period,
            price,
            lines,
            seen: 0,
            retry: None,
            held_since: None,
            class: None,
            code: None,
            reason: None,
            credit_used,
        },
        created_at: now,
        paid_at: None,
    }
}

fn invoice(
    mut step: Step,
    world: &World<'_>,
    upcoming: &Upcoming,
    rest: Option<Left>,
    now: Millis,
) -> Step {
    use SubscriptionStatus as S;
    let mut invoice = new_invoice(&step, upcoming, rest, world.minimum, now);
    step.subscription.state.credit -= invoice.state.credit_used;
    let before = step.subscription.status;
    if before == S::AwaitingConsent {
        step.subscription.status = S::Active;
    }
    if invoice.amount == 0 {
        invoice.status = InvoiceStatus::Paid;
        invoice.paid_at = Some(now);
        return without_a_charge(step, invoice, upcoming, now);
    }
    if world.chargeable {
        let trigger = if before == S::Incomplete {
            Trigger::First
        } else {
            Trigger::Schedule
        };
        step.charge = charge(&invoice, 1, trigger);
        step.new_invoice = Some(invoice);
        return step;
    }
    step.new_invoice = Some(invoice);
    if before != S::Incomplete {
        step.subscription.status = S::PastDue;
        step.subscription.state.past_due_since = Some(now);
        step.tell(EventType::SubscriptionPastDue);
    }
    step
}

/// Free, or paid by credit.
fn without_a_charge(mut step: Step, invoice: Invoice, upcoming: &Upcoming, now: Millis) -> Step {
    let state = &mut step.subscription.state;
    let first = state.begins(now);
    if upcoming.price == 0 {
        state.free = true;
    } else {
        state.free = false;
        let earlier = state.last_paid.take();
        state.last_paid = Some(LastPaid {
            terms: upcoming.terms(),
            period: upcoming.period,
            parts: Vec::new(),
            earlier: earlier.map_or_else(Vec::new, |last| last.sources().cloned().collect()),
            at: now,
        });
    }
    step.subscription.status = SubscriptionStatus::Active;
    step.new_invoice = Some(invoice);
    let kind = if first {
        EventType::SubscriptionActivated
    } else {
        EventType::SubscriptionRenewed
    };
    step.tell(kind);
    step
}
