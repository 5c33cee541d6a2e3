//! A budget for webhooks that prove nothing. Anybody can post them, and each could make us ask Toss: so
//! those about payments of one shop share a small number of look-ups a minute, whichever copy of the program
//! gets them, and those about one payment wait longer each time. A webhook with the payment's secret needs
//! no budget.

use std::time::Duration;

use super::time::Millis;

/// In which the look-ups of a shop are counted.
pub const MINUTE: Duration = Duration::from_mins(1);
/// After this long without a hint a payment begins anew; until then its last look-up is remembered.
pub const FORGET_AFTER: Duration = Duration::from_mins(30);
/// The first distance between two look-ups of one payment, and the longest.
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_mins(5);

/// The last look-up of a payment that such a webhook caused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hinted {
    /// When.
    pub at: Millis,
    /// How many look-ups there were without a longer pause between them, this one included.
    pub times: u32,
}

impl Hinted {
    /// The next one.
    ///
    /// # Errors
    /// When it may be made, if not now.
    pub fn next(last: Option<Self>, now: Millis) -> Result<Self, Millis> {
        match last {
            Some(last) if now < last.free_at() => Err(last.free_at()),
            Some(last) if now.since(last.at) < FORGET_AFTER => Ok(Self {
                at: now,
                times: last.times.saturating_add(1),
            }),
            _ => Ok(Self { at: now, times: 1 }),
        }
    }

    fn free_at(self) -> Millis {
        let wait = FIRST
            .checked_mul(2_u32.checked_pow(self.times - 1).unwrap_or(u32::MAX))
            .map_or(LONGEST, |wait| wait.min(LONGEST));
        self.at.plus(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_waits_longer_each_time_and_begins_anew_after_a_while() {
        let at = |seconds: i64| Millis(seconds * 1000);
        let mut last = None;
        for (now, until) in [(0, 2), (2, 6), (6, 14), (14, 30), (3_000, 3_002)] {
            let hinted = Hinted::next(last, at(now)).unwrap();
            assert_eq!(Hinted::next(Some(hinted), at(until - 1)), Err(at(until)));
            last = Some(hinted);
        }
        let often = Hinted {
            at: at(0),
            times: u32::MAX,
        };
        assert_eq!(Hinted::next(Some(often), at(1)), Err(at(300)));
    }
}
