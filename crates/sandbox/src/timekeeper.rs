//! Moving the clock: what falls due on the way is done before the mover goes on.

use time::{Duration, OffsetDateTime};
use toss_model::{Clock, ClockError};

use crate::{clock::SharedClock, rest::Api, toss::Toss};

/// The clock with everything that goes by it.
#[derive(Debug, Clone)]
pub(crate) struct Timekeeper {
    clock: SharedClock,
    api: Api,
    toss: Toss,
}

impl Timekeeper {
    pub(crate) fn new(clock: SharedClock, api: Api, toss: Toss) -> Self {
        Self { clock, api, toss }
    }

    pub(crate) fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    pub(crate) fn read(&self) -> Clock {
        self.clock.read()
    }

    pub(crate) fn advance(&self, by: Duration) -> Result<(), ClockError> {
        self.clock.advance(by)?;
        self.tick();
        Ok(())
    }

    pub(crate) fn jump_to(&self, moment: OffsetDateTime) -> Result<(), ClockError> {
        self.clock.jump_to(moment)?;
        self.tick();
        Ok(())
    }

    pub(crate) fn freeze(&self) {
        self.clock.freeze();
        self.tick();
    }

    pub(crate) fn resume(&self) {
        self.clock.resume();
        self.tick();
    }

    /// Does what has fallen due: first the work that was put off, each at its own moment.
    pub(crate) fn tick(&self) {
        self.api.do_late_work();
        self.toss.pass_time();
    }

    /// What time alone brings about is told without anybody asking. Never returns.
    pub(crate) async fn watch(self) {
        let mut moves = self.clock.moves();
        loop {
            // Woken early when somebody moves the clock; that it ends is impossible while the clock lives.
            let _ = tokio::time::timeout(TICK, moves.changed()).await;
            self.tick();
        }
    }
}

/// How often it is looked whether something has run out.
const TICK: std::time::Duration = std::time::Duration::from_secs(1);
