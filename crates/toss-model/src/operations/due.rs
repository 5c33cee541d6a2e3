//! Until when a virtual account takes its deposit.
//! Source: <https://docs.tosspayments.com/guides/v2/payment-window/integration-virtual-account>.

use time::{Duration, OffsetDateTime};

use crate::{
    errors::{ErrorCode, Refusal},
    moment,
};

/// The longest that an account stays open.
const MAX_VALID_HOURS: u16 = 2160;
/// The REST call's default. The window's is not documented; the sandbox takes the same.
const DEFAULT_VALID_HOURS: u16 = 168;

/// Reads `validHours` or `dueDate`.
///
/// # Errors
/// Both at once, too long, in the past, or no date.
pub(crate) fn moment(
    valid_hours: Option<u16>,
    due_date: Option<&str>,
    now: OffsetDateTime,
) -> Result<OffsetDateTime, Refusal> {
    let latest = now + Duration::hours(MAX_VALID_HOURS.into());
    match (valid_hours, due_date) {
        (Some(_), Some(_)) => Err(ErrorCode::InvalidValidHoursWithDueDateAndSingle.into()),
        (Some(0), None) => Err(Refusal::invalid("validHours is 0")),
        (Some(hours), None) if hours > MAX_VALID_HOURS => {
            Err(ErrorCode::ExceedMaxValidHours.into())
        }
        (Some(hours), None) => Ok(now + Duration::hours(hours.into())),
        (None, Some(text)) => {
            let due = moment::parse_due_date(text).ok_or(ErrorCode::InvalidDate)?;
            if due <= now {
                return Err(ErrorCode::InvalidDate.into());
            }
            if due > latest {
                return Err(ErrorCode::ExceedMaxDueDate.into());
            }
            Ok(due)
        }
        (None, None) => Ok(now + Duration::hours(DEFAULT_VALID_HOURS.into())),
    }
}
