//! The end of a subscription, and taking it back.

use std::time::Duration;

use super::{At, Refusal, not_over, nothing_under_way, state};
use crate::domain::{
    event::EventType,
    subscription::{
        Subscription, SubscriptionStatus,
        engine::{Step, World, steps},
        state::{Cancel, CancelRefund, RefundDue},
    },
    time::Millis,
};

/// The end of what is paid or free; `now` when nothing is.
pub fn paid_until(subscription: &Subscription, now: Millis) -> Millis {
    let state = &subscription.state;
    let paid = state
        .last_paid
        .as_ref()
        .map(|paid| paid.period.end.at(Duration::ZERO));
    // A period that costs nothing, after one that was paid.
    let free = state.period.filter(|_| state.free);
    let paid = paid.max(free.map(|period| period.end.at(Duration::ZERO)));
    // What was paid elsewhere before the first charge here.
    let before_the_first = (state.last_paid.is_none()
        && subscription.status == SubscriptionStatus::Active)
        .then(|| state.schedule.start(state.next_no).at(Duration::ZERO));
    let trial = state.trial_end.max(before_the_first);
    paid.max(trial).map_or(now, |end| end.max(now))
}

/// What a cancel would come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelQuote {
    /// When it is over.
    pub at: Millis,
    /// What goes back.
    pub refunds: Vec<RefundDue>,
}

/// What a cancel would come to. While a charge is under way, that depends on its outcome.
///
/// # Errors
/// Why it is not possible.
pub fn quote_cancel(
    world: &World<'_>,
    at: At,
    refund: CancelRefund,
    now: Millis,
) -> Result<CancelQuote, Refusal> {
    let canceled = cancel(world, at, refund, now)?.subscription.state;
    nothing_under_way(world)?;
    Ok(CancelQuote {
        at: canceled.cancel.map_or(now, |cancel| cancel.at),
        refunds: match refund {
            CancelRefund::None => Vec::new(),
            CancelRefund::Prorated => steps::refunds(&canceled, now),
        },
    })
}

/// Ends it now, or with what is paid.
///
/// # Errors
/// It is over.
pub fn cancel(
    world: &World<'_>,
    at: At,
    refund: CancelRefund,
    now: Millis,
) -> Result<Step, Refusal> {
    not_over(world)?;
    if at == At::PeriodEnd && refund == CancelRefund::Prorated {
        return Err(Refusal::Invalid(
            "refund: nothing is left to give back at the end of the period; say at: now".to_owned(),
        ));
    }
    let mut step = Step::of(world.subscription);
    step.subscription.state.cancel = Some(Cancel {
        at: match at {
            At::Now => now,
            At::PeriodEnd => paid_until(world.subscription, now),
        },
        asked_at: now,
        refund,
    });
    // One that happens now is told when it is over: at once, unless a charge is under way.
    if at == At::PeriodEnd {
        step.tell(EventType::SubscriptionCancelScheduled);
    }
    Ok(step)
}

/// Takes a cancel back that has not happened.
///
/// # Errors
/// It is over, or was not canceled.
pub fn uncancel(world: &World<'_>) -> Result<Step, Refusal> {
    not_over(world)?;
    if world.subscription.state.cancel.is_none() {
        return Err(state("nobody canceled it"));
    }
    let mut step = Step::of(world.subscription);
    step.subscription.state.cancel = None;
    step.tell(EventType::SubscriptionCancelWithdrawn);
    Ok(step)
}
