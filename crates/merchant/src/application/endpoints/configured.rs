//! Endpoints that `EVENT_URL` and `EVENT_SECRET` set.

use super::{EndpointError, Endpoints};
use crate::{
    application::deliver_event::open_secrets,
    crypto::CryptoError,
    domain::{
        endpoint::{Endpoint, EndpointState, EndpointUrl},
        ids::EndpointId,
        names::digest,
        signing_secret::SigningSecret,
    },
};

/// An endpoint of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredEndpoint {
    /// Where it is.
    pub url: EndpointUrl,
    /// The newest first.
    pub secrets: Vec<SigningSecret>,
}

/// Begins the names of endpoints that the configuration sets.
const CONFIGURED: &str = "ep_env_";

/// Whether `EVENT_URL` says what the endpoint is.
pub fn is_configured(id: &EndpointId) -> bool {
    id.as_str().starts_with(CONFIGURED)
}

impl Endpoints {
    /// Makes the endpoints of the configuration what it says, and removes those that it no longer
    /// names. One that answered 410 or was disabled stays so.
    ///
    /// # Errors
    /// The database fails, or an address is taken by an endpoint of the API.
    pub async fn configure(&self, wanted: &[ConfiguredEndpoint]) -> Result<(), EndpointError> {
        let known = self.outbox.endpoints().await?;
        let mut kept = Vec::with_capacity(wanted.len());
        for one in wanted {
            let id = EndpointId::new(format!("{CONFIGURED}{}", short(one.url.as_str())));
            match known.iter().find(|endpoint| endpoint.id == id) {
                None => self.insert_configured(&id, one).await?,
                Some(endpoint) => self.update_configured(endpoint, one).await?,
            }
            kept.push(id);
        }
        for endpoint in known {
            if is_configured(&endpoint.id)
                && endpoint.state != EndpointState::Removed
                && !kept.contains(&endpoint.id)
            {
                tracing::warn!(
                    "{} is not in EVENT_URL any more and gets no events",
                    endpoint.url.as_str()
                );
                self.change(&endpoint.id, |endpoint| {
                    endpoint.state = EndpointState::Removed;
                    Ok(())
                })
                .await?;
            }
        }
        Ok(())
    }

    async fn insert_configured(
        &self,
        id: &EndpointId,
        one: &ConfiguredEndpoint,
    ) -> Result<(), EndpointError> {
        let now = self.clock.now();
        let endpoint = Endpoint {
            id: id.clone(),
            url: one.url.clone(),
            sealed_secrets: self.seal_all(id, &one.secrets)?,
            state: EndpointState::Enabled,
            created_at: now,
            updated_at: now,
        };
        // Another copy that starts at the same moment inserts the same.
        if self.outbox.insert_endpoint(&endpoint).await?
            || self.outbox.endpoint(id).await?.is_some()
        {
            return Ok(());
        }
        Err(EndpointError::Taken)
    }

    async fn update_configured(
        &self,
        known: &Endpoint,
        one: &ConfiguredEndpoint,
    ) -> Result<(), EndpointError> {
        if matches!(known.state, EndpointState::Gone | EndpointState::Disabled) {
            tracing::warn!(
                state = %known.state,
                "{} of EVENT_URL gets no events; enable it with: toss-merchant events endpoints enable {}",
                known.url.as_str(),
                known.id
            );
        }
        let same = open_secrets(&self.keys, known).is_ok_and(|secrets| secrets == one.secrets);
        if same && known.state != EndpointState::Removed {
            return Ok(());
        }
        let sealed_secrets = self.seal_all(&known.id, &one.secrets)?;
        let changed = self
            .change(&known.id, |endpoint| {
                endpoint.sealed_secrets = sealed_secrets;
                if endpoint.state == EndpointState::Removed {
                    endpoint.state = EndpointState::Enabled;
                }
                Ok(())
            })
            .await;
        match changed {
            // Another copy that starts at the same moment writes the same.
            Ok(_) | Err(EndpointError::Changed) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn seal_all(
        &self,
        id: &EndpointId,
        secrets: &[SigningSecret],
    ) -> Result<Vec<String>, CryptoError> {
        secrets.iter().map(|secret| self.seal(id, secret)).collect()
    }
}

/// Enough of a digest to name a handful of addresses.
fn short(url: &str) -> String {
    digest(&[url]).chars().take(16).collect()
}
