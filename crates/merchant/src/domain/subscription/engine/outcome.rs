//! The outcome of a charge.

use super::{Step, World};
use crate::domain::{
    attempt::AttemptStatus,
    event::EventType,
    subscription::{
        SubscriptionStatus,
        calendar::Day,
        dunning::{AfterDecline, Declines, Verdict},
        invoice::{Charge, Invoice, InvoiceKind, InvoiceStatus, Retry, Trigger, VoidReason},
        price::Terms,
        rules::CatchUp,
        state::{CancelRefund, ChangeWhen, LastPaid, PaidPart, Pending, SubscriptionState},
    },
    time::Millis,
};

/// Why somebody has to look at a subscription whose invoice is held.
const HELD: &str =
    "Toss refuses its charge because of the shop's settings; the customer is not dunned for that";

/// Acts on an outcome that nobody has acted on.
pub(super) fn read(world: &World<'_>, now: Millis) -> Option<Step> {
    let invoice = world.invoice?;
    // Also one that was thought to be refused: the money is there.
    if let Some(charge) = world.charges.iter().find(|charge| charge.took_money()) {
        return Some(paid(world, invoice, charge, now));
    }
    let last = world.charges.last()?;
    let news = last.no > invoice.state.seen && last.status == AttemptStatus::Declined;
    news.then(|| declined(world, invoice, last, now)).flatten()
}

fn paid(world: &World<'_>, invoice: &Invoice, charge: &Charge, now: Millis) -> Step {
    let mut step = Step::of(world.subscription);
    let at = charge.settled_at.unwrap_or(now);
    let mut new = invoice.clone();
    new.status = InvoiceStatus::Paid;
    new.paid_at = Some(at);
    new.state.retry = None;
    new.state.held_since = None;
    new.state.seen = world.charges.last().map_or(charge.no, |last| last.no);
    step.subscription.needs_attention = None;
    let part = PaidPart {
        invoice_id: invoice.id.clone(),
        amount: invoice.amount,
    };
    step.invoice = Some(new);
    match invoice.kind {
        InvoiceKind::Period => period_paid(&mut step, world, invoice, part, at, now),
        InvoiceKind::Proration => change_paid(&mut step, invoice, part, at, now),
    }
    step
}

fn period_paid(
    step: &mut Step,
    world: &World<'_>,
    invoice: &Invoice,
    part: PaidPart,
    at: Millis,
    now: Millis,
) {
    use SubscriptionStatus as S;
    let before = step.subscription.status;
    let state = &mut step.subscription.state;
    let first = state.begins(now);
    // Credit that paid a part came from payments before.
    let earlier = state
        .last_paid
        .take()
        .filter(|_| invoice.state.credit_used > 0);
    let earlier = earlier.map(|last| last.sources().cloned().collect());
    state.last_paid = Some(LastPaid {
        terms: Terms {
            price: invoice.state.price,
            interval: state.schedule.interval,
        },
        period: invoice.state.period,
        parts: vec![part],
        earlier: earlier.unwrap_or_default(),
        at,
    });
    state.free = false;
    state.past_due_since = None;
    state.access_ended = false;
    let today = Day::of(now);
    keep_what_was_paid(state, now);
    let kind = match before {
        S::PastDue | S::Unpaid => {
            // The periods that began meanwhile are not charged.
            if world.rules.catch_up == CatchUp::CurrentOnly {
                let current = state.schedule.no_on(today);
                state.next_no = state.next_no.max(current);
            }
            EventType::SubscriptionRecovered
        }
        _ if first => EventType::SubscriptionActivated,
        _ => EventType::SubscriptionRenewed,
    };
    if before != S::Paused {
        step.subscription.status = S::Active;
    }
    step.tell(kind);
}

/// Paid while a cancel was on its way: the customer has what they paid for.
fn keep_what_was_paid(state: &mut SubscriptionState, now: Millis) {
    let end = state.last_paid.as_ref().map(|paid| paid.period.end);
    if let (Some(cancel), Some(end)) = (state.cancel.as_mut(), end)
        && cancel.at <= now
        && cancel.refund == CancelRefund::None
        && end > Day::of(now)
    {
        cancel.at = end.at(std::time::Duration::ZERO);
    }
}

fn change_paid(step: &mut Step, invoice: &Invoice, part: PaidPart, at: Millis, now: Millis) {
    let state = &mut step.subscription.state;
    let of_this = |pending: &mut Pending| match &pending.when {
        ChangeWhen::Paid { invoice: of, .. } => *of == invoice.id,
        ChangeWhen::NextPeriod => false,
    };
    let Some(pending) = state.pending.take_if(of_this) else {
        return;
    };
    let new_period = match &pending.when {
        ChangeWhen::Paid { new_period, .. } => *new_period,
        ChangeWhen::NextPeriod => None,
    };
    state.change(&pending, new_period, Some(part), at);
    keep_what_was_paid(state, now);
    step.tell(EventType::SubscriptionChanged);
}

fn declined(world: &World<'_>, invoice: &Invoice, last: &Charge, now: Millis) -> Option<Step> {
    let rules = world.rules;
    let slot = rules.hours.slot(world.subscription.id.as_str());
    let declines = Declines::of(world.charges);
    let verdict = declines.verdict(now, slot, &rules.retry, |first| {
        rules.overdue.cancel_at(first)
    })?;
    let mut step = Step::of(world.subscription);
    let mut new = invoice.clone();
    new.state.seen = last.no;
    new.state.class = verdict.class;
    new.state.code.clone_from(&last.code);
    new.state.retry = None;
    if invoice.kind == InvoiceKind::Proration {
        return Some(change_failed(step, new));
    }
    if let AfterDecline::Hold(at) = verdict.next {
        let before = new.state.held_since.is_some();
        new.status = InvoiceStatus::Held;
        new.state.held_since.get_or_insert(now);
        new.state.retry = Some(retry(at));
        step.subscription.needs_attention = Some(HELD.to_owned());
        step.invoice = Some(new);
        if !before {
            step.tell(EventType::InvoiceHeld);
        }
        return Some(step);
    }
    release(&mut step, &mut new, now);
    if let AfterDecline::Retry(at) = verdict.next {
        new.state.retry = Some(retry(at));
    }
    Some(owe(step, new, &declines, verdict, now))
}

pub(super) fn change_failed(mut step: Step, mut invoice: Invoice) -> Step {
    invoice.void(VoidReason::Declined);
    // What the customer had asked for before still holds.
    let pending = &mut step.subscription.state.pending;
    *pending = pending.take().and_then(|failed| match failed.when {
        ChangeWhen::Paid { otherwise, .. } => otherwise.map(|it| *it),
        ChangeWhen::NextPeriod => None,
    });
    step.invoice = Some(invoice);
    step.tell(EventType::SubscriptionChangeFailed);
    step
}

/// Something is owed, and the card or account is of no use any more.
pub(super) fn nothing_to_charge(world: &World<'_>, now: Millis) -> Step {
    use SubscriptionStatus as S;
    let mut step = Step::of(world.subscription);
    let Some(mut invoice) = world.invoice.cloned() else {
        return step;
    };
    if invoice.kind == InvoiceKind::Proration {
        return change_failed(step, invoice);
    }
    release(&mut step, &mut invoice, now);
    invoice.state.retry = None;
    step.invoice = Some(invoice);
    if matches!(step.subscription.status, S::Active | S::Trialing) {
        step.subscription.status = S::PastDue;
        step.subscription.state.past_due_since = Some(now);
        step.tell(EventType::SubscriptionPastDue);
    }
    step
}

/// What a refusal by the customer's card or account comes to.
fn owe(
    mut step: Step,
    mut new: Invoice,
    declines: &Declines<'_>,
    verdict: Verdict,
    now: Millis,
) -> Step {
    use SubscriptionStatus as S;
    let status = step.subscription.status;
    if status == S::Incomplete && verdict.owed {
        // It has not begun, so nobody is dunned: the customer tries again, or it ends.
        new.state.retry = None;
    }
    step.invoice = Some(new);
    match status {
        S::Incomplete if verdict.owed => {
            step.tell(EventType::SubscriptionFirstChargeFailed);
        }
        S::Active | S::Trialing if verdict.owed => {
            step.subscription.status = S::PastDue;
            step.subscription.state.past_due_since = declines.first_at().or(Some(now));
            step.tell(EventType::SubscriptionPastDue);
        }
        _ => {}
    }
    let action = match verdict.next {
        AfterDecline::NewMethod => Some("new_method"),
        AfterDecline::CustomerActs => Some("customer_acts"),
        AfterDecline::Retry(_) | AfterDecline::UsedUp | AfterDecline::Hold(_) => None,
    };
    if let Some(action) = action
        && !step.subscription.state.asked_for_method
    {
        step.subscription.state.asked_for_method = true;
        let event = step.tell(EventType::PaymentMethodActionRequired);
        event.data["action"] = action.into();
    }
    step
}

/// The settings are right again: the customer's time goes on where it stood.
fn release(step: &mut Step, invoice: &mut Invoice, now: Millis) {
    let Some(since) = invoice.state.held_since.take() else {
        return;
    };
    invoice.status = InvoiceStatus::Open;
    step.subscription.needs_attention = None;
    if let Some(past_due) = step.subscription.state.past_due_since.as_mut() {
        *past_due = past_due.plus(now.since(since));
    }
}

fn retry(at: Millis) -> Retry {
    Retry {
        at,
        trigger: Trigger::Retry,
    }
}
