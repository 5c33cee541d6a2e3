//! Until when a virtual account takes its deposit.
//! Source: <https://docs.tosspayments.com/guides/v2/payment-window/integration-virtual-account>.

use time::{Duration, OffsetDateTime};

use super::moment;
use crate::errors::{Row, table};

/// The longest that an account stays open.
const MAX_VALID_HOURS: u16 = 2160;
/// The REST call's default. The window's is not documented; the sandbox takes the same.
const DEFAULT_VALID_HOURS: u16 = 168;

/// Reads `validHours` or `dueDate`.
///
/// # Errors
/// Both at once, too long, in the past, or no date.
pub(super) fn moment(
    valid_hours: Option<u16>,
    due_date: Option<&str>,
    now: OffsetDateTime,
) -> Result<OffsetDateTime, &'static Row> {
    let latest = now + Duration::hours(MAX_VALID_HOURS.into());
    match (valid_hours, due_date) {
        (Some(_), Some(_)) => Err(table::INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE),
        (Some(0), None) => Err(table::INVALID_REQUEST),
        (Some(hours), None) if hours > MAX_VALID_HOURS => Err(table::EXCEED_MAX_VALID_HOURS),
        (Some(hours), None) => Ok(now + Duration::hours(hours.into())),
        (None, Some(text)) => {
            let due = moment::parse_due_date(text).ok_or(table::INVALID_DATE)?;
            if due <= now {
                return Err(table::INVALID_DATE);
            }
            if due > latest {
                return Err(table::EXCEED_MAX_DUE_DATE);
            }
            Ok(due)
        }
        (None, None) => Ok(now + Duration::hours(DEFAULT_VALID_HOURS.into())),
    }
}
