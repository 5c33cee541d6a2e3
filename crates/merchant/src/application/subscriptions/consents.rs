//! What customers agree to.

use std::sync::Arc;

use super::{
    chain::{Chain, GivenText},
    command::{Asked, command_with},
};
use crate::{
    application::{error::UseCaseError, services::Services, subscription_step::Loaded},
    domain::{
        subscription::{
            Subscription,
            commands::{self, Refusal, consent_asked_for},
            consent::ConsentKind,
            engine::World,
        },
        time::Millis,
    },
};

/// The customer agrees to what the subscription waits for: to just that, at just that moment.
///
/// # Errors
/// Nothing is asked for, or something else.
pub async fn give_consent(
    services: &Arc<Services>,
    asked: &Asked,
    kind: ConsentKind,
    effective_at: Millis,
    given: &GivenText,
) -> Result<Subscription, UseCaseError> {
    given.check()?;
    let record = |loaded: &Loaded, chain: &Chain, now: Millis| {
        let needed = consent_asked_for(&loaded.world(services), now).ok_or_else(|| {
            UseCaseError::Conflict(
                "no consent is asked for: read consentNeeded of the subscription; it is there from 30 days before the charge on".to_owned(),
            )
        })?;
        let same_second = needed.effective_at.0.div_euclid(1000) == effective_at.0.div_euclid(1000);
        if needed.kind != kind || !same_second {
            return Err(UseCaseError::Conflict(format!(
                "the consent that is asked for is of kind {} and for {}",
                needed.kind,
                needed.effective_at.kst().as_str()
            )));
        }
        Ok(Some(chain.record(loaded, &needed, given, now)))
    };
    Box::pin(command_with(
        services,
        asked,
        Some(&record),
        |world, given, _| {
            let given = given.ok_or(Refusal::ConsentRequired)?;
            let mut consents = world.consents.to_vec();
            consents.push(given.clone());
            let world = World {
                consents: &consents,
                ..*world
            };
            Ok(commands::consent_given(&world, given))
        },
    ))
    .await
}
