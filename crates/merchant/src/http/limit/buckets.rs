//! Token buckets in memory: as much work per request with a million callers as with one.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use lru::LruCache;

/// How many requests at once, and how many per second in the long run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate {
    pub(super) burst: f64,
    pub(super) per_second: f64,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

/// Callers that do not share a part do not wait for each other.
const PARTS: usize = 16;
/// Buckets of a part. Beyond them the one that was used longest ago is forgotten: after a minute it is
/// full again anyway, and who has so many names gets at most a burst for each.
const PER_PART: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

/// One bucket per caller, all of the same rate.
#[derive(Debug)]
pub(super) struct Buckets<K: Hash + Eq> {
    rate: Rate,
    /// Seeded at random, so that nobody can choose names that all fall into one part.
    hasher: RandomState,
    parts: Vec<Mutex<LruCache<K, Bucket>>>,
}

impl<K: Hash + Eq> Buckets<K> {
    pub(super) fn new(rate: Rate) -> Self {
        let part = || Mutex::new(LruCache::new(PER_PART));
        Self {
            rate,
            hasher: RandomState::new(),
            parts: (0..PARTS).map(|_| part()).collect(),
        }
    }

    /// Takes one token. `Err`: how long until there is one.
    pub(super) fn take(&self, caller: K, now: Instant) -> Result<(), Duration> {
        let Rate { burst, per_second } = self.rate;
        let mut part = self.part(&caller);
        let bucket = part.get_or_insert_mut(caller, || Bucket {
            tokens: burst,
            filled: now,
        });
        let since = now.duration_since(bucket.filled).as_secs_f64();
        bucket.tokens = (bucket.tokens + since * per_second).min(burst);
        bucket.filled = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64((1.0 - bucket.tokens) / per_second))
    }

    fn part(&self, caller: &K) -> std::sync::MutexGuard<'_, LruCache<K, Bucket>> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "any bits of the hash will do"
        )]
        let index = self.hasher.hash_one(caller) as usize % PARTS;
        self.parts[index]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, hash::Hasher};

    use super::*;

    const RATE: Rate = Rate {
        burst: 2.0,
        per_second: 1.0,
    };

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let buckets = Buckets::new(RATE);
        let start = Instant::now();
        assert!(buckets.take("a", start).is_ok());
        assert!(buckets.take("a", start).is_ok());
        let wait = buckets.take("a", start).unwrap_err();
        assert_eq!(wait, Duration::from_secs(1));
        assert!(buckets.take("b", start).is_ok(), "others are not affected");
        let later = start + Duration::from_secs(1);
        assert!(buckets.take("a", later).is_ok());
        assert!(buckets.take("a", later).is_err());
    }

    thread_local! {
        /// How often any bucket was touched: its name hashed, compared or dropped.
        static TOUCHED: Cell<usize> = const { Cell::new(0) };
    }

    fn touch() {
        TOUCHED.set(TOUCHED.get() + 1);
    }

    struct Name(usize);

    impl Hash for Name {
        fn hash<H: Hasher>(&self, state: &mut H) {
            touch();
            self.0.hash(state);
        }
    }

    impl PartialEq for Name {
        fn eq(&self, other: &Self) -> bool {
            touch();
            self.0 == other.0
        }
    }

    impl Eq for Name {}

    impl Drop for Name {
        fn drop(&mut self) {
            touch();
        }
    }

    #[test]
    fn a_request_costs_the_same_whoever_else_calls() {
        let buckets = Buckets::new(RATE);
        let start = Instant::now();
        let mut most = 0;
        // Twice round, the second time long after: whatever is swept up is swept up within one request.
        for round in 0..2 {
            let now = start + Duration::from_mins(2) * round;
            for caller in 0..100_000 {
                TOUCHED.set(0);
                assert!(buckets.take(Name(caller), now).is_ok());
                most = most.max(TOUCHED.get());
            }
        }
        assert!(most <= 16, "{most}");
        let held = |part: &Mutex<LruCache<_, _>>| part.lock().unwrap().len();
        let held: usize = buckets.parts.iter().map(held).sum();
        assert!(held <= PARTS * PER_PART.get(), "{held}");
    }

    #[test]
    fn the_limit_holds_among_fifty_thousand_callers() {
        let buckets = Buckets::new(RATE);
        let now = Instant::now();
        for _ in 0..2 {
            for caller in 0..50_000 {
                assert!(buckets.take(caller, now).is_ok());
            }
        }
        for caller in 0..50_000 {
            assert!(buckets.take(caller, now).is_err());
        }
    }
}
