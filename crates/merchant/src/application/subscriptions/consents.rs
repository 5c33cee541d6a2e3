//! What customers agree to.

use std::sync::Arc;

use super::command::{Asked, command_with, read};
use crate::{
    application::{error::UseCaseError, services::Services, subscription_step::Loaded},
    crypto::random_name,
    domain::{
        ids::{ConsentId, SubscriptionId},
        payment_method::PaymentMethod,
        subscription::{
            Subscription,
            commands::{self, consent_asked_for},
            consent::{ConsentKind, ConsentRecord, Needed},
            evidence,
        },
        time::Millis,
    },
};

/// Texts are shown on a phone.
const MAX_TEXT: usize = 4_000;
const MAX_WORD: usize = 100;

/// A consent as the merchant brings it.
#[derive(Debug, Clone)]
pub struct GivenText {
    /// The merchant's name for the text.
    pub text_version: String,
    /// The text that was shown, word for word.
    pub text: String,
    /// Where it was given: `web`, `app`, `phone`, …
    pub channel: String,
}

impl GivenText {
    /// Whether all of it is there.
    ///
    /// # Errors
    /// Names what is empty or too long.
    pub fn check(&self) -> Result<(), UseCaseError> {
        for (name, value, most) in [
            ("textVersion", &self.text_version, MAX_WORD),
            ("text", &self.text, MAX_TEXT),
            ("channel", &self.channel, MAX_WORD),
        ] {
            let length = value.trim().chars().count();
            if !(1..=most).contains(&length) {
                return Err(UseCaseError::Invalid(format!(
                    "{name} has {length} characters; 1 to {most} are needed"
                )));
            }
        }
        Ok(())
    }
}

/// The customer's chain of consents, to which one is added.
#[derive(Debug)]
pub(super) struct Chain {
    last: String,
}

impl Chain {
    pub(super) async fn read(
        services: &Services,
        id: &SubscriptionId,
    ) -> Result<Self, UseCaseError> {
        let records = &services.subscriptions;
        let subscription = records.subscription(id).await?;
        let customer = subscription
            .ok_or(UseCaseError::NoSubscription)?
            .customer_key;
        let chain = records.consents_of_customer(&customer).await?;
        let last = chain.last().map_or(evidence::FIRST, |last| &last.hash);
        Ok(Self {
            last: last.to_owned(),
        })
    }

    pub(super) fn record(
        &self,
        loaded: &Loaded,
        needed: &Needed,
        given: &GivenText,
        now: Millis,
    ) -> ConsentRecord {
        let subscription = &loaded.subscription;
        let mut consent = ConsentRecord {
            id: ConsentId::new(random_name(ConsentId::PREFIX)),
            subscription_id: subscription.id.clone(),
            customer_key: subscription.customer_key.clone(),
            kind: needed.kind,
            before: needed.before,
            after: needed.after,
            // One that is given late holds from now on.
            effective_at: needed.effective_at.max(now),
            text_version: given.text_version.clone(),
            text: given.text.clone(),
            method_label: loaded.method.as_ref().map(label).unwrap_or_default(),
            channel: given.channel.clone(),
            given_at: now,
            prev_hash: self.last.clone(),
            hash: String::new(),
        };
        consent.hash = evidence::hash(&consent);
        consent
    }
}

/// A card or account as its owner knows it.
fn label(method: &PaymentMethod) -> String {
    let display = &method.display;
    let card = display.card.as_ref().map(|card| card.number.clone());
    let account = display.account.as_ref();
    let account = account.and_then(|account| serde_json::to_string(account).ok());
    card.or(account).unwrap_or_else(|| method.id.to_string())
}

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
) -> Result<(Subscription, ConsentRecord), UseCaseError> {
    given.check()?;
    let loaded = read(services, asked).await?;
    if asked.was_done(&loaded)
        && let Some(record) = loaded.consents.last().cloned()
    {
        return Ok((loaded.subscription, record));
    }
    let chain = Chain::read(services, &asked.id).await?;
    let now = services.now();
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
    let record = chain.record(&loaded, &needed, given, now);
    let known = record.clone();
    let asked = Asked {
        revision: Some(loaded.subscription.revision),
        ..asked.clone()
    };
    let write = |_: &Loaded| Some(known.clone());
    let subscription = Box::pin(command_with(services, &asked, Some(&write), |world, _| {
        let mut consents = world.consents.to_vec();
        consents.push(known.clone());
        let world = crate::domain::subscription::engine::World {
            consents: &consents,
            ..*world
        };
        Ok(commands::consent_given(&world, &known))
    }))
    .await?;
    Ok((subscription, record))
}
