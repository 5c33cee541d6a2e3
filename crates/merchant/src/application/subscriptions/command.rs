//! A command: decided from what was read, committed, and carried on.

use std::sync::Arc;

use super::{advance::advance_now, chain::Chain};
use crate::{
    application::{
        change::Committed,
        error::UseCaseError,
        services::Services,
        subscription_step::{Loaded, change_of},
        trusted_clock,
    },
    domain::{
        ids::SubscriptionId,
        subscription::{
            Subscription,
            commands::Refusal,
            consent::ConsentRecord,
            engine::{Step, World, has_unhandled_outcome},
            names,
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
    /// The revision since which nothing that people decide by must have changed; `None`: whatever it is.
    pub revision: Option<u64>,
    /// Names the request. The same one again is not done again: should the process die with its answer, the
    /// caller asks a second time.
    pub request: Option<String>,
}

impl Asked {
    fn request(&self) -> Option<String> {
        self.request.as_deref().map(names::request)
    }

    /// Whether this very request was the last one.
    pub(super) fn was_done(&self, loaded: &Loaded) -> bool {
        let last = &loaded.subscription.state.last_request;
        last.is_some() && *last == self.request()
    }
}

/// Makes the record of a consent that comes with a command, as the newest of the customer's chain.
pub(super) type Recorder<'a> = dyn Fn(&Loaded, &Chain, Millis) -> Result<Option<ConsentRecord>, UseCaseError>
    + Send
    + Sync
    + 'a;

/// Does what a command decides and everything that follows from it at once.
pub(super) async fn command(
    services: &Arc<Services>,
    asked: &Asked,
    decide: impl Fn(&World<'_>, Millis) -> Result<Step, Refusal> + Send + Sync,
) -> Result<Subscription, UseCaseError> {
    let decide = |world: &World<'_>, _: Option<&ConsentRecord>, now| decide(world, now);
    Box::pin(command_with(services, asked, None, decide)).await
}

/// The same, with a consent that is written in the same transaction.
pub(super) async fn command_with(
    services: &Arc<Services>,
    asked: &Asked,
    consent: Option<&Recorder<'_>>,
    decide: impl Fn(&World<'_>, Option<&ConsentRecord>, Millis) -> Result<Step, Refusal> + Send + Sync,
) -> Result<Subscription, UseCaseError> {
    for _ in 0..ROUNDS {
        let mut loaded = read(services, asked).await?;
        let shop = loaded.subscription.shop_id.clone();
        let now = trusted_clock::read(services, &shop).await?.now;
        if has_unhandled_outcome(&loaded.world(services), now) {
            advance_now(services, &asked.id, services.timing.wait_for_own).await;
            // Whoever has seen a revision has not seen the news.
            loaded = read(services, asked).await?;
        }
        if asked.was_done(&loaded) {
            advance_now(services, &asked.id, services.timing.wait_for_own).await;
            let fresh = services.subscriptions.subscription(&asked.id).await?;
            return fresh.ok_or(UseCaseError::NoSubscription);
        }
        let consent = match consent {
            Some(record) => {
                // Another consent of the customer may have come since the last round.
                let chain = Chain::read(services, &loaded.subscription.customer_key).await?;
                record(&loaded, &chain, now)?
            }
            None => None,
        };
        let mut step = decide(&loaded.world(services), consent.as_ref(), now)?;
        step.subscription.state.last_request = asked.request();
        let (mut change, _) = change_of(services, &loaded, step, now).await?;
        if let Some(subscribing) = &mut change.subscribing {
            subscribing.new_consent = consent;
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

/// What a command is about, if whoever asks has seen it as it is.
pub(in crate::application) async fn read(
    services: &Services,
    asked: &Asked,
) -> Result<Loaded, UseCaseError> {
    let loaded = Loaded::read(services, &asked.id)
        .await?
        .ok_or(UseCaseError::NoSubscription)?;
    let subscription = &loaded.subscription;
    match asked.revision {
        Some(expected) if !subscription.is_as_seen_in(expected) && !asked.was_done(&loaded) => {
            Err(UseCaseError::Changed {
                expected,
                is: subscription.revision,
            })
        }
        _ => Ok(loaded),
    }
}
