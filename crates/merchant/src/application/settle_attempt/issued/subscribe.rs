//! A registration that begins a subscription: written with the billing key, or not at all.

use toss_checkout_contract::Interval as PlanInterval;

use super::Begun;
use crate::{
    application::{
        change::SubscriptionChange,
        error::UseCaseError,
        services::Services,
        subscription_step::{Loaded, change_of, least},
        trusted_clock,
    },
    domain::{
        event::EventType,
        ids::SubscriptionId,
        payment_method::PaymentMethod,
        session::SessionRecord,
        subscription::{
            calendar::{Interval, Unit},
            create::{Draft, Start, create},
            engine::{Next, next},
            event::about,
        },
    },
};

/// The subscription to the session's plan, and its first charge where that follows at once.
pub(super) async fn begin(
    services: &Services,
    record: &SessionRecord,
    method: &PaymentMethod,
    id: SubscriptionId,
) -> Result<Begun, UseCaseError> {
    let session = &record.session;
    let plan = session.plan.ok_or(UseCaseError::Incomplete("plan"))?;
    let draft = Draft {
        id,
        shop_id: method.shop_id.clone(),
        customer_key: session.customer_key.clone(),
        payment_method_id: method.id.clone(),
        minimum: least(method),
        order_name: session.order_name.clone(),
        customer: session.customer.clone(),
        price: plan.amount.value(),
        interval: Interval {
            unit: unit(plan.interval),
            count: 1,
        },
        phases: Vec::new(),
        anchor: None,
        trial_end: None,
        start: if session.charge_now {
            Start::Now
        } else {
            Start::Anchor
        },
    };
    let clock = trusted_clock::read(services, &method.shop_id).await?;
    let now = clock.now;
    let subscription = create(draft, &services.rules, now)?;
    let created = about(EventType::SubscriptionCreated, &subscription);
    let charges = services.subscriptions.charge_stop(&method.shop_id).await?;
    // The job makes the charge when that is over; the billing key is stored now or lost.
    let may_charge = clock.is_right && charges.until.is_none();
    let loaded = Loaded {
        subscription,
        invoice: None,
        charges: Vec::new(),
        method: Some(method.clone()),
        consents: Vec::new(),
        stop: charges,
    };
    let mut begun = Begun {
        events: vec![created],
        ..Begun::default()
    };
    let step = match next(&loaded.world(services), now) {
        Next::Do(step) if step.charge.is_some() && may_charge => *step,
        // Its first charge is due later.
        _ => {
            begun.subscribing = Some(Box::new(SubscriptionChange {
                new_subscription: Some(loaded.subscription),
                ..SubscriptionChange::default()
            }));
            return Ok(begun);
        }
    };
    let (change, attempt) = change_of(services, &loaded, step, now).await?;
    let mut subscribing = change.subscribing.unwrap_or_default();
    if let Some(update) = subscribing.subscription.take() {
        let mut subscription = *update.new;
        subscription.work.next_action_at = update.next_action_at;
        subscribing.new_subscription = Some(subscription);
    }
    begun.subscribing = Some(subscribing);
    begun.payment = change.new_payment;
    begun.attempt = attempt;
    begun.events.extend(change.events);
    Ok(begun)
}

fn unit(interval: PlanInterval) -> Unit {
    match interval {
        PlanInterval::Day => Unit::Day,
        PlanInterval::Week => Unit::Week,
        PlanInterval::Month => Unit::Month,
        PlanInterval::Year => Unit::Year,
    }
}
