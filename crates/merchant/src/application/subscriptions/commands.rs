//! What customers and merchants ask of a subscription.

use std::sync::Arc;

use super::{
    chain::{Chain, GivenText},
    charges::Charges,
    command::{Asked, command, command_with, read},
};
use crate::{
    application::{
        charge_method::check_chargeable,
        error::UseCaseError,
        services::Services,
        subscription_step::{Loaded, least},
        trusted_clock,
    },
    domain::{
        ids::PaymentMethodId,
        subscription::{
            Subscription,
            commands::{self, At, CancelQuote, ChangeRequest, Quote, consent_for_change},
            engine::World,
            names::change_invoice,
            state::CancelRefund,
        },
        time::Millis,
    },
};

/// Ends it now, or with what is paid.
///
/// # Errors
/// It is over already.
pub async fn cancel_subscription(
    services: &Arc<Services>,
    asked: &Asked,
    at: At,
    refund: CancelRefund,
) -> Result<Subscription, UseCaseError> {
    command(services, asked, |world, now| {
        commands::cancel(world, at, refund, now)
    })
    .await
}

/// What a cancel would come to.
///
/// # Errors
/// It is over already, or a charge is under way.
pub async fn quote_cancel(
    services: &Services,
    asked: &Asked,
    at: At,
    refund: CancelRefund,
) -> Result<CancelQuote, UseCaseError> {
    let loaded = read(services, asked).await?;
    let now = trusted_clock::read(services, &loaded.subscription.shop_id)
        .await?
        .now;
    let mut quote = commands::quote_cancel(&loaded.world(services), at, refund, now)?;
    let invoices: Vec<_> = quote
        .refunds
        .iter()
        .map(|due| due.invoice_id.clone())
        .collect();
    let paid = Charges::read(&*services.subscriptions, &invoices).await?;
    for due in &mut quote.refunds {
        due.amount = paid.still_held(due);
    }
    Ok(quote)
}

/// Takes a cancel back that has not happened.
///
/// # Errors
/// There is none.
pub async fn uncancel_subscription(
    services: &Arc<Services>,
    asked: &Asked,
) -> Result<Subscription, UseCaseError> {
    command(services, asked, |world, _| commands::uncancel(world)).await
}

/// Stops charges and access.
///
/// # Errors
/// Something is owed, or it is paused already.
pub async fn pause_subscription(
    services: &Arc<Services>,
    asked: &Asked,
    at: At,
    resume_at: Option<Millis>,
) -> Result<Subscription, UseCaseError> {
    command(services, asked, |world, now| {
        commands::pause(world, at, resume_at, now)
    })
    .await
}

/// Goes on after a pause.
///
/// # Errors
/// It is not paused.
pub async fn resume_paused(
    services: &Arc<Services>,
    asked: &Asked,
    restart: bool,
) -> Result<Subscription, UseCaseError> {
    command(services, asked, |world, now| {
        commands::resume(world, restart, now)
    })
    .await
}

/// Charges what is owed now.
///
/// # Errors
/// Nothing is owed, or a charge is under way.
pub async fn pay_subscription(
    services: &Arc<Services>,
    asked: &Asked,
) -> Result<Subscription, UseCaseError> {
    command(services, asked, commands::pay_now).await
}

/// Another card or account is charged from now on; what is owed, at once.
///
/// # Errors
/// It is not the customer's, or cannot be charged.
pub async fn replace_payment_method(
    services: &Arc<Services>,
    asked: &Asked,
    method: &PaymentMethodId,
) -> Result<Subscription, UseCaseError> {
    let known = services.subscriptions.subscription(&asked.id).await?;
    let customer = known.ok_or(UseCaseError::NoSubscription)?.customer_key;
    let method = services
        .records
        .payment_method(method)
        .await?
        .filter(|method| method.customer_key == customer)
        .ok_or(UseCaseError::NoPaymentMethod)?;
    check_chargeable(&method)?;
    command(services, asked, |world, now| {
        // What is due afterwards depends on whether the new one can be charged.
        let world = World {
            chargeable: true,
            minimum: least(&method),
            ..*world
        };
        commands::replace_method(&world, &method.id, &method.shop_id, now)
    })
    .await
}

/// What a change would come to.
///
/// # Errors
/// It is not possible.
pub async fn quote_change(
    services: &Services,
    asked: &Asked,
    request: &ChangeRequest,
) -> Result<Quote, UseCaseError> {
    let loaded = read(services, asked).await?;
    let now = trusted_clock::read(services, &loaded.subscription.shop_id)
        .await?
        .now;
    let quote = commands::quote(&loaded.world(services), request, now)?;
    Ok(quote)
}

/// Changes price or interval. `key` names the request: the same key is the same change.
///
/// # Errors
/// It is not possible, or the price rises and no consent came with it.
pub async fn change_subscription(
    services: &Arc<Services>,
    asked: &Asked,
    request: &ChangeRequest,
    key: &str,
    consent: Option<&GivenText>,
) -> Result<Subscription, UseCaseError> {
    if let Some(text) = consent {
        text.check()?;
    }
    // The same request came before, and its answer was lost.
    let invoice = change_invoice(&asked.id, key);
    let records = &services.subscriptions;
    if records.invoice_cursor(&invoice).await?.is_some() {
        let known = records.subscription(&asked.id).await?;
        return known.ok_or(UseCaseError::NoSubscription);
    }
    let record = |loaded: &Loaded, chain: &Chain, now: Millis| {
        let Some(text) = consent else {
            return Ok(None);
        };
        let needed = consent_for_change(&loaded.world(services), request, now)?;
        Ok(needed.map(|needed| chain.record(loaded, &needed, text, now)))
    };
    Box::pin(command_with(
        services,
        asked,
        Some(&record),
        |world, _, now| commands::change(world, request, key, consent.is_some(), now),
    ))
    .await
}
