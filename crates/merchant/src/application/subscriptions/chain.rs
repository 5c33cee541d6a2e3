//! A customer's consents as a chain: each holds the hash of the one before it.

use toss_checkout_contract::CustomerKey;

use crate::{
    application::{error::UseCaseError, services::Services, subscription_step::Loaded},
    crypto::random_name,
    domain::{
        ids::ConsentId,
        payment_method::PaymentMethod,
        subscription::{
            consent::{ConsentRecord, Device, Needed},
            evidence,
        },
        time::Millis,
    },
};

/// Texts are shown on a phone.
const MAX_TEXT: usize = 4_000;
const MAX_WORD: usize = 100;
/// Longer ones are cut where they come in a header.
pub const MAX_USER_AGENT: usize = 500;

/// A consent as the merchant brings it.
#[derive(Debug, Clone)]
pub struct GivenText {
    /// The merchant's name for the text.
    pub text_version: String,
    /// The text that was shown, word for word.
    pub text: String,
    /// Where it was given: `web`, `app`, `phone`, …
    pub channel: String,
    /// From where, if that is known.
    pub device: Device,
}

impl GivenText {
    /// Whether all of it is there.
    ///
    /// # Errors
    /// Names what is empty or too long.
    pub fn check(&self) -> Result<(), UseCaseError> {
        let user_agent = self.device.user_agent.as_ref();
        let user_agent = user_agent.map(|it| ("userAgent", it, MAX_USER_AGENT));
        for (name, value, most) in [
            ("textVersion", &self.text_version, MAX_WORD),
            ("text", &self.text, MAX_TEXT),
            ("channel", &self.channel, MAX_WORD),
        ]
        .into_iter()
        .chain(user_agent)
        {
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
        customer: &CustomerKey,
    ) -> Result<Self, UseCaseError> {
        let records = &services.subscriptions;
        let chain = records.consents_of_customer(customer).await?;
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
            device: given.device.clone(),
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
