//! Moments as numbers, and as Toss and the contract write them.

use std::time::Duration;

use time::{
    OffsetDateTime, PrimitiveDateTime, UtcOffset,
    format_description::well_known::{Iso8601, Rfc3339},
    macros::offset,
};
use toss_checkout_contract::Timestamp;

/// Korean time. There is no daylight saving in Korea.
pub(crate) const KST: UtcOffset = offset!(+9);

/// A moment, in milliseconds since 1970 UTC.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// This moment and some time more.
    #[must_use]
    pub fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(millis(time)))
    }

    /// This much earlier.
    #[must_use]
    pub fn minus(self, time: Duration) -> Self {
        Self(self.0.saturating_sub(millis(time)))
    }

    /// How long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// As the contract writes moments, in Korean time and whole seconds.
    pub fn kst(self) -> Timestamp {
        let moment = OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .to_offset(KST);
        written(moment)
    }

    /// Reads a moment of Toss's: with an offset, or without one, which means Korean time.
    /// Source: <https://docs.tosspayments.com/reference> (`virtualAccount.dueDate` has none).
    pub fn from_toss(text: &str) -> Option<Self> {
        let moment = OffsetDateTime::parse(text, &Rfc3339)
            .or_else(|_| {
                PrimitiveDateTime::parse(text, &Iso8601::DEFAULT)
                    .map(|local| local.assume_offset(KST))
            })
            .ok()?
            // One whose day in Korea is behind the last that can be written is none.
            .checked_to_offset(KST)?;
        i64::try_from(moment.unix_timestamp_nanos() / 1_000_000)
            .ok()
            .map(Self)
    }
}

fn written(moment: OffsetDateTime) -> Timestamp {
    let (year, month, day) = moment.to_calendar_date();
    let (hour, minute, second) = moment.to_hms();
    let text = format!(
        "{:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+09:00",
        year.clamp(0, 9999),
        u8::from(month),
    );
    #[expect(
        clippy::expect_used,
        reason = "the text above always has the shape of a timestamp"
    )]
    Timestamp::new(text).expect("a written moment")
}

pub(crate) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_korean_time() {
        // 2026-11-21T00:00:00Z
        assert_eq!(
            Millis(1_795_219_200_000).kst().as_str(),
            "2026-11-21T09:00:00+09:00"
        );
    }

    #[test]
    fn a_moment_without_an_offset_is_korean() {
        let with = Millis::from_toss("2026-11-21T09:00:00+09:00").unwrap();
        assert_eq!(with, Millis(1_795_219_200_000));
        assert_eq!(Millis::from_toss("2026-11-21T09:00:00").unwrap(), with);
        assert_eq!(
            Millis::from_toss("2022-01-01T00:00:00.000000").unwrap().0,
            1_640_962_800_000
        );
        assert_eq!(Millis::from_toss("2026-02-31T09:00:00"), None);
        assert_eq!(Millis::from_toss("내일"), None);
        assert_eq!(Millis::from_toss("9999-12-31T23:59:59Z"), None);
    }
}
