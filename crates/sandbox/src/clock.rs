//! The sandbox's clock. The state machine never reads one: it is told the moment. It can be moved
//! forward, frozen and resumed, and whoever waits for a moment wakes when the clock gets there.

use std::{
    sync::{Arc, Mutex},
    time::Duration as Wait,
};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::{Duration, OffsetDateTime, macros::datetime};
use tokio::sync::watch;

use crate::sync::lock;

/// Beyond it moments cannot be written any more.
const END: OffsetDateTime = datetime!(3000-01-01 00:00 UTC);

/// Where "now" comes from. Clones are the same clock.
#[derive(Debug, Clone)]
pub(crate) struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    hands: Mutex<Hands>,
    moved: watch::Sender<()>,
}

/// How the clock differs from the machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Hands {
    /// How far it is ahead.
    pub(crate) ahead: Duration,
    /// Where it stands, when it stands.
    pub(crate) frozen: Option<OffsetDateTime>,
}

/// Why the clock cannot be moved so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ClockError {
    /// Payments of the future would be there already.
    #[error(
        "the clock only goes forward; POST /sandbox/api/reset forgets everything and sets it right"
    )]
    Backwards,
    /// Past the last moment.
    #[error("the clock ends with the year 2999")]
    End,
}

impl Clock {
    pub(crate) fn new(hands: Hands) -> Self {
        Self(Arc::new(Inner {
            hands: Mutex::new(hands),
            moved: watch::Sender::new(()),
        }))
    }

    /// This moment.
    pub(crate) fn now(&self) -> OffsetDateTime {
        read(&self.hands())
    }

    /// How it differs from the machine's clock.
    pub(crate) fn hands(&self) -> Hands {
        *lock(&self.0.hands)
    }

    /// Goes to a moment; frozen it stays frozen, there.
    ///
    /// # Errors
    /// The moment has passed, or lies too far ahead.
    pub(crate) fn jump_to(&self, moment: OffsetDateTime) -> Result<(), ClockError> {
        let mut hands = lock(&self.0.hands);
        let now = read(&hands);
        if moment < now {
            return Err(ClockError::Backwards);
        }
        if moment >= END {
            return Err(ClockError::End);
        }
        if hands.frozen.is_some() {
            hands.frozen = Some(moment);
        } else {
            hands.ahead += moment - now;
        }
        drop(hands);
        self.0.moved.send_replace(());
        Ok(())
    }

    /// Goes forward.
    ///
    /// # Errors
    /// A negative duration, or too long a one.
    pub(crate) fn advance(&self, by: Duration) -> Result<(), ClockError> {
        if by.is_negative() {
            return Err(ClockError::Backwards);
        }
        let moment = self.now().checked_add(by).ok_or(ClockError::End)?;
        self.jump_to(moment.max(self.now()))
    }

    /// Stops at this moment.
    pub(crate) fn freeze(&self) {
        let mut hands = lock(&self.0.hands);
        hands.frozen = Some(read(&hands));
        drop(hands);
        self.0.moved.send_replace(());
    }

    /// Goes on from where it stands.
    pub(crate) fn resume(&self) {
        let mut hands = lock(&self.0.hands);
        if let Some(frozen) = hands.frozen.take() {
            hands.ahead = frozen - OffsetDateTime::now_utc();
        }
        drop(hands);
        self.0.moved.send_replace(());
    }

    /// Shows the machine's time again.
    pub(crate) fn reset(&self) {
        *lock(&self.0.hands) = Hands::default();
        self.0.moved.send_replace(());
    }

    /// Waits until the clock shows this moment, however it gets there.
    pub(crate) async fn sleep_until(&self, moment: OffsetDateTime) {
        let mut moved = self.0.moved.subscribe();
        loop {
            let hands = self.hands();
            let left = moment - read(&hands);
            let Ok(wait) = Wait::try_from(left) else {
                return;
            };
            if wait.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(wait), if hands.frozen.is_none() => {}
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

fn read(hands: &Hands) -> OffsetDateTime {
    hands.frozen.unwrap_or_else(|| {
        OffsetDateTime::now_utc()
            .checked_add(hands.ahead)
            .unwrap_or(END)
    })
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(Hands::default())
    }
}

/// Reads a length of time such as `90s`, `10m`, `36h`, `31d` or `1d 12h`.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let text: String = text.split_whitespace().collect();
    let mut rest = text.as_str();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = rest.split_at(digits);
        let number: i64 = number.parse().ok()?;
        let unit_seconds = match unit.chars().next()? {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return None,
        };
        total = total.checked_add(Duration::seconds(number.checked_mul(unit_seconds)?))?;
        rest = &unit[1..];
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read() {
        for (text, seconds) in [
            ("90s", 90),
            ("10m", 600),
            ("36h", 129_600),
            ("1d 12h", 129_600),
        ] {
            assert_eq!(
                parse_duration(text),
                Some(Duration::seconds(seconds)),
                "{text}"
            );
        }
        for bad in [
            "",
            "5",
            "d",
            "1w",
            "-1d",
            "1.5h",
            "99999999999999999999d",
            "1d2",
            "1일",
        ] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn it_goes_forward_only_and_not_for_ever() {
        let clock = Clock::default();
        clock.freeze();
        let then = clock.now();
        clock.advance(Duration::DAY).unwrap();
        assert_eq!(clock.now(), then + Duration::DAY);
        assert_eq!(clock.jump_to(then), Err(ClockError::Backwards));
        assert_eq!(clock.advance(-Duration::DAY), Err(ClockError::Backwards));
        assert_eq!(clock.advance(Duration::MAX), Err(ClockError::End));
        assert_eq!(clock.advance(Duration::days(400_000)), Err(ClockError::End));
        clock.resume();
        assert!(clock.now() >= then + Duration::DAY);
        assert_eq!(clock.hands().frozen, None);
        clock.reset();
        assert!(clock.now() < then + Duration::DAY);
    }

    #[tokio::test]
    async fn who_waits_wakes_when_the_clock_gets_there() {
        let clock = Clock::default();
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
