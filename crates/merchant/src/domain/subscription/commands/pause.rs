//! A pause, and its end.

use super::{At, Refusal, cancel::paid_until, check_ahead, not_over, nothing_under_way, state};
use crate::domain::{
    event::EventType,
    subscription::{
        SubscriptionStatus,
        calendar::Day,
        engine::{Step, World, steps},
        state::Pause,
    },
    time::Millis,
};

/// Stops charges and access now, or with what is paid.
///
/// # Errors
/// Money is owed, or it is paused or over already.
pub fn pause(
    world: &World<'_>,
    at: At,
    resume_at: Option<Millis>,
    now: Millis,
) -> Result<Step, Refusal> {
    not_over(world)?;
    nothing_under_way(world)?;
    let subscription = world.subscription;
    if !matches!(
        subscription.status,
        SubscriptionStatus::Active | SubscriptionStatus::Trialing
    ) || world.invoice.is_some()
    {
        return Err(state(format!(
            "a subscription that is {} cannot be paused; nothing may be owed",
            subscription.status
        )));
    }
    let begins = match at {
        At::Now => now,
        At::PeriodEnd => paid_until(subscription, now),
    };
    if let Some(resume) = resume_at {
        check_ahead("resumeAt", resume, now)?;
        if resume <= begins {
            return Err(Refusal::Invalid(format!(
                "resumeAt is {}, and the pause begins at {}",
                resume.kst().as_str(),
                begins.kst().as_str()
            )));
        }
    }
    let mut step = Step::of(subscription);
    step.subscription.state.pause = Some(Pause {
        at: begins,
        resume_at,
    });
    // One that begins now is told when it does: at once.
    if at == At::PeriodEnd {
        step.tell(EventType::SubscriptionPauseScheduled);
    }
    Ok(step)
}

/// Goes on after a pause, or takes one back that has not begun.
///
/// # Errors
/// It is not paused, or periods are to begin today though today is paid for.
pub fn resume(world: &World<'_>, restart: bool, now: Millis) -> Result<Step, Refusal> {
    not_over(world)?;
    if world.subscription.status == SubscriptionStatus::Paused {
        if restart && steps::is_paid_on(&world.subscription.state, Day::of(now)) {
            return Err(state(
                "anchor: the present period is paid, so no other begins today; say keep",
            ));
        }
        return Ok(steps::resume(world, restart, now));
    }
    if world.subscription.state.pause.is_none() {
        return Err(state("it is not paused"));
    }
    let mut step = Step::of(world.subscription);
    step.subscription.state.pause = None;
    step.tell(EventType::SubscriptionPauseWithdrawn);
    Ok(step)
}
