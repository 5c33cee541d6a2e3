//! Idempotency keys of the merchant API: the same request under the same key gets the same answer for ever.
//! Request and answer are kept sealed, since an answer may show a secret that is told once, and a request
//! may hold a card number, which could be guessed from an open digest.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{error::UseCaseError, ports::RecordsError};
use crate::{
    clock::Clock,
    crypto::{KeyRing, same},
    domain::{names::context, time::Millis},
};

/// How long a request may be at work before another of the same key takes it up: the process that began
/// it is gone then. Longer than the longest call, a card that is registered and charged.
const HOLD: Duration = Duration::from_mins(2);

/// A request as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRequest {
    /// The caller's `Idempotency-Key`.
    pub key: String,
    /// The pattern of its address, for operators.
    pub route: String,
    /// What was asked, digested and sealed.
    pub sealed_digest: String,
    /// What was answered: status and sealed body.
    pub answer: Option<(u16, String)>,
    /// When it first came.
    pub created_at: Millis,
    /// Until then somebody is at it.
    pub held_until: Option<Millis>,
}

/// What becomes of a request that somebody held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Release {
    /// Answered for ever: status and sealed body.
    Keep(u16, String),
    /// No answer yet; the same request may come again at once.
    Free,
    /// Nothing was done: the key may be used for another request.
    Forget,
}

/// Where requests are kept.
#[async_trait]
pub trait ApiRequestStore: fmt::Debug + Send + Sync {
    /// The request with this key.
    async fn api_request(&self, key: &str) -> Result<Option<StoredRequest>, RecordsError>;
    /// Writes a new one down. `false`: there is one with its key.
    async fn insert_api_request(&self, request: StoredRequest) -> Result<bool, RecordsError>;
    /// Takes an unanswered one that was held so. `false`: somebody else was quicker.
    async fn hold_api_request(
        &self,
        key: &str,
        was: Option<Millis>,
        until: Millis,
    ) -> Result<bool, RecordsError>;
    /// Gives one back. `false`: somebody else has it.
    async fn release_api_request(
        &self,
        key: &str,
        held_until: Millis,
        release: Release,
    ) -> Result<bool, RecordsError>;
}

/// A request that the caller has to answer now.
#[derive(Debug)]
pub struct Held {
    key: String,
    until: Millis,
    /// Whether it came for the first time.
    fresh: bool,
}

/// How a request with an idempotency key goes on.
#[derive(Debug)]
pub enum Begun {
    /// Nobody has answered it: whoever gets this does, and gives it back.
    Mine(Held),
    /// It was answered before: status and body.
    Answered(u16, String),
    /// Somebody is at it.
    InProgress,
    /// The key belongs to another request.
    OtherRequest,
}

/// What a request came to.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// Answered for ever: status and body.
    Final(u16, &'a str),
    /// Open: the same request asks again.
    NotYet,
    /// Nothing was done.
    Nothing,
}

/// Keeps requests and their answers.
#[derive(Debug, Clone)]
pub struct ApiRequests {
    store: Arc<dyn ApiRequestStore>,
    keys: KeyRing,
    clock: Clock,
}

impl ApiRequests {
    /// With what it takes.
    pub fn new(store: Arc<dyn ApiRequestStore>, keys: KeyRing, clock: Clock) -> Self {
        Self { store, keys, clock }
    }

    /// Begins a request, or says what became of the same one before.
    ///
    /// # Errors
    /// The records fail, or what was kept cannot be opened any more.
    pub async fn begin(&self, key: &str, route: &str, digest: &str) -> Result<Begun, UseCaseError> {
        let now = self.clock.now();
        let until = now.plus(HOLD);
        let Some(known) = self.store.api_request(key).await? else {
            let new = StoredRequest {
                key: key.to_owned(),
                route: route.to_owned(),
                sealed_digest: self.keys.seal(digest, &context::api_request(key))?,
                answer: None,
                created_at: now,
                held_until: Some(until),
            };
            // Another one of the same key came at the same moment.
            if !self.store.insert_api_request(new).await? {
                return Ok(Begun::InProgress);
            }
            return Ok(Begun::Mine(Held {
                key: key.to_owned(),
                until,
                fresh: true,
            }));
        };
        let before = self.open(&known.sealed_digest, &context::api_request(key))?;
        if !same(&before, digest) {
            return Ok(Begun::OtherRequest);
        }
        if let Some((status, sealed)) = &known.answer {
            let body = self.open(sealed, &context::api_answer(key))?;
            return Ok(Begun::Answered(*status, body.to_string()));
        }
        let free = known.held_until.is_none_or(|held| held <= now);
        if !free
            || !self
                .store
                .hold_api_request(key, known.held_until, until)
                .await?
        {
            return Ok(Begun::InProgress);
        }
        Ok(Begun::Mine(Held {
            key: key.to_owned(),
            until,
            fresh: false,
        }))
    }

    /// Whether somebody else may take the request up by now.
    pub fn is_over(&self, held: &Held) -> bool {
        self.clock.now() >= held.until
    }

    /// Writes down what a request came to.
    ///
    /// # Errors
    /// The records fail.
    pub async fn end(&self, held: &Held, outcome: Outcome<'_>) -> Result<(), UseCaseError> {
        let release = match outcome {
            Outcome::Final(status, body) => Release::Keep(
                status,
                self.keys.seal(body, &context::api_answer(&held.key))?,
            ),
            // An earlier try of the same request may have done something.
            Outcome::Nothing if held.fresh => Release::Forget,
            Outcome::Nothing | Outcome::NotYet => Release::Free,
        };
        let released = self
            .store
            .release_api_request(&held.key, held.until, release)
            .await?;
        if !released {
            tracing::warn!("a call took longer than its idempotency key was held for it");
        }
        Ok(())
    }

    fn open(
        &self,
        sealed: &str,
        context: &str,
    ) -> Result<zeroize::Zeroizing<String>, UseCaseError> {
        self.keys.open(sealed, context).map_err(|error| {
            tracing::error!(%error, "an answer of the merchant API cannot be given again");
            UseCaseError::Conflict(
                "this Idempotency-Key was used before, and its answer cannot be opened any more; the server's log says why"
                    .to_owned(),
            )
        })
    }
}
