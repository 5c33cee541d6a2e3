//! `/sandbox/clock`: what time it is, and moving it.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use toss_model::{clock::parse_duration, moment};

use super::{ControlError, read};
use crate::timekeeper::Timekeeper;

/// Where the clock stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    /// Korean time.
    now: String,
    /// Milliseconds since 1970 UTC.
    epoch_millis: i128,
    /// How far ahead of the machine's clock.
    offset_millis: i128,
    frozen: bool,
}

/// Exactly one of the three.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Order {
    advance: Option<String>,
    to: Option<String>,
    freeze: Option<bool>,
}

fn shown(timekeeper: &Timekeeper) -> Response {
    let now = timekeeper.now();
    let body = Shown {
        now: moment::kst(now),
        epoch_millis: now.unix_timestamp_nanos() / 1_000_000,
        offset_millis: (now - OffsetDateTime::now_utc()).whole_milliseconds(),
        frozen: timekeeper.read().is_frozen(),
    };
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

pub(super) async fn show(State(timekeeper): State<Timekeeper>) -> Response {
    shown(&timekeeper)
}

pub(super) async fn set(
    State(timekeeper): State<Timekeeper>,
    body: Bytes,
) -> Result<Response, ControlError> {
    let order: Order = read(&body, "INVALID_CLOCK")?;
    obey(&timekeeper, &order)
        .map_err(|message| ControlError::bad_request("INVALID_CLOCK", message))?;
    Ok(shown(&timekeeper))
}

fn obey(timekeeper: &Timekeeper, order: &Order) -> Result<(), String> {
    match (order.advance.as_deref(), order.to.as_deref(), order.freeze) {
        (Some(text), None, None) => {
            let by = parse_duration(text)
                .ok_or("advance is a length of time such as 90s, 10m, 36h or 31d")?;
            timekeeper.advance(by).map_err(|error| error.to_string())
        }
        (None, Some(text), None) => {
            let to = OffsetDateTime::parse(text, &Rfc3339)
                .ok()
                .or_else(|| moment::parse_date_time(text))
                .ok_or("to is a moment such as 2027-01-01T00:00:00+09:00, or a Korean day")?;
            timekeeper.jump_to(to).map_err(|error| error.to_string())
        }
        (None, None, Some(true)) => {
            timekeeper.freeze();
            Ok(())
        }
        (None, None, Some(false)) => {
            timekeeper.resume();
            Ok(())
        }
        _ => Err("one of advance, to and freeze is needed".to_owned()),
    }
}
