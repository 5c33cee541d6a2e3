//! What comes due of a subscription, and when.

use std::time::Duration;

use super::{World, renew};
use crate::domain::{
    subscription::{
        SubscriptionStatus,
        consent::{is_given, needed},
        invoice::{InvoiceKind, InvoiceStatus, Trigger},
        notice,
        rules::ConsentRule,
        state::{GivenNotice, NoticeKind, Upcoming},
    },
    time::{Millis, millis},
};

/// While charges are stopped, what was held waits so much longer for each time that it was tried,
const TRIED: Duration = Duration::from_mins(1);
/// but not beyond the next try.
const MOST_TRIED: u32 = 10;

/// Something that comes due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Cancel,
    NeverPaid,
    GiveUp,
    Unpaid,
    AccessEnds,
    Pause,
    Resume,
    NoConsent,
    AskForMethod,
    NothingToCharge,
    Charge(Trigger),
    Period,
    Notice(NoticeKind),
}

/// Everything that comes due, the more urgent first where moments are the same.
pub(super) fn dues(world: &World<'_>, now: Millis) -> Vec<(Millis, Due)> {
    use SubscriptionStatus as S;
    let subscription = world.subscription;
    let (state, rules) = (&subscription.state, world.rules);
    let status = subscription.status;
    let mut dues = Vec::new();
    if status == S::Canceled {
        return dues;
    }
    if let Some(cancel) = state.cancel {
        dues.push((cancel.at, Due::Cancel));
    }
    if status == S::Incomplete {
        dues.push((
            subscription.created_at.plus(rules.incomplete),
            Due::NeverPaid,
        ));
    }
    let held = world
        .invoice
        .is_some_and(|invoice| invoice.status == InvoiceStatus::Held);
    // While the merchant's settings are at fault, the customer's time stands still.
    if let Some(since) = state
        .past_due_since
        .filter(|_| subscription.is_overdue() && !held)
    {
        dues.push((rules.overdue.cancel_at(since), Due::GiveUp));
        if status == S::PastDue {
            dues.push((rules.overdue.unpaid_at(since), Due::Unpaid));
            if !state.access_ended {
                dues.push((rules.overdue.access_ends(since), Due::AccessEnds));
            }
        }
    }
    match (status, state.pause) {
        (S::Paused, Some(pause)) => dues.extend(pause.resume_at.map(|at| (at, Due::Resume))),
        (S::Active | S::Trialing, Some(pause)) if world.invoice.is_none() => {
            dues.push((pause.at, Due::Pause));
        }
        _ => {}
    }
    if let Some(since) = state
        .awaiting_since
        .filter(|_| status == S::AwaitingConsent)
    {
        dues.push((since.plus(rules.consent_wait), Due::NoConsent));
    }
    if !world.chargeable && !state.asked_for_method && status != S::Paused {
        dues.push((now, Due::AskForMethod));
    }
    // What cannot be charged is owed, whoever was at fault before; a change of it does not happen.
    let waits = held
        || matches!(status, S::Active | S::Trialing)
        || world
            .invoice
            .is_some_and(|invoice| invoice.kind == InvoiceKind::Proration);
    if !world.chargeable && world.invoice.is_some() && waits && status != S::Incomplete {
        dues.push((now, Due::NothingToCharge));
    }
    let stopped = world.stopped_until.unwrap_or(Millis(0));
    if let Some(retry) = world.invoice.and_then(|invoice| invoice.state.retry)
        && world.chargeable
    {
        // What was held is tried as soon as the settings are right again. One charge finds that out: of what
        // was tried seldom, if there is any, since the others may be refused for a reason of their own.
        let last = world.charges.last().and_then(|charge| charge.settled_at);
        let resumed = world.resumed_at.filter(|at| last < Some(*at));
        let tried = u32::try_from(world.charges.len()).unwrap_or(u32::MAX);
        let behind = TRIED * tried.min(MOST_TRIED);
        let probe = world.stopped_until.map(|until| until.plus(behind));
        let sooner = probe.or(resumed).filter(|_| held);
        let at = sooner.map_or(retry.at, |sooner| sooner.min(retry.at));
        let first = match retry.trigger {
            // The operator says that the settings are right: this one finds out.
            Trigger::Operator => retry.at,
            _ => probe.filter(|_| held).unwrap_or(stopped),
        };
        dues.push((at.max(first), Due::Charge(retry.trigger)));
    }
    if world.invoice.is_none() {
        periods(world, stopped, now, &mut dues);
    }
    dues
}

/// The next period, and what has to be told before.
fn periods(world: &World<'_>, stopped: Millis, now: Millis, dues: &mut Vec<(Millis, Due)>) {
    use SubscriptionStatus as S;
    let subscription = world.subscription;
    let state = &subscription.state;
    let upcoming = state.upcoming(&subscription.id, world.rules);
    let ends_before = state.cancel.is_some_and(|cancel| cancel.at <= upcoming.at);
    let pauses_before = state.pause.is_some_and(|pause| pause.at <= upcoming.at);
    if ends_before || pauses_before {
        return;
    }
    match subscription.status {
        S::Trialing | S::Active => {}
        S::Incomplete if state.period.is_none() => {}
        S::AwaitingConsent => {
            // It goes on as soon as the customer agrees.
            let current = renew::current(world, now);
            if renew::gate(world, &current, now).is_none() {
                dues.push((current.at.max(stopped), Due::Period));
            }
            return;
        }
        _ => return,
    }
    dues.push((upcoming.at.max(stopped), Due::Period));
    // Nobody is told of a charge that will not be made.
    if !renew::is_missed(world, &upcoming, now) {
        dues.extend(
            notices(world, &upcoming, now)
                .into_iter()
                .map(|(at, kind)| (at, Due::Notice(kind))),
        );
    }
}

/// The notices about a charge that were not given.
fn notices(world: &World<'_>, upcoming: &Upcoming, now: Millis) -> Vec<(Millis, NoticeKind)> {
    let state = &world.subscription.state;
    let Some(needed) = needed(state, upcoming) else {
        return Vec::new();
    };
    let mut notices = vec![(
        Millis(upcoming.at.0 - millis(notice::BEFORE)),
        notice::before(needed.kind),
    )];
    // The cards' rules want the notice also where nobody's consent is waited for.
    let asks = world.rules.consent == ConsentRule::Required;
    if asks && !is_given(world.consents, &needed, upcoming.at.max(now)) {
        notices.push((needed.asked_from(), NoticeKind::ConsentRequest));
    }
    notices.retain(|(_, kind)| {
        let told = GivenNotice {
            kind: *kind,
            period_no: upcoming.period.no,
            price: upcoming.price,
        };
        !state.told.contains(&told)
    });
    notices
}
