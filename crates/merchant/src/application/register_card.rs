//! Registering a card by its number, for merchants whose contract allows it. The card's data are passed
//! through: they are never stored and never logged, so the request cannot be repeated after a crash. A
//! billing key whose answer was lost is one that nobody can charge.

use std::sync::Arc;

use super::{
    change::{Change, Committed},
    charge_method::{ChargeRequest, charge_method, check_order},
    customer::{check_customer, check_customer_key},
    error::UseCaseError,
    provider::{CardRegistration, ProviderError},
    services::{Services, billing_key_context},
};
use toss_checkout_contract::{Amount, Method, OrderId, SessionKind};

use crate::{
    crypto::random_name,
    domain::{
        event::EventType,
        event_data::about_method,
        ids::PaymentMethodId,
        names,
        payment::{Payment, Purpose},
        payment_method::{PaymentMethod, PaymentMethodDisplay, PaymentMethodStatus},
        work::Work,
    },
};

/// The payment that follows a registration at once.
#[derive(Debug, Clone)]
pub struct FirstCharge {
    /// The merchant's number for it: the same number is the same charge.
    pub order_id: OrderId,
    /// How much.
    pub amount: Amount,
    /// What for, at most 100 characters.
    pub order_name: String,
}

/// Registers a card and, if that is asked for, charges it at once. The same request key registers the same
/// card once, for as long as Toss keeps keys: 15 days. A payment that is not `paid` leaves the card
/// registered.
///
/// # Errors
/// Nothing was registered.
pub async fn register_and_charge(
    services: &Arc<Services>,
    card: &CardRegistration,
    charge: Option<FirstCharge>,
    request_key: &str,
) -> Result<(PaymentMethod, Option<Payment>), UseCaseError> {
    check_card(card)?;
    check_customer_key(&card.customer_key)?;
    check_customer(&card.customer)?;
    if let Some(charge) = &charge {
        check_order(
            &charge.order_name,
            charge.amount,
            &card.customer,
            Some(Method::Card),
        )?;
        unused(services, card, charge).await?;
    }
    let name = names::card(card.customer_key.expose(), request_key);
    let method = register_card(services, card, &name).await?;
    let Some(charge) = charge else {
        return Ok((method, None));
    };
    let request = ChargeRequest {
        payment_method_id: method.id.clone(),
        order_id: charge.order_id,
        amount: charge.amount,
        order_name: charge.order_name,
        customer: card.customer.clone(),
    };
    let payment = charge_method(services, &request).await?;
    Ok((method, Some(payment)))
}

/// Toss is not asked to register a card for an order that is somebody else's.
async fn unused(
    services: &Services,
    card: &CardRegistration,
    charge: &FirstCharge,
) -> Result<(), UseCaseError> {
    let payment = services.records.payment_of_order(&charge.order_id).await?;
    // An earlier try of the same request may have got this far.
    let mine = payment.is_none_or(|payment| {
        payment.purpose == Purpose::ManualCharge
            && payment.customer_key == card.customer_key
            && payment.amount == charge.amount
    });
    if mine {
        Ok(())
    } else {
        Err(UseCaseError::OrderUsed)
    }
}

/// The shape alone; no problem repeats what was given.
/// Source: <https://docs.tosspayments.com/reference> (`POST /v1/billing/authorizations/card`).
fn check_card(card: &CardRegistration) -> Result<(), UseCaseError> {
    let digits = |text: &str, lengths: &[usize]| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let length = card.number.len();
    let problem = if !(13..=20).contains(&length) || !digits(&card.number, &[length]) {
        "number is not 13 to 20 digits without spaces"
    } else if !digits(&card.expiry_year, &[2]) {
        "expiryYear is not two digits"
    } else if !digits(&card.expiry_month, &[2]) {
        "expiryMonth is not two digits"
    } else if !digits(&card.identity_number, &[6, 10]) {
        "identityNumber is neither a birth date of six digits nor a business number of ten"
    } else if card
        .password
        .as_ref()
        .is_some_and(|text| !digits(text, &[2]))
    {
        "password is not the first two digits of the card's password"
    } else {
        return Ok(());
    };
    Err(UseCaseError::Invalid(format!("card.{problem}")))
}

/// Registers a card.
///
/// # Errors
/// Toss refused, or could not be reached.
async fn register_card(
    services: &Services,
    card: &CardRegistration,
    idempotency_key: &str,
) -> Result<PaymentMethod, UseCaseError> {
    let shop = services.shop_for(SessionKind::Billing).await?;
    let credentials = services.credentials(&shop.id).await?;
    let issued = services
        .provider
        .register_card(&credentials, card, idempotency_key)
        .await
        .map_err(|error| match error {
            ProviderError::Refused(failure)
            | ProviderError::Configuration(failure)
            | ProviderError::DoneBefore(failure) => UseCaseError::Refused(failure),
            ProviderError::NotSent(_) | ProviderError::Unknown { .. } => {
                tracing::warn!(%error, "a card registration has no answer");
                UseCaseError::ProviderUnavailable
            }
        })?;
    if issued.customer_key != card.customer_key {
        tracing::error!("Toss registered a card for another customer; it is not kept");
        return Err(UseCaseError::ProviderUnavailable);
    }
    let key_digest = names::billing_key(issued.billing_key.expose());
    let known = services
        .records
        .payment_method_of_key(Some(&shop.id), &key_digest)
        .await?;
    if let Some(known) = known {
        return Ok(known);
    }
    let mut method = PaymentMethod {
        id: PaymentMethodId::new(random_name(PaymentMethodId::PREFIX)),
        shop_id: shop.id,
        customer_key: issued.customer_key,
        session_id: None,
        method: issued.method,
        sealed_key: String::new(),
        key_digest,
        display: PaymentMethodDisplay {
            card: issued.card,
            account: issued.account,
        },
        status: PaymentMethodStatus::Active,
        dead_code: None,
        consent: None,
        revision: 1,
        created_at: services.now(),
        work: Work::default(),
        needs_attention: None,
    };
    method.sealed_key = services
        .keys
        .seal(issued.billing_key.expose(), &billing_key_context(&method))?;
    let change = Change {
        events: vec![about_method(EventType::PaymentMethodRegistered, &method)],
        new_method: Some(method.clone()),
        ..Change::default()
    };
    match services.commit(change).await? {
        Committed::Done => Ok(method),
        Committed::Stale | Committed::Conflict => Err(UseCaseError::Conflict(
            "this card was registered at the same moment".to_owned(),
        )),
    }
}
