//! A command: decided from what was read, committed, and carried on.

use std::sync::Arc;

use super::advance::advance_now;
use crate::{
    application::{
        change::Committed,
        error::UseCaseError,
        services::Services,
        subscription_step::{Loaded, change_of},
    },
    domain::{
        ids::SubscriptionId,
        subscription::{
            Subscription,
            commands::Refusal,
            consent::ConsentRecord,
            engine::{Step, World, has_news},
        },
        time::Millis,
    },
};

/// How often a command is tried against changes that come in between.
const ROUNDS: usize = 8;

/// Which subscription, and in which state whoever asks has seen it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The subscription.
    pub id: SubscriptionId,
    /// The revision that must not have changed; `None`: whatever it is.
    pub revision: Option<u64>,
}

/// Makes the record of a consent that comes with a command.
pub(super) type Recorder<'a> = dyn Fn(&Loaded) -> Option<ConsentRecord> + Send + Sync + 'a;

/// Does what a command decides and everything that follows from it at once.
pub(super) async fn command(
    services: &Arc<Services>,
    asked: &Asked,
    decide: impl Fn(&World<'_>, Millis) -> Result<Step, Refusal> + Send + Sync,
) -> Result<Subscription, UseCaseError> {
    Box::pin(command_with(services, asked, None, decide)).await
}

/// The same, with a consent that is written in the same transaction.
pub(super) async fn command_with(
    services: &Arc<Services>,
    asked: &Asked,
    consent: Option<&Recorder<'_>>,
    decide: impl Fn(&World<'_>, Millis) -> Result<Step, Refusal> + Send + Sync,
) -> Result<Subscription, UseCaseError> {
    for _ in 0..ROUNDS {
        let mut loaded = read(services, asked).await?;
        if has_news(&loaded.world(services), services.now()) {
            advance_now(services, &asked.id, services.timing.wait_for_own).await;
            let anew = Asked {
                id: asked.id.clone(),
                revision: None,
            };
            loaded = read(services, &anew).await?;
        }
        let step = decide(&loaded.world(services), services.now())?;
        let (mut change, _) = change_of(services, &loaded, step).await?;
        if let Some(subscribing) = &mut change.subscribing {
            subscribing.new_consent = consent.and_then(|consent| consent(&loaded));
        }
        if services.commit(change).await? == Committed::Done {
            advance_now(services, &asked.id, services.timing.wait_for_own).await;
            let fresh = services.subscriptions.subscription(&asked.id).await?;
            return fresh.ok_or(UseCaseError::NoSubscription);
        }
    }
    Err(UseCaseError::Conflict(
        "the subscription changes all the time; try again".to_owned(),
    ))
}

pub(super) async fn read(services: &Services, asked: &Asked) -> Result<Loaded, UseCaseError> {
    let loaded = Loaded::read(services, &asked.id)
        .await?
        .ok_or(UseCaseError::NoSubscription)?;
    let revision = loaded.subscription.revision;
    match asked.revision {
        Some(expected) if expected != revision => Err(UseCaseError::Changed {
            expected,
            is: revision,
        }),
        _ => Ok(loaded),
    }
}
