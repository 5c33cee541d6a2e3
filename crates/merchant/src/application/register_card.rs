//! Registering a card by its number, for merchants whose contract allows it. The card's data are passed
//! through: they are never stored and never logged, so the request cannot be repeated after a crash. A
//! billing key whose answer was lost is one that nobody can charge.

use super::{
    change::{Change, Committed},
    error::UseCaseError,
    provider::{CardRegistration, ProviderError},
    services::{Services, billing_key_context},
};
use crate::{
    crypto::random_name,
    domain::{
        event::EventType,
        event_data::about_method,
        ids::PaymentMethodId,
        names,
        payment_method::{PaymentMethod, PaymentMethodDisplay, PaymentMethodStatus},
        work::Work,
    },
};
use toss_checkout_contract::SessionKind;

/// Registers a card.
///
/// # Errors
/// Toss refused, or could not be reached.
pub async fn register_card(
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
