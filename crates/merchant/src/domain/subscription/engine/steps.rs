//! Steps that are neither a new period nor the outcome of a charge.

use super::{Step, World, charge, outcome::change_failed};
use crate::domain::{
    event::EventType,
    subscription::{
        SubscriptionStatus,
        calendar::{Day, Schedule},
        consent::needed,
        invoice::{InvoiceKind, InvoiceStatus, Retry, Trigger, VoidReason},
        notice::Notice,
        rules::{first_day_after, next_time},
        state::{
            CancelRefund, EndReason, Ended, GivenNotice, NoticeKind, RefundDue, SubscriptionState,
        },
    },
    time::Millis,
};

/// It is over. What is owed is owed no more.
pub(super) fn cancel(world: &World<'_>, reason: EndReason, now: Millis) -> Step {
    let mut step = Step::of(world.subscription);
    if let Some(invoice) = world.invoice {
        let mut invoice = invoice.clone();
        invoice.void(VoidReason::Canceled);
        if reason == EndReason::Unpaid {
            invoice.status = InvoiceStatus::Uncollectible;
        }
        step.invoice = Some(invoice);
    }
    let state = &mut step.subscription.state;
    let asked = state
        .cancel
        .filter(|cancel| reason == EndReason::Requested && cancel.at <= now);
    if asked.is_some_and(|cancel| cancel.refund == CancelRefund::Prorated) {
        state.refunds = refunds(state, now);
        // It is among what goes back.
        state.credit = 0;
    }
    state.ended = Some(Ended { at: now, reason });
    state.pending = None;
    state.pause = None;
    step.subscription.status = SubscriptionStatus::Canceled;
    step.subscription.needs_attention = None;
    let given_back: u64 = step
        .subscription
        .state
        .refunds
        .iter()
        .map(|it| it.amount)
        .sum();
    let event = step.tell(EventType::SubscriptionCanceled);
    event.data["refundAmount"] = given_back.into();
    step
}

/// What goes back: for the days of the paid period that are left, and unspent credit.
pub fn refunds(state: &SubscriptionState, now: Millis) -> Vec<RefundDue> {
    let Some(paid) = &state.last_paid else {
        return Vec::new();
    };
    // Credit that nobody can use any more is the customer's money, too.
    let mut left = paid.worth(Day::of(now)) + state.credit;
    let newest_first = paid.sources().rev().map(|part| {
        let amount = part.amount.min(left);
        left -= amount;
        RefundDue {
            invoice_id: part.invoice_id.clone(),
            amount,
        }
    });
    newest_first.filter(|refund| refund.amount > 0).collect()
}

/// A refund was made, or with a `problem` it cannot be: it is not due any more.
pub fn refunded(world: &World<'_>, due: &RefundDue, problem: Option<&str>) -> Step {
    let mut step = Step::of(world.subscription);
    let refunds = &mut step.subscription.state.refunds;
    if let Some(at) = refunds.iter().position(|it| it == due) {
        refunds.remove(at);
    }
    if let Some(problem) = problem {
        step.subscription.needs_attention = Some(problem.to_owned());
        let event = step.tell(EventType::AttentionNeeded);
        event.data["reason"] = problem.into();
        event.data["invoiceId"] = due.invoice_id.to_string().into();
        event.data["refundAmount"] = due.amount.into();
    }
    step
}

/// The charge of a step cannot be sent, and the merchant's settings are at fault: its invoice is held, and
/// nobody is dunned. A change does not happen.
pub fn hold(world: &World<'_>, mut step: Step, reason: &str, now: Millis) -> Step {
    let Some(charge) = step.charge.take() else {
        return step;
    };
    let slot = world.rules.hours.slot(world.subscription.id.as_str());
    let Some(mut invoice) = step.new_invoice.take().or_else(|| step.invoice.take()) else {
        return step;
    };
    if invoice.kind == InvoiceKind::Proration {
        return change_failed(step, invoice);
    }
    let before = invoice.state.held_since.is_some();
    invoice.status = InvoiceStatus::Held;
    invoice.state.held_since.get_or_insert(now);
    invoice.state.retry = Some(Retry {
        at: next_time(now, slot),
        // What an operator asked for was tried.
        trigger: match charge.trigger {
            Trigger::Operator => Trigger::Retry,
            trigger => trigger,
        },
    });
    step.subscription.needs_attention = Some(reason.to_owned());
    if world.invoice.is_some() {
        step.invoice = Some(invoice);
    } else {
        step.new_invoice = Some(invoice);
    }
    if !before {
        step.tell(EventType::InvoiceHeld);
    }
    step
}

pub(super) fn unpaid(world: &World<'_>) -> Step {
    let mut step = Step::of(world.subscription);
    step.subscription.status = SubscriptionStatus::Unpaid;
    step.subscription.state.access_ended = true;
    step.tell(EventType::SubscriptionUnpaid);
    step
}

pub(super) fn access_ends(world: &World<'_>) -> Step {
    let mut step = Step::of(world.subscription);
    step.subscription.state.access_ended = true;
    step.tell(EventType::SubscriptionAccessEnded);
    step
}

pub(super) fn pause(world: &World<'_>) -> Step {
    let mut step = Step::of(world.subscription);
    step.subscription.status = SubscriptionStatus::Paused;
    step.tell(EventType::SubscriptionPaused);
    step
}

/// Whether a day is paid for.
pub fn is_paid_on(state: &SubscriptionState, day: Day) -> bool {
    let paid = state.last_paid.as_ref();
    paid.is_some_and(|paid| paid.period.contains(day))
}

/// It goes on: in the period that is paid, else with a charge now. `restart`: periods begin today.
pub fn resume(world: &World<'_>, restart: bool, now: Millis) -> Step {
    let mut step = Step::of(world.subscription);
    let today = Day::of(now);
    let slot = world.rules.hours.slot(world.subscription.id.as_str());
    let state = &mut step.subscription.state;
    state.pause = None;
    let trial_end = state.trial_end.filter(|end| now < *end);
    let in_trial = trial_end.is_some();
    if restart {
        let anchor = trial_end.map_or(today, |end| first_day_after(end, slot));
        state.schedule = Schedule {
            anchor,
            interval: state.schedule.interval,
            first_no: state.next_no,
        };
        state.at_once = (!in_trial).then_some(now);
    } else if !in_trial && !is_paid_on(state, today) {
        state.next_no = state.next_no.max(state.schedule.no_on(today));
        let start = state.schedule.start(state.next_no);
        if start <= today {
            state.at_once = Some(now);
            state.rest_from = (start < today).then_some(today);
        }
    }
    step.subscription.status = if in_trial {
        SubscriptionStatus::Trialing
    } else {
        SubscriptionStatus::Active
    };
    step.tell(EventType::SubscriptionResumed);
    step
}

/// The card or account cannot be charged any more.
pub(super) fn ask_for_method(world: &World<'_>) -> Step {
    let mut step = Step::of(world.subscription);
    step.subscription.state.asked_for_method = true;
    let event = step.tell(EventType::PaymentMethodActionRequired);
    event.data["action"] = "new_method".into();
    step
}

/// Another charge for what is owed.
pub(super) fn charge_again(world: &World<'_>, trigger: Trigger) -> Step {
    let mut step = Step::of(world.subscription);
    if let Some(owed) = world.invoice {
        let mut invoice = owed.clone();
        invoice.state.retry = None;
        let no = world
            .charges
            .iter()
            .map(|charge| charge.no)
            .max()
            .unwrap_or(0)
            + 1;
        // The first charge for a period that began without a card to charge is no retry.
        let trigger = if no == 1 && trigger == Trigger::Retry {
            Trigger::Schedule
        } else {
            trigger
        };
        step.charge = charge(&invoice, no, trigger);
        step.invoice = Some(invoice);
    }
    step
}

/// A notice is due.
pub(super) fn tell(world: &World<'_>, kind: NoticeKind, now: Millis) -> Step {
    let mut step = Step::of(world.subscription);
    let upcoming = world
        .subscription
        .state
        .upcoming(&world.subscription.id, world.rules);
    step.subscription.state.told.push(GivenNotice {
        kind,
        period_no: upcoming.period.no,
        price: upcoming.price,
    });
    if let Some(needed) = needed(&world.subscription.state, &upcoming) {
        let notice = Notice::new(kind, &step.subscription, &needed, now);
        step.tell(EventType::NoticeDue).data["notice"] = notice.data();
        step.notice = Some(notice);
    }
    step
}
