//! Time: one source of "now" that tests can set, and moments as Toss and the page write them.

mod follow;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use self::follow::Seen;
pub use crate::domain::time::Millis;
use crate::domain::time::millis;

/// Where "now" comes from.
#[derive(Debug, Clone, Default)]
pub struct Clock(Source);

#[derive(Debug, Clone, Default)]
enum Source {
    #[default]
    System,
    /// Milliseconds since 1970; a test sets them.
    Manual(Arc<AtomicI64>),
    /// The machine's clock and so many milliseconds more; a test adds to them.
    Ahead(Arc<AtomicI64>),
    Sandbox(Arc<Seen>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still until [`Clock::advance`] moves it. For tests.
    pub fn manual(start: Millis) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.0))))
    }

    /// The machine's clock, until [`Clock::advance`] moves it ahead. For tests.
    pub fn running() -> Self {
        Self(Source::Ahead(Arc::default()))
    }

    /// Now.
    pub fn now(&self) -> Millis {
        match &self.0 {
            Source::Ahead(by) => Millis(system_now() + by.load(Ordering::SeqCst)),
            Source::System => Millis(system_now()),
            Source::Manual(set) => Millis(set.load(Ordering::SeqCst)),
            Source::Sandbox(seen) => seen.now(),
        }
    }

    /// Whether it is the machine's clock, and no test's or sandbox's.
    pub fn is_the_machines(&self) -> bool {
        matches!(self.0, Source::System)
    }

    /// Moves a test's clock back; others stay as they are.
    pub fn set_back(&self, time: Duration) {
        if let Source::Manual(at) | Source::Ahead(at) = &self.0 {
            at.fetch_sub(millis(time), Ordering::SeqCst);
        }
    }

    /// Moves a test's clock on; others stay as they are.
    pub fn advance(&self, time: Duration) {
        if let Source::Manual(at) | Source::Ahead(at) = &self.0 {
            at.fetch_add(millis(time), Ordering::SeqCst);
        }
    }
}

fn system_now() -> i64 {
    i64::try_from(time::OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000)
        .unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(Millis(1000));
        clock.advance(Duration::from_secs(2));
        assert_eq!(clock.now(), Millis(3000));
        assert_eq!(clock.now().since(Millis(1000)), Duration::from_secs(2));
        assert_eq!(Millis(1).since(Millis(2)), Duration::ZERO);
    }
}
