//! Money.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::value::{Problem, ValueError};

/// The largest amount that every JSON reader holds exactly: 2^53 - 1.
pub const MAX_AMOUNT: u64 = 9_007_199_254_740_991;

const FIELD: &str = "amount";

/// A sum of money, never zero and never negative.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Amount {
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    value: u64,
    currency: Currency,
}

/// What an amount is counted in. Billing and virtual accounts are in won only.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Currency {
    /// Korean won: no minor unit, so `value` is whole won.
    #[serde(rename = "KRW")]
    Krw,
}

impl Currency {
    /// The ISO 4217 code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Krw => "KRW",
        }
    }
}

impl Amount {
    /// Whole won.
    ///
    /// # Errors
    /// Zero (Toss refuses it: `BELOW_ZERO_AMOUNT`), or more than [`MAX_AMOUNT`].
    pub fn won(value: u64) -> Result<Self, ValueError> {
        if value == 0 || value > MAX_AMOUNT {
            return Err(Problem::Range {
                value,
                min: 1,
                max: MAX_AMOUNT,
            }
            .of(FIELD));
        }
        Ok(Self {
            value,
            currency: Currency::Krw,
        })
    }

    /// Reads the `amount` parameter of a redirect: digits only, no sign, no fraction, no leading zero.
    ///
    /// # Errors
    /// Says whether it was empty, no such number, or out of range.
    pub fn parse_won(text: &str) -> Result<Self, ValueError> {
        if text.is_empty() {
            return Err(Problem::Empty.of(FIELD));
        }
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        if !digits || (text.len() > 1 && text.starts_with('0')) {
            return Err(Problem::NotANumber.of(FIELD));
        }
        let value = text.parse().map_err(|_| Problem::NotANumber.of(FIELD))?;
        Self::won(value)
    }

    /// How many units of [`Amount::currency`].
    pub fn value(self) -> u64 {
        self.value
    }

    /// The unit.
    pub fn currency(self) -> Currency {
        self.currency
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.currency.as_str())
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(expecting = "an object such as {\"value\": 15000, \"currency\": \"KRW\"}")]
        struct Raw {
            value: u64,
            currency: Currency,
        }
        let raw = Raw::deserialize(deserializer)?;
        match raw.currency {
            Currency::Krw => Self::won(raw.value).map_err(de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_amount_is_digits_only() {
        assert_eq!(Amount::parse_won("15000").unwrap().value(), 15000);
        for bad in [
            "",
            "0",
            "-1",
            "+1",
            "1.0",
            "1,000",
            "1e3",
            " 1",
            "01",
            "١",
            "99999999999999999999",
        ] {
            assert!(Amount::parse_won(bad).is_err(), "{bad:?}");
        }
        assert!(Amount::won(MAX_AMOUNT).is_ok());
        assert!(Amount::won(MAX_AMOUNT + 1).is_err());
    }

    #[test]
    fn json_keeps_the_rules() {
        let amount: Amount = serde_json::from_str(r#"{"value":4900,"currency":"KRW"}"#).unwrap();
        assert_eq!(amount, Amount::won(4900).unwrap());
        assert_eq!(
            serde_json::to_string(&amount).unwrap(),
            r#"{"value":4900,"currency":"KRW"}"#
        );
        assert!(serde_json::from_str::<Amount>(r#"{"value":0,"currency":"KRW"}"#).is_err());
        assert!(serde_json::from_str::<Amount>(r#"{"value":1.5,"currency":"KRW"}"#).is_err());
        assert!(serde_json::from_str::<Amount>(r#"{"value":1,"currency":"USD"}"#).is_err());
    }
}
