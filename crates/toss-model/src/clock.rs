//! The clock: how it differs from the machine's. It can be moved forward, stopped and let go on, never back.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::{Duration, OffsetDateTime, macros::datetime};

/// Beyond it moments cannot be written any more.
const END: OffsetDateTime = datetime!(3000-01-01 00:00 UTC);

/// How the clock differs from the machine's, whose time every method is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Clock {
    ahead: Duration,
    frozen: Option<OffsetDateTime>,
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
    /// What it shows.
    pub fn now(&self, machine: OffsetDateTime) -> OffsetDateTime {
        self.frozen
            .unwrap_or_else(|| machine.checked_add(self.ahead).unwrap_or(END))
    }

    /// Whether it stands still.
    pub fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }

    /// Goes to a moment; frozen it stays frozen, there.
    ///
    /// # Errors
    /// The moment has passed, or lies too far ahead.
    pub fn jump_to(
        &mut self,
        moment: OffsetDateTime,
        machine: OffsetDateTime,
    ) -> Result<(), ClockError> {
        let now = self.now(machine);
        if moment < now {
            return Err(ClockError::Backwards);
        }
        if moment >= END {
            return Err(ClockError::End);
        }
        match &mut self.frozen {
            Some(frozen) => *frozen = moment,
            None => self.ahead += moment - now,
        }
        Ok(())
    }

    /// Goes forward.
    ///
    /// # Errors
    /// A negative duration, or too long a one.
    pub fn advance(&mut self, by: Duration, machine: OffsetDateTime) -> Result<(), ClockError> {
        if by.is_negative() {
            return Err(ClockError::Backwards);
        }
        let moment = self.now(machine).checked_add(by).ok_or(ClockError::End)?;
        self.jump_to(moment, machine)
    }

    /// Stops at this moment.
    pub fn freeze(&mut self, machine: OffsetDateTime) {
        self.frozen = Some(self.now(machine));
    }

    /// Goes on from where it stands.
    pub fn resume(&mut self, machine: OffsetDateTime) {
        if let Some(frozen) = self.frozen.take() {
            self.ahead = frozen - machine;
        }
    }
}

/// Reads a length of time such as `90s`, `10m`, `36h`, `31d` or `1d 12h`.
pub fn parse_duration(text: &str) -> Option<Duration> {
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
        let machine = datetime!(2026-11-21 00:00 UTC);
        let mut clock = Clock::default();
        clock.freeze(machine);
        clock.advance(Duration::DAY, machine).unwrap();
        assert_eq!(clock.now(machine + Duration::HOUR), machine + Duration::DAY);
        let mut refused = |by| clock.advance(by, machine).unwrap_err();
        assert_eq!(refused(-Duration::DAY), ClockError::Backwards);
        assert_eq!(refused(Duration::MAX), ClockError::End);
        assert_eq!(refused(Duration::days(400_000)), ClockError::End);
        assert_eq!(clock.jump_to(machine, machine), Err(ClockError::Backwards));
        clock.resume(machine);
        assert!(!clock.is_frozen());
        let later = machine + Duration::HOUR;
        assert_eq!(clock.now(later), later + Duration::DAY);
    }
}
