//! Moments as Toss writes them: always Korean time.

use time::{
    Date, OffsetDateTime, PrimitiveDateTime, UtcOffset,
    format_description::BorrowedFormatItem,
    macros::{format_description, offset},
};

/// Korean time has no daylight saving.
pub const KST: UtcOffset = offset!(+9);

const WITH_OFFSET: &[BorrowedFormatItem<'_>] = format_description!(
    "[year]-[month]-[day]T[hour]:[minute]:[second][offset_hour sign:mandatory]:[offset_minute]"
);
const MICROS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]");
const LOCAL: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const READABLE: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
const COMPACT: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day][hour][minute][second]");

fn write(moment: OffsetDateTime, format: &[BorrowedFormatItem<'_>]) -> String {
    // Formatting fails only for years outside 0..=9999; an empty text is then as good as any.
    moment.to_offset(KST).format(format).unwrap_or_default()
}

/// `2026-11-21T09:00:00+09:00`, as in Payment and Billing.
pub fn kst(moment: OffsetDateTime) -> String {
    write(moment, WITH_OFFSET)
}

/// `2026-11-21T09:00:00.000000`, without offset, as `createdAt` in webhooks.
/// Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.
pub fn webhook_time(moment: OffsetDateTime) -> String {
    write(moment, MICROS)
}

/// `2026-11-21 09:00:00`, for people.
pub fn readable(moment: OffsetDateTime) -> String {
    write(moment, READABLE)
}

/// `20261121090000`, the middle of a payment key.
pub fn compact(moment: OffsetDateTime) -> String {
    write(moment, COMPACT)
}

/// Reads `dueDate`: `yyyy-MM-dd'T'HH:mm:ss` in Korean time.
pub fn parse_due_date(text: &str) -> Option<OffsetDateTime> {
    PrimitiveDateTime::parse(text, LOCAL)
        .ok()
        .map(|local| local.assume_offset(KST))
}

/// `2026-11-21`, a Korean day.
pub fn day(date: Date) -> String {
    date.format(DAY).unwrap_or_default()
}

/// Reads a Korean day, `2026-11-21`.
pub fn parse_date(text: &str) -> Option<Date> {
    Date::parse(text, DAY).ok()
}

/// Reads a Korean moment: a day, a day with a time, or that with a fraction of a second, which is cut off.
pub fn parse_date_time(text: &str) -> Option<OffsetDateTime> {
    if let Some(day) = parse_date(text) {
        return Some(day.midnight().assume_offset(KST));
    }
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => text,
    };
    parse_due_date(whole)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn utc_is_shown_in_korean_time() {
        let moment = datetime!(2026-11-20 23:59:59.5 UTC);
        assert_eq!(kst(moment), "2026-11-21T08:59:59+09:00");
        assert_eq!(webhook_time(moment), "2026-11-21T08:59:59.500000");
        assert_eq!(compact(moment), "20261121085959");
        assert_eq!(readable(moment), "2026-11-21 08:59:59");
    }

    #[test]
    fn a_due_date_is_korean_time_without_offset() {
        assert_eq!(
            parse_due_date("2026-11-21T00:00:00"),
            Some(datetime!(2026-11-20 15:00 UTC))
        );
        for bad in [
            "",
            "2026-11-21",
            "2026-13-01T00:00:00",
            "2026-11-21T00:00:00Z",
        ] {
            assert_eq!(parse_due_date(bad), None, "{bad}");
        }
    }
}
