//! The sandbox's clock for everybody: it reads the machine's, and whoever waits for a moment wakes when the
//! clock gets there.

use std::{
    sync::{Arc, Mutex},
    time::Duration as Wait,
};

use time::{Duration, OffsetDateTime};
use tokio::sync::watch;
use toss_model::{Clock, ClockError};

use crate::sync::lock;

/// Where "now" comes from. Clones are the same clock.
#[derive(Debug, Clone)]
pub(crate) struct SharedClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Mutex<Clock>,
    moved: watch::Sender<()>,
}

impl SharedClock {
    pub(crate) fn new(clock: Clock) -> Self {
        Self(Arc::new(Inner {
            clock: Mutex::new(clock),
            moved: watch::Sender::new(()),
        }))
    }

    /// This moment.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.read().now(OffsetDateTime::now_utc())
    }

    /// How it differs from the machine's clock.
    pub(crate) fn read(&self) -> Clock {
        *lock(&self.0.clock)
    }

    fn change<T>(&self, change: impl FnOnce(&mut Clock, OffsetDateTime) -> T) -> T {
        let changed = change(&mut lock(&self.0.clock), OffsetDateTime::now_utc());
        self.0.moved.send_replace(());
        changed
    }

    pub(crate) fn jump_to(&self, moment: OffsetDateTime) -> Result<(), ClockError> {
        self.change(|clock, machine| clock.jump_to(moment, machine))
    }

    pub(crate) fn advance(&self, by: Duration) -> Result<(), ClockError> {
        self.change(|clock, machine| clock.advance(by, machine))
    }

    pub(crate) fn freeze(&self) {
        self.change(Clock::freeze);
    }

    pub(crate) fn resume(&self) {
        self.change(Clock::resume);
    }

    /// Shows the machine's time again.
    pub(crate) fn reset(&self) {
        self.change(|clock, _| *clock = Clock::default());
    }

    /// Waits until the clock shows this moment, however it gets there.
    pub(crate) async fn sleep_until(&self, moment: OffsetDateTime) {
        let mut moved = self.0.moved.subscribe();
        loop {
            let clock = self.read();
            let left = moment - clock.now(OffsetDateTime::now_utc());
            let Ok(wait) = Wait::try_from(left) else {
                return;
            };
            if wait.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(wait), if !clock.is_frozen() => {}
                // The sender lives as long as this clock.
                _ = moved.changed() => {}
            }
        }
    }

    /// Tells each time when somebody has moved the clock.
    pub(crate) fn moves(&self) -> watch::Receiver<()> {
        self.0.moved.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_wakes_when_the_clock_gets_there() {
        let clock = SharedClock::new(Clock::default());
        clock.freeze();
        let until = clock.now() + Duration::days(365);
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(until).await }
        });
        clock.advance(Duration::days(364)).unwrap();
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        clock.advance(Duration::days(2)).unwrap();
        waiting.await.unwrap();
        clock.sleep_until(until).await;
    }
}
