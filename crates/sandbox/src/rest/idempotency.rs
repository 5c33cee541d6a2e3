//! `Idempotency-Key`: the first answer is kept and given again.
//! Source: <https://docs.tosspayments.com/reference/using-api/authorization>.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{body::Bytes, http::StatusCode};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use toss_model::ErrorCode;

use crate::sync::lock;

/// How long an answer is kept, from its first use.
pub(super) const LIFETIME: Duration = Duration::days(15);
/// The longest key, in characters.
pub(super) const MAX_LENGTH: usize = 300;

/// What makes two requests the same. The body is not part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Identity {
    /// The header.
    pub key: String,
    /// Whose.
    pub secret_key: String,
    /// With the method: POST, as only POST is idempotent here.
    pub method: String,
    /// Path and query as sent.
    pub url: String,
}

/// A kept answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredAnswer {
    /// The status of the first answer.
    pub status: StatusCode,
    /// Its body, byte for byte.
    pub body: Bytes,
    /// Its trace id.
    pub trace_id: String,
    /// Its error code, for the request log.
    pub code: Option<String>,
}

#[derive(Debug)]
enum Entry {
    InFlight {
        since: OffsetDateTime,
    },
    Answered {
        since: OffsetDateTime,
        kept: StoredAnswer,
    },
}

/// A kept answer as a file holds it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SavedAnswer {
    identity: Identity,
    since: OffsetDateTime,
    status: u16,
    body: String,
    trace_id: String,
    code: Option<String>,
}

/// What to do with a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Begun {
    /// The first: do it, then call [`IdempotencyStore::keep`] or [`IdempotencyStore::forget`].
    First,
    /// A repetition: give this answer.
    Again(StoredAnswer),
}

/// The kept answers, for everybody. Clones are the same store.
#[derive(Debug, Clone, Default)]
pub(crate) struct IdempotencyStore(Arc<Mutex<Store>>);

impl IdempotencyStore {
    /// Begins a request.
    ///
    /// # Errors
    /// `INVALID_IDEMPOTENCY_KEY` for a key that is too long, `IDEMPOTENT_REQUEST_PROCESSING` while the
    /// first is still in flight.
    pub(super) fn begin(
        &self,
        identity: &Identity,
        now: OffsetDateTime,
    ) -> Result<Begun, ErrorCode> {
        lock(&self.0).begin(identity, now)
    }

    /// Keeps the first answer.
    pub(super) fn keep(&self, identity: &Identity, answer: StoredAnswer) {
        lock(&self.0).keep(identity, answer);
    }

    /// Lets the key be used again, as if it had never come.
    pub(super) fn forget(&self, identity: &Identity) {
        lock(&self.0).forget(identity);
    }

    /// What a restart must not forget. A request in flight is not among it: its work is lost with it.
    pub(crate) fn save(&self) -> Vec<SavedAnswer> {
        lock(&self.0).save()
    }

    /// Takes over what was saved.
    pub(crate) fn restore(&self, saved: Vec<SavedAnswer>) {
        lock(&self.0).restore(saved);
    }

    /// Forgets all.
    pub(super) fn clear(&self) {
        lock(&self.0).clear();
    }
}

#[derive(Debug, Default)]
struct Store {
    entries: HashMap<Identity, Entry>,
    swept_at: Option<OffsetDateTime>,
}

impl Store {
    fn begin(&mut self, identity: &Identity, now: OffsetDateTime) -> Result<Begun, ErrorCode> {
        if identity.key.chars().count() > MAX_LENGTH {
            return Err(ErrorCode::InvalidIdempotencyKey);
        }
        self.sweep(now);
        match self.entries.get(identity) {
            Some(Entry::InFlight { .. }) => Err(ErrorCode::IdempotentRequestProcessing),
            Some(Entry::Answered { since, kept }) if now - *since < LIFETIME => {
                Ok(Begun::Again(kept.clone()))
            }
            _ => {
                self.entries
                    .insert(identity.clone(), Entry::InFlight { since: now });
                Ok(Begun::First)
            }
        }
    }

    fn keep(&mut self, identity: &Identity, kept: StoredAnswer) {
        if let Some(entry) = self.entries.get_mut(identity)
            && let Entry::InFlight { since } = *entry
        {
            *entry = Entry::Answered { since, kept };
        }
    }

    fn forget(&mut self, identity: &Identity) {
        self.entries.remove(identity);
    }

    fn save(&self) -> Vec<SavedAnswer> {
        self.entries
            .iter()
            .filter_map(|(identity, entry)| match entry {
                Entry::InFlight { .. } => None,
                Entry::Answered { since, kept } => Some(SavedAnswer {
                    identity: identity.clone(),
                    since: *since,
                    status: kept.status.as_u16(),
                    body: String::from_utf8_lossy(&kept.body).into_owned(),
                    trace_id: kept.trace_id.clone(),
                    code: kept.code.clone(),
                }),
            })
            .collect()
    }

    fn restore(&mut self, saved: Vec<SavedAnswer>) {
        for answer in saved {
            let kept = StoredAnswer {
                status: StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK),
                body: answer.body.into(),
                trace_id: answer.trace_id,
                code: answer.code,
            };
            let since = answer.since;
            let entry = Entry::Answered { since, kept };
            self.entries.insert(answer.identity, entry);
        }
    }

    fn clear(&mut self) {
        *self = Self::default();
    }

    /// Once an hour is enough to keep memory flat.
    fn sweep(&mut self, now: OffsetDateTime) {
        if self
            .swept_at
            .is_some_and(|at| now - at < Duration::hours(1))
        {
            return;
        }
        self.swept_at = Some(now);
        self.entries.retain(|_, entry| match entry {
            Entry::InFlight { .. } => true,
            Entry::Answered { since, .. } => now - *since < LIFETIME,
        });
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-21 09:00 +9);

    fn identity(key: &str) -> Identity {
        Identity {
            key: key.into(),
            secret_key: "sk".into(),
            method: "POST".into(),
            url: "/v1/payments/confirm".into(),
        }
    }

    fn kept() -> StoredAnswer {
        StoredAnswer {
            status: StatusCode::FORBIDDEN,
            body: Bytes::from_static(b"{}"),
            trace_id: "t".into(),
            code: Some("REJECT_CARD_PAYMENT".into()),
        }
    }

    #[test]
    fn the_second_waits_then_gets_the_first_answer_for_fifteen_days() {
        let mut store = Store::default();
        assert_eq!(store.begin(&identity("a"), NOW), Ok(Begun::First));
        assert_eq!(
            store.begin(&identity("a"), NOW),
            Err(ErrorCode::IdempotentRequestProcessing)
        );
        store.keep(&identity("a"), kept());
        let last = NOW + LIFETIME - Duration::SECOND;
        assert_eq!(store.begin(&identity("a"), last), Ok(Begun::Again(kept())));
        assert_eq!(
            store.begin(&identity("a"), NOW + LIFETIME),
            Ok(Begun::First)
        );
    }

    #[test]
    fn another_key_secret_or_url_is_another_request() {
        let mut store = Store::default();
        assert_eq!(store.begin(&identity("a"), NOW), Ok(Begun::First));
        let others = [
            identity("b"),
            Identity {
                secret_key: "other".into(),
                ..identity("a")
            },
            Identity {
                url: "/v1/billing/x".into(),
                ..identity("a")
            },
        ];
        for other in others {
            assert_eq!(store.begin(&other, NOW), Ok(Begun::First));
        }
        store.forget(&identity("a"));
        assert_eq!(store.begin(&identity("a"), NOW), Ok(Begun::First));
    }

    #[test]
    fn three_hundred_characters_are_allowed() {
        let mut store = Store::default();
        assert!(store.begin(&identity(&"가".repeat(300)), NOW).is_ok());
        assert_eq!(
            store.begin(&identity(&"a".repeat(301)), NOW),
            Err(ErrorCode::InvalidIdempotencyKey)
        );
    }

    #[test]
    fn old_answers_leave_memory() {
        let mut store = Store::default();
        for at in 0..100 {
            let id = identity(&at.to_string());
            assert_eq!(store.begin(&id, NOW), Ok(Begun::First));
            store.keep(&id, kept());
        }
        assert!(store.begin(&identity("new"), NOW + LIFETIME).is_ok());
        assert_eq!(store.entries.len(), 1);
    }
}
