//! The sandbox's clock. The state machine never reads one: it is told the moment.

use time::OffsetDateTime;

/// Where "now" comes from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clock;

impl Clock {
    /// This moment, by the machine's clock.
    #[expect(
        clippy::unused_self,
        reason = "callers hold a clock, so that one that can be set takes its place without touching them"
    )]
    pub(crate) fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}
