//! Requests per minute. Toss's test environment allows 100 for each API; the sandbox does when it is told to.
//! Source: <https://docs.tosspayments.com/guides/v2/get-started/environment>.

use std::collections::HashMap;

use time::{Duration, OffsetDateTime};

use crate::faults::Endpoint;

/// How many each secret key has asked of each API in the minute that runs.
#[derive(Debug, Default)]
pub(crate) struct Limiter(HashMap<(String, Endpoint), (OffsetDateTime, u32)>);

impl Limiter {
    /// Counts a request. False when it is one too many.
    pub(super) fn admits(
        &mut self,
        secret_key: &str,
        endpoint: Endpoint,
        per_minute: u32,
        now: OffsetDateTime,
    ) -> bool {
        let entry = self
            .0
            .entry((secret_key.to_owned(), endpoint))
            .or_insert((now, 0));
        if now - entry.0 >= Duration::MINUTE {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
        entry.1 <= per_minute
    }

    /// Forgets all counts.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn each_key_has_its_own_minute_for_each_api() {
        let now = datetime!(2026-11-21 09:00 +9);
        let mut limiter = Limiter::default();
        assert!(limiter.admits("a", Endpoint::Lookup, 2, now));
        assert!(limiter.admits("a", Endpoint::Lookup, 2, now));
        assert!(!limiter.admits("a", Endpoint::Lookup, 2, now));
        assert!(limiter.admits("a", Endpoint::Confirm, 2, now));
        assert!(limiter.admits("b", Endpoint::Lookup, 2, now));
        assert!(limiter.admits("a", Endpoint::Lookup, 2, now + Duration::MINUTE));
    }
}
