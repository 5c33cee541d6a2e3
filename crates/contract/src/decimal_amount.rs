//! The number of an amount, apart from its currency.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Visitor},
};

use crate::{
    amount::{FIELD, MAX_AMOUNT},
    value::{Problem, ValueError},
};

/// The number of an amount as Toss writes it, whose currency is told elsewhere or not at all: the `amount`
/// of a redirect. With up to two digits after the point; never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DecimalAmount {
    hundredths: u64,
}

impl DecimalAmount {
    /// How many of its parts are one.
    pub(crate) const SCALE: u64 = 100;
    const MAX: u64 = MAX_AMOUNT * Self::SCALE;

    /// Of an amount, which is never zero.
    pub(crate) fn of_hundredths(hundredths: u64) -> Self {
        Self { hundredths }
    }

    pub(crate) fn hundredths(self) -> u64 {
        self.hundredths
    }

    /// `None` is more than a number holds.
    fn new(hundredths: Option<u64>) -> Result<Self, ValueError> {
        match hundredths {
            Some(0) => Err(Problem::Zero.of(FIELD)),
            Some(hundredths @ 1..=Self::MAX) => Ok(Self { hundredths }),
            _ => Err(Problem::TooLarge.of(FIELD)),
        }
    }

    /// Reads the `amount` parameter of a redirect: digits, and a point with one or two more where it is no
    /// whole number; no sign, no separators, no leading zero.
    ///
    /// # Errors
    /// Says whether it was empty or no such number.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        if text.is_empty() {
            return Err(Problem::Empty.of(FIELD));
        }
        let bytes = text.as_bytes();
        let (whole, part) = match bytes.iter().position(|byte| *byte == b'.') {
            Some(point) => (&bytes[..point], &bytes[point + 1..]),
            None => (bytes, &b"00"[..]),
        };
        let has_form = matches!(whole, [b'0'] | [b'1'..=b'9', ..]) && matches!(part.len(), 1 | 2);
        let tens = if part.len() == 1 { &b"0"[..] } else { &[] };
        let mut digits = whole.iter().chain(part).chain(tens);
        if !has_form || !digits.clone().all(u8::is_ascii_digit) {
            return Err(Problem::NotANumber.of(FIELD));
        }
        Self::new(digits.try_fold(0_u64, |sum, byte| {
            sum.checked_mul(10)?.checked_add(u64::from(byte - b'0'))
        }))
    }

    /// For JavaScript and JSON, which have no decimals.
    #[expect(
        clippy::cast_precision_loss,
        reason = "whole amounts stay below 2^53; of others it is the number nearest to the digits"
    )]
    pub fn as_f64(self) -> f64 {
        if self.is_whole() {
            (self.hundredths / Self::SCALE) as f64
        } else {
            self.hundredths as f64 / 100.0
        }
    }

    fn is_whole(self) -> bool {
        self.hundredths.is_multiple_of(Self::SCALE)
    }
}

/// `15000`, `12.50`.
impl fmt::Display for DecimalAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.hundredths / Self::SCALE, self.hundredths % Self::SCALE);
        if part == 0 {
            write!(f, "{whole}")
        } else {
            write!(f, "{whole}.{part:02}")
        }
    }
}

impl Serialize for DecimalAmount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_whole() {
            serializer.serialize_u64(self.hundredths / Self::SCALE)
        } else {
            serializer.serialize_f64(self.as_f64())
        }
    }
}

impl<'de> Deserialize<'de> for DecimalAmount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers;

        impl Visitor<'_> for Numbers {
            type Value = DecimalAmount;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a positive number with at most two decimals")
            }

            fn visit_u64<E: de::Error>(self, whole: u64) -> Result<DecimalAmount, E> {
                DecimalAmount::new(whole.checked_mul(DecimalAmount::SCALE)).map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, whole: i64) -> Result<DecimalAmount, E> {
                match u64::try_from(whole) {
                    Ok(whole) => self.visit_u64(whole),
                    Err(_) => Err(E::custom(Problem::Negative.of(FIELD))),
                }
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<DecimalAmount, E> {
                if number < 0.0 {
                    return Err(E::custom(Problem::Negative.of(FIELD)));
                }
                let hundredths = number * 100.0;
                if hundredths > 9e15 {
                    return Err(E::custom(Problem::TooLarge.of(FIELD)));
                }
                // Two decimals in binary are off by less than this; a third one is not.
                let nearest = (hundredths + 0.5).floor();
                if (hundredths - nearest).abs() >= 1e-4 {
                    return Err(E::custom(Problem::NotANumber.of(FIELD)));
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "whole, and within what f64 holds exactly"
                )]
                let hundredths = nearest as u64;
                DecimalAmount::new(Some(hundredths)).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Numbers)
    }
}
