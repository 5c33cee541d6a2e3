//! Steps that are neither a new period nor the outcome of a charge.

use super::{Step, World, charge};
use crate::domain::{
    event::EventType,
    subscription::{
        SubscriptionStatus,
        calendar::{Day, Schedule},
        consent::needed,
        invoice::{InvoiceStatus, Trigger, VoidReason},
        notice,
        price::Left,
        state::{CancelRefund, EndReason, Ended, NoticeKind, RefundDue, SubscriptionState, Told},
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
    let event = step.tell(EventType::SubscriptionCanceled, now, world.rules);
    event.data["refundAmount"] = given_back.into();
    step
}

/// What goes back for the days of the paid period that are left.
pub fn refunds(state: &SubscriptionState, now: Millis) -> Vec<RefundDue> {
    let Some(paid) = &state.last_paid else {
        return Vec::new();
    };
    let left = Left::of(paid.period, Day::of(now));
    let parts = paid.parts.iter().map(|part| RefundDue {
        invoice_id: part.invoice_id.clone(),
        amount: left.given_back(part.amount),
    });
    parts.filter(|refund| refund.amount > 0).collect()
}

/// A refund was made, or cannot be: it is not due any more.
pub fn refunded(world: &World<'_>) -> Step {
    let mut step = Step::of(world.subscription);
    if !step.subscription.state.refunds.is_empty() {
        step.subscription.state.refunds.remove(0);
    }
    step
}

pub(super) fn unpaid(world: &World<'_>, now: Millis) -> Step {
    let mut step = Step::of(world.subscription);
    step.subscription.status = SubscriptionStatus::Unpaid;
    step.subscription.state.access_ended = true;
    step.tell(EventType::SubscriptionUnpaid, now, world.rules);
    step
}

pub(super) fn access_ends(world: &World<'_>, now: Millis) -> Step {
    let mut step = Step::of(world.subscription);
    step.subscription.state.access_ended = true;
    step.tell(EventType::SubscriptionAccessEnded, now, world.rules);
    step
}

pub(super) fn pause(world: &World<'_>, now: Millis) -> Step {
    let mut step = Step::of(world.subscription);
    step.subscription.status = SubscriptionStatus::Paused;
    step.tell(EventType::SubscriptionPaused, now, world.rules);
    step
}

/// It goes on: in the period that is paid, else with a charge now. `restart`: periods begin today.
pub fn resume(world: &World<'_>, restart: bool, now: Millis) -> Step {
    let mut step = Step::of(world.subscription);
    let today = Day::of(now);
    let state = &mut step.subscription.state;
    state.pause = None;
    let in_trial = state.trial_end.is_some_and(|end| now < end);
    let paid = state
        .last_paid
        .as_ref()
        .is_some_and(|paid| paid.period.start <= today && today < paid.period.end);
    if restart {
        state.schedule = Schedule {
            anchor: today,
            interval: state.schedule.interval,
            first_no: state.next_no,
        };
        state.at_once = Some(now);
    } else if !paid && !in_trial {
        state.next_no = state.next_no.max(state.schedule.no_on(today));
        if state.schedule.start(state.next_no) <= today {
            state.at_once = Some(now);
        }
    }
    step.subscription.status = if in_trial {
        SubscriptionStatus::Trialing
    } else {
        SubscriptionStatus::Active
    };
    step.tell(EventType::SubscriptionResumed, now, world.rules);
    step
}

/// The card or account cannot be charged any more.
pub(super) fn ask_for_method(world: &World<'_>, now: Millis) -> Step {
    let mut step = Step::of(world.subscription);
    step.subscription.state.asked_for_method = true;
    let event = step.tell(EventType::PaymentMethodActionRequired, now, world.rules);
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
    step.subscription.state.told.push(Told {
        kind,
        period_no: upcoming.period.no,
        price: upcoming.price,
    });
    if let Some(needed) = needed(&world.subscription.state, &upcoming) {
        let content = notice::content(kind, &step.subscription, &needed);
        let event = step.tell(EventType::NoticeDue, now, world.rules);
        event.data["notice"] = content;
    }
    step
}
