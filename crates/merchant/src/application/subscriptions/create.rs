//! A subscription by the merchant's server, for a card or account that is registered.

use std::sync::Arc;

use toss_checkout_contract::{Amount, Customer, CustomerKey};

use super::advance::advance_now;
use crate::{
    application::{
        change::{Change, Committed, SubscriptionChange},
        charge_method::check_chargeable,
        customer::check_customer,
        error::UseCaseError,
        services::Services,
        subscription_step::least,
        trusted_clock,
    },
    domain::{
        event::EventType,
        ids::PaymentMethodId,
        subscription::{
            Subscription,
            calendar::{Day, Interval},
            create::{Draft, Start, create},
            event::about,
            names,
            state::Phase,
        },
        text::check_name,
        time::Millis,
    },
};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NewSubscription {
    /// Whose it is.
    pub customer_key: CustomerKey,
    /// What is charged.
    pub payment_method_id: PaymentMethodId,
    /// What is sold, at most 100 characters.
    pub order_name: String,
    /// Name and e-mail for receipts.
    pub customer: Customer,
    /// The regular price in won.
    pub price: u64,
    /// How often.
    pub interval: Interval,
    /// Prices of the first periods.
    pub phases: Vec<Phase>,
    /// The day from which periods are counted.
    pub anchor: Option<Day>,
    /// Free until then.
    pub trial_end: Option<Millis>,
    /// When the first charge is made.
    pub start: Start,
}

/// Makes a subscription, and its first charge if that is due. `key` names the request: the same key is the
/// same subscription. The answer is the subscription as it then
/// stands: active, or incomplete while the charge was refused or is not known.
///
/// # Errors
/// Nothing was made.
pub async fn create_subscription(
    services: &Arc<Services>,
    new: NewSubscription,
    key: &str,
) -> Result<Subscription, UseCaseError> {
    let id = names::of_request(&new.customer_key, key);
    if let Some(known) = services.subscriptions.subscription(&id).await? {
        return Ok(known);
    }
    check_name(&new.order_name).map_err(|problem| UseCaseError::name("orderName", &problem))?;
    check_customer(&new.customer)?;
    for (index, phase) in new
        .phases
        .iter()
        .enumerate()
        .filter(|(_, it)| it.amount > 0)
    {
        Amount::won(phase.amount)
            .map_err(|error| UseCaseError::Invalid(format!("phases[{index}].amount: {error}")))?;
    }
    let method = services
        .records
        .payment_method(&new.payment_method_id)
        .await?
        .filter(|method| method.customer_key == new.customer_key)
        .ok_or(UseCaseError::NoPaymentMethod)?;
    check_chargeable(&method)?;
    // Not by a wrong clock: its periods would begin on another day.
    let now = trusted_clock::read(services, &method.shop_id).await?.now;
    let draft = Draft {
        id: id.clone(),
        minimum: least(&method),
        shop_id: method.shop_id,
        customer_key: new.customer_key,
        payment_method_id: method.id,
        order_name: new.order_name,
        customer: new.customer,
        price: new.price,
        interval: new.interval,
        phases: new.phases,
        anchor: new.anchor,
        trial_end: new.trial_end,
        start: new.start,
    };
    let subscription = create(draft, &services.rules, now)?;
    let change = Change {
        events: vec![about(EventType::SubscriptionCreated, &subscription)],
        subscribing: Some(Box::new(SubscriptionChange {
            new_subscription: Some(subscription),
            ..SubscriptionChange::default()
        })),
        ..Change::default()
    };
    // Somebody else with the same request was quicker: it is the same subscription.
    let _: Committed = services.commit(change).await?;
    advance_now(services, &id, services.timing.wait_for_own).await;
    services
        .subscriptions
        .subscription(&id)
        .await?
        .ok_or(UseCaseError::NoSubscription)
}
