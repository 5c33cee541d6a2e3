//! Deleting a registered card or account: at Toss, then here.

use super::{
    attempts::ROUNDS,
    change::{Change, Committed, PaymentMethodPatch, Update},
    error::UseCaseError,
    ports::{Claimed, Queue, Release},
    provider::ProviderError,
    services::Services,
};
use crate::domain::{
    edit::Edit,
    event::EventType,
    event_data::about_method,
    ids::PaymentMethodId,
    lookup::distance,
    payment_method::{PaymentMethod, PaymentMethodStatus},
};

/// Begins the deletion and asks Toss at once. What Toss does not answer is carried on later.
///
/// # Errors
/// No such card or account, or the records fail.
pub async fn delete_method(
    services: &Services,
    id: &PaymentMethodId,
) -> Result<PaymentMethod, UseCaseError> {
    for _ in 0..ROUNDS {
        let method = read(services, id).await?;
        match method.status {
            PaymentMethodStatus::Deleted => return Ok(method),
            PaymentMethodStatus::Deleting => {}
            PaymentMethodStatus::Active | PaymentMethodStatus::Dead => {
                let held_until = services.now().plus(services.timing.confirm * 2);
                let patch = PaymentMethodPatch {
                    status: Some(PaymentMethodStatus::Deleting),
                    next_action_at: Edit::To(held_until),
                    ..PaymentMethodPatch::default()
                };
                if !write(services, &method, patch, Vec::new()).await? {
                    continue;
                }
            }
        }
        // Whatever Toss says, the deletion is under way.
        ask(services, &read(services, id).await?).await?.ok();
        return read(services, id).await;
    }
    Err(UseCaseError::Conflict(
        "the payment method changed too often; delete it again".to_owned(),
    ))
}

/// Carries a deletion on.
///
/// # Errors
/// The records fail.
pub async fn resume_deletion(
    services: &Services,
    claimed: &Claimed,
) -> Result<Release, UseCaseError> {
    let id = PaymentMethodId::new(claimed.id.as_str());
    let method = services.records.payment_method(&id).await?;
    let Some(method) = method.filter(|it| it.status == PaymentMethodStatus::Deleting) else {
        return Ok(Release::Done);
    };
    match ask(services, &method).await? {
        Ok(()) => Ok(Release::Done),
        Err(ProviderError::Refused(failure)) => Ok(Release::NeedsAttention(format!(
            "Toss refuses to delete it: {}",
            failure.code
        ))),
        Err(error) => {
            let wait = distance(claimed.tries, services.timing.retry_pause)
                .max(error.retry_after().unwrap_or_default());
            Ok(Release::Again(services.now().plus(wait)))
        }
    }
}

async fn ask(
    services: &Services,
    method: &PaymentMethod,
) -> Result<Result<(), ProviderError>, UseCaseError> {
    let shop = services.credentials(&method.shop_id).await?;
    let key = services.billing_key(method)?;
    let asked = services.provider.delete_billing_key(&shop, &key).await;
    match &asked {
        Ok(()) => gone(services, &method.id).await?,
        Err(error) => tracing::warn!(%error, method = %method.id, "not deleted yet"),
    }
    Ok(asked)
}

/// Toss says that a billing key does not exist any more; whoever knows the key is believed, since nobody
/// else does. `false`: it is none of ours.
pub(super) async fn deleted_at_toss(
    services: &Services,
    key_digest: &str,
) -> Result<bool, UseCaseError> {
    let method = services
        .records
        .payment_method_of_key(None, key_digest)
        .await?;
    match method {
        Some(method) => gone(services, &method.id).await.map(|()| true),
        None => Ok(false),
    }
}

async fn gone(services: &Services, id: &PaymentMethodId) -> Result<(), UseCaseError> {
    for _ in 0..ROUNDS {
        let method = read(services, id).await?;
        if method.status == PaymentMethodStatus::Deleted {
            return Ok(());
        }
        let mut new = method.clone();
        new.status = PaymentMethodStatus::Deleted;
        new.revision += 1;
        let patch = PaymentMethodPatch {
            status: Some(PaymentMethodStatus::Deleted),
            next_action_at: Edit::Clear,
            needs_attention: Edit::Clear,
            ..PaymentMethodPatch::default()
        };
        let event = about_method(EventType::PaymentMethodDeleted, &new);
        if write(services, &method, patch, vec![event]).await? {
            return Ok(());
        }
    }
    Err(UseCaseError::Conflict(
        "a deletion could not be written down".to_owned(),
    ))
}

async fn read(services: &Services, id: &PaymentMethodId) -> Result<PaymentMethod, UseCaseError> {
    services
        .records
        .payment_method(id)
        .await?
        .ok_or(UseCaseError::NoPaymentMethod)
}

async fn write(
    services: &Services,
    method: &PaymentMethod,
    patch: PaymentMethodPatch,
    events: Vec<crate::domain::event::NewEvent>,
) -> Result<bool, UseCaseError> {
    let change = Change {
        method: Some(Update {
            id: method.id.clone(),
            revision: method.revision,
            patch,
        }),
        events,
        ..Change::default()
    };
    let committed = services.commit(change).await?;
    // Its subscriptions ask for another one.
    services.wake.up(Queue::Subscriptions);
    Ok(committed == Committed::Done)
}
