//! Requests per minute. Toss's test environment allows 100 for each API; the sandbox does when it is told to.
//! Source: <https://docs.tosspayments.com/guides/v2/get-started/environment>.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use time::{Duration, OffsetDateTime};

use crate::{faults::Endpoint, sync::lock};

/// How many each secret key has asked of each API in the minute that runs, and how many it may. Clones count
/// together.
#[derive(Debug, Clone)]
pub(crate) struct RateLimiter {
    per_minute: Option<u32>,
    counts: Arc<Mutex<Counts>>,
}

type Counts = HashMap<(String, Endpoint), (OffsetDateTime, u32)>;

impl RateLimiter {
    /// None admits everything.
    pub(crate) fn new(per_minute: Option<u32>) -> Self {
        Self {
            per_minute,
            counts: Arc::default(),
        }
    }

    /// Counts a request. False when it is one too many.
    pub(super) fn admits(&self, secret_key: &str, endpoint: Endpoint, now: OffsetDateTime) -> bool {
        let Some(per_minute) = self.per_minute else {
            return true;
        };
        let mut counts = lock(&self.counts);
        let entry = counts
            .entry((secret_key.to_owned(), endpoint))
            .or_insert((now, 0));
        if now - entry.0 >= Duration::MINUTE {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
        entry.1 <= per_minute
    }

    /// Forgets all counts.
    pub(super) fn clear(&self) {
        lock(&self.counts).clear();
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn each_key_has_its_own_minute_for_each_api() {
        let now = datetime!(2026-11-21 09:00 +9);
        let limiter = RateLimiter::new(Some(2));
        assert!(limiter.admits("a", Endpoint::Lookup, now));
        assert!(limiter.admits("a", Endpoint::Lookup, now));
        assert!(!limiter.admits("a", Endpoint::Lookup, now));
        assert!(limiter.admits("a", Endpoint::Confirm, now));
        assert!(limiter.admits("b", Endpoint::Lookup, now));
        assert!(limiter.admits("a", Endpoint::Lookup, now + Duration::MINUTE));
        let unlimited = RateLimiter::new(None);
        assert!((0..1_000).all(|_| unlimited.admits("a", Endpoint::Lookup, now)));
    }
}
