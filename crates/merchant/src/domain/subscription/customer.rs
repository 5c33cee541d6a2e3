//! What a customer may ask of a subscription on their page.

use super::{
    commands::paid_until,
    engine::World,
    rules::CustomerCancel,
    state::{CancelRefund, RefundDue},
};
use crate::domain::{subscription::engine::steps::refunds, time::Millis};

/// How a subscription can be canceled: one of the two at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelChoices {
    /// With what is paid, or free: then.
    pub period_end: Option<Millis>,
    /// At once: what goes back then; empty when nothing does.
    pub now: Option<Vec<RefundDue>>,
}

impl CancelChoices {
    /// What a cancel at once gives back.
    pub fn refund(&self) -> CancelRefund {
        if self.now.as_ref().is_some_and(|due| !due.is_empty()) {
            CancelRefund::Prorated
        } else {
            CancelRefund::None
        }
    }
}

/// How the customer can cancel; `None` when it is over or canceled already.
pub fn cancel_choices(world: &World<'_>, now: Millis) -> Option<CancelChoices> {
    let subscription = world.subscription;
    if subscription.is_over() || subscription.state.cancel.is_some() {
        return None;
    }
    let end = paid_until(subscription, now);
    let due = refunds(&subscription.state, now);
    // Nothing that was paid or is free lasts: there is one way. Credit that was not used goes back.
    if end <= now {
        return Some(CancelChoices {
            period_end: None,
            now: Some(due),
        });
    }
    let (later, at_once) = match world.rules.customer_cancel {
        // Who gets nothing back loses by a cancel at once.
        CustomerCancel::Choice => (true, !due.is_empty()),
        CustomerCancel::NowProrated => (false, true),
        CustomerCancel::PeriodEnd => (true, false),
    };
    Some(CancelChoices {
        period_end: later.then_some(end),
        now: at_once.then_some(due),
    })
}
