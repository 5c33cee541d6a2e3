//! Money.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeStruct};

use crate::{
    decimal_amount::DecimalAmount,
    value::{Problem, ValueError},
};

/// The largest amount that every JSON reader holds exactly: 2^53 - 1 of the smallest unit.
pub const MAX_AMOUNT: u64 = 9_007_199_254_740_991;

pub(crate) const FIELD: &str = "amount";

/// A sum of money, never zero and never negative. In JSON `{"value": 15000, "currency": "KRW"}` or
/// `{"value": 12.5, "currency": "USD"}`, as Toss writes it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Amount {
    // In the currency's smallest unit; JSON has it in units of the currency.
    #[cfg_attr(feature = "openapi", schema(value_type = DecimalAmount, example = 15000))]
    value: u64,
    currency: Currency,
}

/// What an amount is counted in. Easy pay services abroad take dollars, everything else takes won.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Currency {
    /// Korean won, which have no smaller unit.
    #[serde(rename = "KRW")]
    Krw,
    /// US dollars, whose smallest unit is the cent.
    #[serde(rename = "USD")]
    Usd,
}

impl Currency {
    /// Every currency.
    pub const ALL: [Self; 2] = [Self::Krw, Self::Usd];

    /// The ISO 4217 code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Krw => "KRW",
            Self::Usd => "USD",
        }
    }

    /// How many of its smallest unit are one of it.
    pub fn scale(self) -> u64 {
        match self {
            Self::Krw => 1,
            Self::Usd => 100,
        }
    }
}

impl Amount {
    /// Whole won.
    ///
    /// # Errors
    /// Zero (Toss refuses it: `BELOW_ZERO_AMOUNT`), or more than [`MAX_AMOUNT`].
    pub fn won(value: u64) -> Result<Self, ValueError> {
        Self::new(value, Currency::Krw)
    }

    /// So many of the currency's smallest unit.
    ///
    /// # Errors
    /// Zero (Toss refuses it: `BELOW_ZERO_AMOUNT`), or more than [`MAX_AMOUNT`].
    pub fn new(value: u64, currency: Currency) -> Result<Self, ValueError> {
        match value {
            0 => Err(Problem::Zero.of(FIELD)),
            1..=MAX_AMOUNT => Ok(Self { value, currency }),
            _ => Err(Problem::TooLarge.of(FIELD)),
        }
    }

    /// What Toss wrote, in a currency.
    ///
    /// # Errors
    /// As [`Amount::new`]; or a fraction that the currency does not have.
    pub fn of(decimal: DecimalAmount, currency: Currency) -> Result<Self, ValueError> {
        let unit = DecimalAmount::SCALE / currency.scale();
        if !decimal.hundredths().is_multiple_of(unit) {
            let currency = currency.as_str();
            return Err(Problem::Decimals { currency }.of(FIELD));
        }
        Self::new(decimal.hundredths() / unit, currency)
    }

    /// How many of the smallest unit of [`Amount::currency`]: won, cents.
    pub fn value(self) -> u64 {
        self.value
    }

    /// The unit.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// As Toss writes it.
    pub fn decimal(self) -> DecimalAmount {
        DecimalAmount::of_hundredths(self.value * (DecimalAmount::SCALE / self.currency.scale()))
    }
}

/// `15000 KRW`, `12.50 USD`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, currency) = (self.value, self.currency.as_str());
        match self.currency {
            Currency::Krw => write!(f, "{value} {currency}"),
            Currency::Usd => write!(f, "{}.{:02} {currency}", value / 100, value % 100),
        }
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Amount", 2)?;
        object.serialize_field("value", &self.decimal())?;
        object.serialize_field("currency", &self.currency)?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(expecting = "an object such as {\"value\": 15000, \"currency\": \"KRW\"}")]
        struct Raw {
            value: DecimalAmount,
            currency: Currency,
        }
        let raw = Raw::deserialize(deserializer)?;
        Self::of(raw.value, raw.currency).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> DecimalAmount {
        DecimalAmount::parse(text).unwrap()
    }

    #[test]
    fn a_redirect_amount_is_digits_and_at_most_two_decimals() {
        let won = |text| Amount::of(decimal(text), Currency::Krw);
        let dollars = |text| Amount::of(decimal(text), Currency::Usd);
        assert_eq!(won("15000").unwrap().value(), 15_000);
        assert_eq!(won("15000.00").unwrap().value(), 15_000);
        assert!(won("12.5").is_err());
        assert_eq!(dollars("12.5").unwrap().value(), 1_250);
        assert_eq!(dollars("0.07").unwrap().value(), 7);
        assert_eq!(dollars("12").unwrap(), dollars("12.00").unwrap());
        for bad in [
            "",
            "0",
            "0.00",
            "-1",
            "+1",
            "1.",
            ".5",
            "1.005",
            "1,000",
            "1e3",
            " 1",
            "01",
            "1.0.0",
            "١",
            "99999999999999999999",
        ] {
            assert!(DecimalAmount::parse(bad).is_err(), "{bad:?}");
        }
        assert!(Amount::won(MAX_AMOUNT).is_ok());
        assert!(Amount::won(MAX_AMOUNT + 1).is_err());
    }

    #[test]
    fn json_keeps_the_rules_and_the_digits() {
        for text in [
            r#"{"value":4900,"currency":"KRW"}"#,
            r#"{"value":12.5,"currency":"USD"}"#,
            r#"{"value":12,"currency":"USD"}"#,
            r#"{"value":0.07,"currency":"USD"}"#,
            r#"{"value":1234567.89,"currency":"USD"}"#,
        ] {
            let amount: Amount = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&amount).unwrap(), text);
        }
        for cents in 1..2_000 {
            let amount = Amount::new(cents, Currency::Usd).unwrap();
            let json = serde_json::to_string(&amount).unwrap();
            assert_eq!(
                serde_json::from_str::<Amount>(&json).unwrap(),
                amount,
                "{json}"
            );
        }
        for bad in [
            r#"{"value":0,"currency":"KRW"}"#,
            r#"{"value":1.5,"currency":"KRW"}"#,
            r#"{"value":1.005,"currency":"USD"}"#,
            r#"{"value":-1,"currency":"USD"}"#,
            r#"{"value":1e300,"currency":"USD"}"#,
            r#"{"value":1,"currency":"JPY"}"#,
        ] {
            assert!(serde_json::from_str::<Amount>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_amount_is_said() {
        for (value, currency, says) in [
            ("0", "KRW", "amount is 0; it must be more"),
            ("0.0", "USD", "amount is 0; it must be more"),
            ("-1", "KRW", "amount is negative; it must be more than 0"),
            ("-0.5", "USD", "amount is negative; it must be more than 0"),
            ("1.5", "KRW", "amount has decimals, which KRW does not have"),
            (
                "1.005",
                "USD",
                "amount is not a number of digits with at most two decimals",
            ),
            (
                "9007199254740992",
                "KRW",
                "amount is larger than 9,007,199,254,740,991",
            ),
            (
                "99999999999999999999",
                "KRW",
                "amount is larger than 9,007,199,254,740,991",
            ),
            (
                "1e300",
                "USD",
                "amount is larger than 9,007,199,254,740,991",
            ),
        ] {
            let json = format!(r#"{{"value":{value},"currency":"{currency}"}}"#);
            let problem = serde_json::from_str::<Amount>(&json).unwrap_err();
            let problem = problem.to_string();
            let problem = problem.split(" at line ").next();
            assert_eq!(problem, Some(says), "{json}");
        }
        for (text, says) in [
            ("", "amount is empty"),
            ("0.00", "amount is 0; it must be more"),
            (
                "-1",
                "amount is not a number of digits with at most two decimals",
            ),
            (
                "99999999999999999999",
                "amount is larger than 9,007,199,254,740,991",
            ),
        ] {
            let problem = DecimalAmount::parse(text).unwrap_err();
            assert_eq!(problem.to_string(), says, "{text:?}");
        }
    }

    #[test]
    fn an_amount_is_said_with_its_currency() {
        assert_eq!(Amount::won(15_000).unwrap().to_string(), "15000 KRW");
        let cents = Amount::new(1_205, Currency::Usd).unwrap();
        assert_eq!(cents.to_string(), "12.05 USD");
        assert!((cents.decimal().as_f64() - 12.05).abs() < f64::EPSILON);
        // The same number in another currency is another amount.
        assert_eq!(cents.decimal(), decimal("12.05"));
        assert_eq!(cents.decimal().to_string(), "12.05");
        assert_eq!(decimal("12.00").to_string(), "12");
        assert_ne!(Amount::of(decimal("12"), Currency::Usd), Amount::won(12));
    }
}
