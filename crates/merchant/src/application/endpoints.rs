//! Endpoints: set up, changed, and their secrets rotated, by the API, the CLI or the configuration.

mod configured;

pub use self::configured::{ConfiguredEndpoint, is_configured};

use std::sync::Arc;

use thiserror::Error;

use super::{
    deliver_event::open_secrets,
    outbox::{Outbox, Publisher},
    ports::RecordsError,
};
use crate::{
    clock::Clock,
    crypto::{CryptoError, KeyRing, random_name},
    domain::{
        delivery::Outcome,
        endpoint::{Endpoint, EndpointState, EndpointUrl, EndpointUrlError, Reach},
        event::Message,
        ids::{EndpointId, EventId},
        names::context::signing_secret,
        signing_secret::SigningSecret,
    },
};

/// A secret and the one before it.
const MAX_SECRETS: usize = 2;

/// Why an endpoint was not changed.
#[derive(Debug, Error)]
pub enum EndpointError {
    /// The database failed.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// A secret could not be sealed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// Not an address for events.
    #[error(transparent)]
    Url(#[from] EndpointUrlError),
    /// There is none of that name.
    #[error("there is no endpoint {0}")]
    Unknown(EndpointId),
    /// Another one has the address.
    #[error("another endpoint has this address")]
    Taken,
    /// Somebody else changed it meanwhile.
    #[error("somebody else changed the endpoint meanwhile; read it again")]
    Changed,
    /// `EVENT_URL` and `EVENT_SECRET` say what it is.
    #[error("the endpoint is set by EVENT_URL and EVENT_SECRET; change it there")]
    Configured,
    /// There is one secret only.
    #[error("the endpoint has one secret only; a new one is made by rotating")]
    OneSecret,
}

/// Changes endpoints.
#[derive(Debug, Clone)]
pub struct Endpoints {
    outbox: Arc<dyn Outbox>,
    publisher: Arc<dyn Publisher>,
    keys: KeyRing,
    clock: Clock,
    reach: Reach,
}

impl Endpoints {
    /// With what it takes.
    pub fn new(
        outbox: Arc<dyn Outbox>,
        publisher: Arc<dyn Publisher>,
        keys: KeyRing,
        clock: Clock,
        reach: Reach,
    ) -> Self {
        Self {
            outbox,
            publisher,
            keys,
            clock,
            reach,
        }
    }

    /// Every endpoint, oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list(&self) -> Result<Vec<Endpoint>, EndpointError> {
        Ok(self.outbox.endpoints().await?)
    }

    /// An endpoint.
    ///
    /// # Errors
    /// There is none, or the database fails.
    pub async fn read(&self, id: &EndpointId) -> Result<Endpoint, EndpointError> {
        let found = self.outbox.endpoint(id).await?;
        found.ok_or_else(|| EndpointError::Unknown(id.clone()))
    }

    /// Sets one up with a new secret, which is told here and never again.
    ///
    /// # Errors
    /// The address cannot receive events, or is taken.
    pub async fn create(&self, url: &str) -> Result<(Endpoint, SigningSecret), EndpointError> {
        let url = EndpointUrl::parse(url, self.reach)?;
        let id = EndpointId::new(random_name(EndpointId::PREFIX));
        let secret = SigningSecret::generate();
        let now = self.clock.now();
        let endpoint = Endpoint {
            sealed_secrets: vec![self.seal(&id, &secret)?],
            id,
            url,
            state: EndpointState::Enabled,
            created_at: now,
            updated_at: now,
        };
        if !self.outbox.insert_endpoint(&endpoint).await? {
            return Err(EndpointError::Taken);
        }
        Ok((endpoint, secret))
    }

    /// Enables or disables one. What is on its way to a disabled one is canceled, and what happens
    /// while it is disabled is not sent to it.
    ///
    /// # Errors
    /// There is none.
    pub async fn enable(&self, id: &EndpointId, enabled: bool) -> Result<Endpoint, EndpointError> {
        let state = if enabled {
            EndpointState::Enabled
        } else {
            EndpointState::Disabled
        };
        self.change(id, |endpoint| {
            endpoint.state = state;
            Ok(())
        })
        .await
    }

    /// Moves one to another address; its secret and what is on its way stay.
    ///
    /// # Errors
    /// The address cannot receive events, or is taken.
    pub async fn relocate(&self, id: &EndpointId, url: &str) -> Result<Endpoint, EndpointError> {
        let url = EndpointUrl::parse(url, self.reach)?;
        self.change(own(id)?, |endpoint| {
            endpoint.url = url;
            Ok(())
        })
        .await
    }

    /// Adds a new secret, told here and never again. Events are signed with it and with the one before,
    /// until that is dropped.
    ///
    /// # Errors
    /// There is no such endpoint.
    pub async fn rotate(
        &self,
        id: &EndpointId,
    ) -> Result<(Endpoint, SigningSecret), EndpointError> {
        let secret = SigningSecret::generate();
        let sealed = self.seal(id, &secret)?;
        let endpoint = self
            .change(own(id)?, |endpoint| {
                endpoint.sealed_secrets.insert(0, sealed);
                endpoint.sealed_secrets.truncate(MAX_SECRETS);
                Ok(())
            })
            .await?;
        Ok((endpoint, secret))
    }

    /// Ends a rotation: from now on the newest secret alone signs.
    ///
    /// # Errors
    /// There is one secret only.
    pub async fn drop_previous_secret(&self, id: &EndpointId) -> Result<Endpoint, EndpointError> {
        self.change(own(id)?, |endpoint| {
            if endpoint.sealed_secrets.len() < MAX_SECRETS {
                return Err(EndpointError::OneSecret);
            }
            endpoint.sealed_secrets.truncate(1);
            Ok(())
        })
        .await
    }

    /// Sends a message that tells of nothing, signed as events are, and says what came of it.
    ///
    /// # Errors
    /// There is none, or its secret cannot be opened.
    pub async fn test(&self, id: &EndpointId) -> Result<Outcome, EndpointError> {
        let endpoint = self.read(id).await?;
        let secrets = open_secrets(&self.keys, &endpoint)?;
        let name = EventId::new(random_name("evt_test_"));
        let message = Message::test(name, self.clock.now());
        Ok(self
            .publisher
            .publish(&endpoint.url, &secrets, &message)
            .await)
    }

    /// Deletes one, and what was on its way to it.
    ///
    /// # Errors
    /// There is none.
    pub async fn delete(&self, id: &EndpointId) -> Result<(), EndpointError> {
        if self.outbox.delete_endpoint(own(id)?).await? {
            Ok(())
        } else {
            Err(EndpointError::Unknown(id.clone()))
        }
    }

    async fn change(
        &self,
        id: &EndpointId,
        change: impl FnOnce(&mut Endpoint) -> Result<(), EndpointError>,
    ) -> Result<Endpoint, EndpointError> {
        let mut endpoint = self.read(id).await?;
        let was = endpoint.updated_at;
        change(&mut endpoint)?;
        // Two changes in one millisecond are two changes.
        endpoint.updated_at = self
            .clock
            .now()
            .max(was.plus(std::time::Duration::from_millis(1)));
        if self.outbox.update_endpoint(&endpoint, was).await? {
            Ok(endpoint)
        } else {
            Err(EndpointError::Changed)
        }
    }

    fn seal(&self, id: &EndpointId, secret: &SigningSecret) -> Result<String, CryptoError> {
        self.keys.seal(secret.expose(), &signing_secret(id))
    }
}

/// Only what the API made may be changed by it.
fn own(id: &EndpointId) -> Result<&EndpointId, EndpointError> {
    if is_configured(id) {
        Err(EndpointError::Configured)
    } else {
        Ok(id)
    }
}
