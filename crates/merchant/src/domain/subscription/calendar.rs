//! Periods of a subscription as Korean civil dates. A boundary is always computed from the anchor, never
//! from the boundary before it: the 31st stays the 31st after February.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

use crate::domain::{
    time::{KST, Millis},
    words::words,
};

words! {
    /// What an interval is counted in.
    pub enum Unit as "unit of an interval" {
        /// Days.
        Day = "day",
        /// Seven days.
        Week = "week",
        /// The same day of the month, or its last day.
        Month = "month",
        /// The same date of the year; 29 February becomes the 28th in between.
        Year = "year",
    }
}

/// The longest interval, in months or the like: three years.
const LONGEST: [(Unit, u32); 4] = [
    (Unit::Day, 1095),
    (Unit::Week, 156),
    (Unit::Month, 36),
    (Unit::Year, 3),
];

/// How often a subscription is charged: three years at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SubscriptionInterval)]
pub struct Interval {
    /// In what it is counted.
    pub unit: Unit,
    /// How many of them, from 1.
    #[schema(minimum = 1, maximum = 1095)]
    pub count: u32,
}

impl Interval {
    /// Whether it is one: at least one unit, at most three years.
    ///
    /// # Errors
    /// Says what it is.
    pub fn check(self) -> Result<(), String> {
        let usable = LONGEST
            .iter()
            .any(|(unit, most)| *unit == self.unit && (1..=*most).contains(&self.count));
        if usable {
            return Ok(());
        }
        Err(format!(
            "interval is {self}; count begins at 1, and an interval is three years at most"
        ))
    }

    /// Its length in 48ths of a day, a month being 1461/48 days: to compare prices of different intervals.
    pub fn weight(self) -> u64 {
        let unit = match self.unit {
            Unit::Day => 48,
            Unit::Week => 7 * 48,
            Unit::Month => 1461,
            Unit::Year => 12 * 1461,
        };
        unit * u64::from(self.count)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, self.unit)
    }
}

/// A date in Korea. Written `2026-12-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

/// Why a text is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no date; write it as 2026-12-01")]
pub struct NoDay(String);

impl Day {
    /// The date in Korea at a moment.
    pub fn of(moment: Millis) -> Self {
        let utc = OffsetDateTime::from_unix_timestamp(moment.0.div_euclid(1000))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Self(utc.to_offset(KST).date())
    }

    /// The moment so long after midnight.
    pub fn at(self, after_midnight: Duration) -> Millis {
        let midnight = PrimitiveDateTime::new(self.0, Time::MIDNIGHT).assume_offset(KST);
        Millis(midnight.unix_timestamp() * 1000).plus(after_midnight)
    }

    /// So many days later.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        let days = time::Duration::days(i64::from(days));
        Self(self.0.checked_add(days).unwrap_or(Date::MAX))
    }

    /// How many days `self` lies behind `earlier`; none when it lies before.
    pub fn days_since(self, earlier: Self) -> u32 {
        u32::try_from((self.0 - earlier.0).whole_days()).unwrap_or(0)
    }

    /// The first of the next month.
    #[must_use]
    pub fn first_of_next_month(self) -> Self {
        Self(self.0.replace_day(1).unwrap_or(self.0)).plus_months(1)
    }

    /// The same day so many months later, or the last one of that month.
    #[must_use]
    fn plus_months(self, months: u32) -> Self {
        let index = i64::from(self.0.year()) * 12
            + i64::from(u8::from(self.0.month()) - 1)
            + i64::from(months);
        let year = i32::try_from(index.div_euclid(12)).unwrap_or(i32::MAX);
        let month = u8::try_from(index.rem_euclid(12) + 1)
            .ok()
            .and_then(|number| Month::try_from(number).ok())
            .unwrap_or(Month::January);
        let day = self.0.day().min(month.length(year));
        Self(Date::from_calendar_date(year, month, day).unwrap_or(Date::MAX))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let no_day = || NoDay(text.chars().take(20).collect());
        let mut parts = text.splitn(3, '-');
        let mut part = |length: usize| {
            let part = parts.next().filter(|part| part.len() == length)?;
            part.bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| part.parse::<u16>().ok())?
        };
        let date = (part(4), part(2), part(2));
        let (Some(year), Some(month), Some(day)) = date else {
            return Err(no_day());
        };
        let month = u8::try_from(month).ok().map(Month::try_from);
        let (Some(Ok(month)), Ok(day)) = (month, u8::try_from(day)) else {
            return Err(no_day());
        };
        Date::from_calendar_date(i32::from(year), month, day)
            .map(Self)
            .map_err(|_| no_day())
    }
}

impl utoipa::PartialSchema for Day {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(
                utoipa::openapi::KnownFormat::Date,
            )))
            .description(Some("A date in Korea"))
            .examples(["2026-12-01"])
            .into()
    }
}

impl utoipa::ToSchema for Day {}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A period: from its first day to the first day of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SubscriptionPeriod)]
pub struct Period {
    /// Its number, counted up over the whole subscription from 1.
    pub no: u32,
    /// Its first day.
    pub start: Day,
    /// The first day after it.
    pub end: Day,
}

impl Period {
    /// Whether a day lies in it.
    pub fn contains(&self, day: Day) -> bool {
        self.start <= day && day < self.end
    }
}

/// When periods begin: every interval after the anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// The first day of period `first_no`.
    pub anchor: Day,
    /// How long a period is.
    pub interval: Interval,
    /// The number of the period that begins on the anchor.
    pub first_no: u32,
}

impl Schedule {
    /// The first day of a period.
    pub fn start(&self, no: u32) -> Day {
        let steps = no
            .saturating_sub(self.first_no)
            .saturating_mul(self.interval.count);
        match self.interval.unit {
            Unit::Day => self.anchor.plus_days(steps),
            Unit::Week => self.anchor.plus_days(steps.saturating_mul(7)),
            Unit::Month => self.anchor.plus_months(steps),
            Unit::Year => self.anchor.plus_months(steps.saturating_mul(12)),
        }
    }

    /// A period.
    pub fn period(&self, no: u32) -> Period {
        Period {
            no,
            start: self.start(no),
            end: self.start(no.saturating_add(1)),
        }
    }

    /// The number of the period that a day lies in; the first one for a day before the anchor.
    pub fn no_on(&self, day: Day) -> u32 {
        let days = u64::from(day.days_since(self.anchor));
        // An estimate that is at most one too high or low, whatever the lengths of the months are.
        let estimate = u32::try_from(days * 48 / self.interval.weight()).unwrap_or(u32::MAX);
        let mut no = self.first_no.saturating_add(estimate).saturating_sub(1);
        no = no.max(self.first_no);
        loop {
            let (this, next) = (self.start(no), self.start(no.saturating_add(1)));
            // After the last day of the calendar no period begins.
            if next > day || next <= this {
                return no;
            }
            no += 1;
        }
    }
}

#[cfg(test)]
mod tests;
