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
            calendar::Day,
            commands::{self, Refusal, consent_asked_for},
            consent::ConsentKind,
            engine::World,
        },
        time::Millis,
    },
};

/// The customer agrees to what the subscription waits for: to just that, on just that day.
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
        // The customer was shown the day. The moment moves when the charge waits for the consent.
        let same_day = Day::of(needed.effective_at) == Day::of(effective_at);
        if needed.kind != kind || !same_day {
            return Err(UseCaseError::Conflict(format!(
                "the consent that is asked for is of kind {}, to {} won ({}) from {} on",
                needed.kind,
                needed.after.price,
                needed.after.interval,
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
