//! Keys of the merchant API: made, rotated and taken back by the operator, recognised by their digest.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use thiserror::Error;

use super::ports::RecordsError;
use crate::{
    clock::Clock,
    crypto::random_name,
    domain::{
        api_key::{ApiKey, ApiKeyState, ApiKeyText, Scope},
        ids::ApiKeyId,
        names,
        text::{TextProblem, check_name},
        time::Millis,
    },
};

/// That a key was used is written down at most this often.
const USED_AGAIN: Duration = Duration::from_mins(1);

/// Where keys are kept, by the digest of their text.
#[async_trait]
pub trait ApiKeyStore: fmt::Debug + Send + Sync {
    /// Every key, oldest first.
    async fn api_keys(&self) -> Result<Vec<ApiKey>, RecordsError>;
    /// The key whose text has this digest.
    async fn api_key_of_digest(&self, digest: &str) -> Result<Option<ApiKey>, RecordsError>;
    /// Writes a new key down; with it, when one that it takes the place of ends.
    async fn insert_api_key(
        &self,
        key: &ApiKey,
        digest: &str,
        replaced: Option<(ApiKeyId, Millis)>,
    ) -> Result<(), RecordsError>;
    /// Takes a key back. `false`: it was taken back before.
    async fn revoke_api_key(&self, id: &ApiKeyId, now: Millis) -> Result<bool, RecordsError>;
    /// Writes down that a key was used.
    async fn api_key_was_used(&self, id: &ApiKeyId, now: Millis) -> Result<(), RecordsError>;
}

/// Why a key was not made or changed.
#[derive(Debug, Error)]
pub enum ApiKeyError {
    /// The database failed.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// There is none of that name.
    #[error("there is no key named {0}; list shows them all")]
    Unknown(ApiKeyId),
    /// It opens nothing any more.
    #[error("the key is {0} already")]
    Over(ApiKeyState),
    /// A key that may do nothing.
    #[error("a key needs at least one scope: read, write or refund")]
    NoScope,
    /// What it is for cannot be shown.
    #[error("label {0}")]
    Label(TextProblem),
}

/// Makes keys and recognises them.
#[derive(Debug, Clone)]
pub struct ApiKeys {
    store: Arc<dyn ApiKeyStore>,
    clock: Clock,
}

impl ApiKeys {
    /// With what it takes.
    pub fn new(store: Arc<dyn ApiKeyStore>, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Every key, oldest first, and how it stands.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list(&self) -> Result<Vec<(ApiKey, ApiKeyState)>, ApiKeyError> {
        let now = self.clock.now();
        let keys = self.store.api_keys().await?;
        Ok(keys
            .into_iter()
            .map(|key| {
                let state = key.state_at(now);
                (key, state)
            })
            .collect())
    }

    /// Makes a key; its text is told here and never again.
    ///
    /// # Errors
    /// No scope, or a label that cannot be shown.
    pub async fn create(
        &self,
        label: &str,
        scopes: &[Scope],
        lasts: Option<Duration>,
    ) -> Result<(ApiKey, ApiKeyText), ApiKeyError> {
        check_name(label).map_err(ApiKeyError::Label)?;
        let scopes: Vec<Scope> = Scope::ALL
            .iter()
            .copied()
            .filter(|scope| scopes.contains(scope))
            .collect();
        if scopes.is_empty() {
            return Err(ApiKeyError::NoScope);
        }
        self.insert(label, scopes, lasts, None).await
    }

    /// Makes a key with the label and the scopes of another, which ends after `grace`: until then both
    /// open the same.
    ///
    /// # Errors
    /// There is no such key, or it opens nothing any more.
    pub async fn rotate(
        &self,
        id: &ApiKeyId,
        grace: Duration,
    ) -> Result<(ApiKey, ApiKeyText), ApiKeyError> {
        let old = self.active(id).await?;
        let end = self.clock.now().plus(grace);
        let end = old.expires_at.map_or(end, |earlier| earlier.min(end));
        self.insert(&old.label, old.scopes, None, Some((old.id, end)))
            .await
    }

    /// Takes a key back at once.
    ///
    /// # Errors
    /// There is no such key, or it opens nothing any more.
    pub async fn revoke(&self, id: &ApiKeyId) -> Result<(), ApiKeyError> {
        self.active(id).await?;
        if self.store.revoke_api_key(id, self.clock.now()).await? {
            Ok(())
        } else {
            Err(ApiKeyError::Over(ApiKeyState::Revoked))
        }
    }

    /// The key with this text, if it opens anything. It is found by the text's digest, so that how long
    /// that takes tells nothing about the text.
    ///
    /// # Errors
    /// The database fails.
    pub async fn recognise(&self, text: &str) -> Result<Option<ApiKey>, RecordsError> {
        if !text.starts_with(ApiKeyText::PREFIX) {
            return Ok(None);
        }
        let found = self.store.api_key_of_digest(&names::api_key(text)).await?;
        let now = self.clock.now();
        let Some(key) = found.filter(|key| key.state_at(now) == ApiKeyState::Active) else {
            return Ok(None);
        };
        let told = key.last_used_at;
        if told.is_none_or(|last| now.since(last) >= USED_AGAIN) {
            self.store.api_key_was_used(&key.id, now).await?;
        }
        Ok(Some(key))
    }

    async fn active(&self, id: &ApiKeyId) -> Result<ApiKey, ApiKeyError> {
        let keys = self.list().await?;
        let found = keys.into_iter().find(|(key, _)| key.id == *id);
        match found {
            None => Err(ApiKeyError::Unknown(id.clone())),
            Some((key, ApiKeyState::Active)) => Ok(key),
            Some((_, over)) => Err(ApiKeyError::Over(over)),
        }
    }

    async fn insert(
        &self,
        label: &str,
        scopes: Vec<Scope>,
        lasts: Option<Duration>,
        replaced: Option<(ApiKeyId, Millis)>,
    ) -> Result<(ApiKey, ApiKeyText), ApiKeyError> {
        let now = self.clock.now();
        // Twice 131 bits: whoever reads digests in a backup gains nothing.
        let text = ApiKeyText::new(random_name(&random_name(ApiKeyText::PREFIX)));
        let key = ApiKey {
            id: ApiKeyId::new(random_name(ApiKeyId::PREFIX)),
            prefix: text.beginning(),
            scopes,
            label: label.to_owned(),
            created_at: now,
            last_used_at: None,
            revoked_at: None,
            expires_at: lasts.map(|lasts| now.plus(lasts)),
        };
        let digest = names::api_key(text.expose());
        self.store.insert_api_key(&key, &digest, replaced).await?;
        Ok((key, text))
    }
}
