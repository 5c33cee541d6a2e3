//! Money: currencies, amounts on the wire, and how an amount splits into supply and tax.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// What an amount is counted in. Source: `amount.currency` of <https://docs.tosspayments.com/sdk/v2/js>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Whole won.
    Krw,
    /// Whole yen.
    Jpy,
    /// Dollars; the smallest unit is the cent.
    Usd,
}

impl Currency {
    /// The ISO 4217 code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Krw => "KRW",
            Self::Jpy => "JPY",
            Self::Usd => "USD",
        }
    }

    /// Reads the ISO 4217 code.
    pub fn read(text: &str) -> Option<Self> {
        [Self::Krw, Self::Jpy, Self::Usd]
            .into_iter()
            .find(|currency| currency.as_str() == text)
    }

    /// How many of the smallest unit make one of what JSON counts.
    fn units(self) -> u64 {
        match self {
            Self::Krw | Self::Jpy => 1,
            Self::Usd => 100,
        }
    }

    /// An amount in the smallest unit, as JSON writes it.
    pub fn money(self, units: u64) -> Money {
        Money {
            units,
            currency: self,
        }
    }

    /// Reads an amount as JSON writes it into the smallest unit; None when it has a fraction that the
    /// currency does not have, or is too large.
    pub fn exact(self, sum: Sum) -> Option<u64> {
        let hundredths = sum.0.checked_mul(self.units())?;
        hundredths.is_multiple_of(100).then_some(hundredths / 100)
    }
}

/// An amount as JSON writes it: a whole number, for dollars one with a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    units: u64,
    currency: Currency,
}

/// As JSON writes it.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.currency.units() {
            1 => self.units.fmt(f),
            _ => write!(f, "{}.{:02}", self.units / 100, self.units % 100),
        }
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.currency.units() == 1 {
            return serializer.serialize_u64(self.units);
        }
        // Exact for every amount that a double holds to the cent.
        serializer.serialize_f64(self.to_string().parse().unwrap_or_default())
    }
}

/// An amount as it came in JSON, not yet of any currency: hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum(u64);

impl Sum {
    /// Reads digits with at most two after a point.
    pub fn read(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 2 {
            return None;
        }
        let hundredths: u64 = format!("{fraction:0<2}").parse().ok()?;
        let whole: u64 = whole.parse().ok()?;
        whole.checked_mul(100)?.checked_add(hundredths).map(Self)
    }

    /// Whole units, of any currency.
    pub fn whole(units: u64) -> Option<Self> {
        units.checked_mul(100).map(Self)
    }
}

/// The tax of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tax {
    /// `vat`: an eleventh of what is taxed, rounded.
    pub vat: u64,
    /// `suppliedAmount`: what is taxed without its tax.
    pub supplied: u64,
}

impl Tax {
    /// Splits `amount`, of which `untaxed` (`taxFreeAmount` and `taxExemptionAmount`) bears no tax.
    /// Source: <https://docs.tosspayments.com/reference>.
    pub fn of(amount: u64, untaxed: u64) -> Self {
        let taxed = amount.saturating_sub(untaxed);
        // Half of eleven is 5.5, so adding 5 rounds to the nearest.
        let vat = taxed.saturating_add(5) / 11;
        Self {
            vat,
            supplied: taxed - vat,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_examples_come_out() {
        for (amount, supplied, vat) in [(4_900, 4_455, 445), (30_000, 27_273, 2_727)] {
            assert_eq!(Tax::of(amount, 0), Tax { vat, supplied });
        }
        // 544.68 dollars of a payment were seen to split into 495.16 and 49.52.
        let (vat, supplied) = (4_952, 49_516);
        assert_eq!(Tax::of(54_468, 0), Tax { vat, supplied });
    }

    #[test]
    fn parts_always_add_up() {
        for amount in 0..5_000_u64 {
            for untaxed in [0, 1, 7, amount / 2, amount, amount + 1] {
                let tax = Tax::of(amount, untaxed);
                assert_eq!(
                    tax.vat + tax.supplied,
                    amount.saturating_sub(untaxed),
                    "{amount}"
                );
            }
        }
        assert_eq!(Tax::of(u64::MAX, 0).vat, u64::MAX / 11);
    }

    #[test]
    fn amounts_are_read_and_written_to_the_cent() {
        let usd = |text: &str| Currency::Usd.exact(Sum::read(text)?);
        let krw = |text: &str| Currency::Krw.exact(Sum::read(text)?);
        assert_eq!((usd("181.56"), krw("181.56")), (Some(18_156), None));
        assert_eq!(
            (usd("7.5"), usd("7.50000"), usd("7")),
            (Some(750), Some(750), Some(700))
        );
        assert_eq!(
            (krw("15000"), krw("15000.00")),
            (Some(15_000), Some(15_000))
        );
        for bad in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "1e3",
            "1,000",
            "1.234",
            "99999999999999999999",
        ] {
            assert_eq!(Sum::read(bad), None, "{bad}");
        }
        let written =
            |currency: Currency, units| serde_json::to_string(&currency.money(units)).unwrap();
        assert_eq!(written(Currency::Usd, 18_156), "181.56");
        assert_eq!(written(Currency::Usd, 72_624), "726.24");
        assert_eq!(written(Currency::Usd, 700), "7.0");
        assert_eq!(written(Currency::Jpy, 700), "700");
    }
}
