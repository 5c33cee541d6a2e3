//! Won come as a JSON number, maybe written with a fraction of zero.

use serde::{Deserialize, Deserializer, de};
use serde_json::Number;

pub(super) fn won<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = Number::deserialize(deserializer)?;
    signed(&number)
        .and_then(|value| u64::try_from(value).ok())
        .ok_or_else(|| de::Error::custom("is not a whole amount"))
}

pub(super) fn maybe_won<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u64>, D::Error> {
    let number = Option::<Number>::deserialize(deserializer)?;
    Ok(number
        .and_then(|number| signed(&number))
        .and_then(|value| u64::try_from(value).ok()))
}

pub(super) fn signed_won<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = Number::deserialize(deserializer)?;
    signed(&number).ok_or_else(|| de::Error::custom("is not a whole amount"))
}

fn signed(number: &Number) -> Option<i64> {
    if let Some(value) = number.as_i64() {
        return Some(value);
    }
    number.to_string().strip_suffix(".0")?.parse().ok()
}
