//! Moments in time as text.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::value::{Problem, ValueError};

/// A moment as Toss writes it: RFC 3339 with an offset, such as `2026-11-21T09:00:00+09:00`.
///
/// The text is checked for shape only. Whoever needs to compute uses the clock library of its side
/// (the browser's `Date`, the server's `time`), which also refuses a 31st of February.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Timestamp(String);

impl Timestamp {
    /// Takes text of the shape `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)`.
    ///
    /// # Errors
    /// [`Problem::Format`] when it has another shape.
    pub fn new(text: impl Into<String>) -> Result<Self, ValueError> {
        let text = text.into();
        if has_shape(text.as_bytes()) {
            Ok(Self(text))
        } else {
            Err(Problem::Format {
                expected: "2026-11-21T09:00:00+09:00",
            }
            .of("timestamp"))
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn has_shape(text: &[u8]) -> bool {
    let fits = |part: &[u8], pattern: &[u8]| {
        part.len() == pattern.len()
            && part.iter().zip(pattern).all(|(byte, want)| match want {
                b'0' => byte.is_ascii_digit(),
                other => byte == other,
            })
    };
    let Some((date, mut rest)) = text.split_at_checked(19) else {
        return false;
    };
    if !fits(date, b"0000-00-00T00:00:00") {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 {
            return false;
        }
        rest = &fraction[digits..];
    }
    rest == b"Z" || fits(rest, b"+00:00") || fits(rest, b"-00:00")
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_full_moments_with_an_offset_are_taken() {
        for good in [
            "2026-11-21T09:00:00+09:00",
            "2026-11-21T09:00:00Z",
            "2026-11-21T09:00:00.123456+09:00",
            "2026-11-21T09:00:00-03:30",
        ] {
            assert!(Timestamp::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "2026-11-21",
            "2026-11-21T09:00:00",
            "2026-11-21 09:00:00Z",
            "2026-11-21T09:00:00.Z",
            "2026-11-21T09:00:00+0900",
            "내일",
        ] {
            assert!(Timestamp::new(bad).is_err(), "{bad}");
        }
    }
}
