//! What customers and merchants ask of a subscription. Each answers the step that does it, or why not.

mod cancel;
mod change;
mod pause;
mod quote;

use std::time::Duration;

use thiserror::Error;

pub use self::{
    cancel::{CancelQuote, cancel, paid_until, quote_cancel, uncancel},
    change::{change, consent_for_change},
    pause::{pause, resume},
    quote::{ChangeRequest, Proration, Quote, When, quote},
};
use super::{
    Subscription,
    consent::{ConsentRecord, Needed, needed},
    engine::{Step, World},
    invoice::{Invoice, InvoiceStatus, Retry, Trigger},
};
use crate::domain::{
    event::EventType,
    ids::{PaymentMethodId, ShopId},
    time::Millis,
    words::words,
};

/// Why it is not done.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The subscription is in no state for it.
    #[error("{0}")]
    State(String),
    /// The request makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// A charge is under way, or nobody knows what came of one.
    #[error("a charge of this subscription is under way; wait for its outcome")]
    UnderWay,
    /// The price rises and the customer's consent did not come with the request.
    #[error(
        "the price rises: send the customer's consent (textVersion, text, channel) with the request"
    )]
    ConsentRequired,
}

fn state(text: impl Into<String>) -> Refusal {
    Refusal::State(text.into())
}

fn not_over(world: &World<'_>) -> Result<(), Refusal> {
    if world.subscription.is_over() {
        return Err(state("the subscription is canceled; make a new one"));
    }
    Ok(())
}

fn nothing_under_way(world: &World<'_>) -> Result<(), Refusal> {
    if world.charges.iter().any(|charge| charge.status.is_open()) {
        return Err(Refusal::UnderWay);
    }
    Ok(())
}

/// Nothing is planned further ahead: a later moment was mistyped.
const HORIZON: Duration = Duration::from_hours(10 * 365 * 24);

/// Refuses a moment that is too far ahead.
pub(super) fn check_ahead(field: &str, at: Millis, now: Millis) -> Result<(), Refusal> {
    if at <= now.plus(HORIZON) {
        return Ok(());
    }
    Err(Refusal::Invalid(format!(
        "{field} is {}, more than ten years ahead",
        at.kst().as_str()
    )))
}

words! {
    /// When something is to happen.
    pub enum At as "moment of an end or a pause" {
        /// Now.
        Now = "now",
        /// When what is paid ends.
        PeriodEnd = "period_end",
    }
}

/// Charges what is owed now, because the customer or the merchant's server asks.
///
/// # Errors
/// Nothing is owed, a charge is under way, or the card or account cannot be charged.
pub fn pay_now(world: &World<'_>, now: Millis) -> Result<Step, Refusal> {
    not_over(world)?;
    nothing_under_way(world)?;
    if !world.chargeable {
        return Err(state(
            "the card or account cannot be charged any more; register another",
        ));
    }
    charge_owed(world, Trigger::Customer, now).ok_or_else(|| state("nothing is owed"))
}

fn charge_owed(world: &World<'_>, trigger: Trigger, now: Millis) -> Option<Step> {
    let mut invoice = world.invoice?.clone();
    invoice.state.retry = Some(Retry { at: now, trigger });
    let mut step = Step::of(world.subscription);
    step.invoice = Some(invoice);
    Some(step)
}

/// An operator has dealt with what a human had to look at: it goes on, and what was held is charged now.
/// `None`: nothing has to be looked at.
pub fn carry_on(subscription: &Subscription, owed: Option<&Invoice>, now: Millis) -> Option<Step> {
    subscription.needs_attention.as_ref()?;
    let mut step = Step::of(subscription);
    step.subscription.needs_attention = None;
    step.invoice = owed
        .filter(|invoice| invoice.status == InvoiceStatus::Held)
        .map(|invoice| {
            let mut invoice = invoice.clone();
            invoice.state.retry = Some(Retry {
                at: now,
                trigger: Trigger::Operator,
            });
            invoice
        });
    Some(step)
}

/// From now on another card or account is charged; what is owed, at once.
///
/// # Errors
/// It is over, a charge is under way, or Toss takes no sum so small of the new one.
pub fn replace_method(
    world: &World<'_>,
    method: &PaymentMethodId,
    shop: &ShopId,
    now: Millis,
) -> Result<Step, Refusal> {
    not_over(world)?;
    nothing_under_way(world)?;
    let terms = &world.subscription.state;
    let phases = terms.phases.iter().map(|phase| phase.amount);
    let owed = world.invoice.map(|invoice| invoice.amount);
    let pending = terms.pending.as_ref().map(|pending| pending.terms.price);
    let least = phases
        .chain(owed)
        .chain(pending)
        .chain([terms.price])
        .filter(|sum| *sum > 0)
        .min();
    if let Some(sum) = least.filter(|sum| *sum < world.minimum) {
        return Err(Refusal::Invalid(format!(
            "paymentMethodId: {sum} won are to be charged; the card or account takes {} or more",
            world.minimum
        )));
    }
    let mut step = charge_owed(world, Trigger::MethodChanged, now)
        .unwrap_or_else(|| Step::of(world.subscription));
    step.subscription.payment_method_id = method.clone();
    step.subscription.shop_id = shop.clone();
    step.subscription.state.asked_for_method = false;
    step.tell(EventType::SubscriptionChanged);
    Ok(step)
}

/// The consent that the next charge of a subscription waits for, if it may be given already.
pub fn consent_asked_for(world: &World<'_>, now: Millis) -> Option<Needed> {
    use super::rules::ConsentRule;
    let subscription = world.subscription;
    let ends = subscription.state.cancel.is_some();
    if subscription.is_over() || ends || world.rules.consent == ConsentRule::Off {
        return None;
    }
    let upcoming = super::engine::renew::current(world, now);
    let needed = needed(&subscription.state, &upcoming)?;
    let given = super::consent::is_given(world.consents, &needed, upcoming.at.max(now));
    (!given && needed.asked_from() <= now).then_some(needed)
}

/// The customer agreed.
pub fn consent_given(world: &World<'_>, consent: &ConsentRecord) -> Step {
    let mut step = Step::of(world.subscription);
    let event = step.tell(EventType::SubscriptionConsentGiven);
    event.data["consentId"] = consent.id.as_str().into();
    step
}
