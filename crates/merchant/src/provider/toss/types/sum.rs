//! A sum comes as a JSON number in units of its currency, which stands beside it or in the payment around it.

use serde::Deserialize;
use serde_json::Number;
use toss_checkout_contract::Currency;

/// As it was written: `15000`, `15000.0`, `12.5`, `-12.5`.
#[derive(Debug, Deserialize)]
pub(super) struct Sum(Number);

impl Sum {
    /// In the smallest unit of a currency; `None` for a fraction that it does not have. A currency that this
    /// version does not know counts as one without fractions: a payment in it is refused by its name.
    pub(super) fn signed(&self, currency: &str) -> Option<i64> {
        let known = Currency::ALL.into_iter();
        let scale = known
            .filter(|it| it.as_str() == currency)
            .map(Currency::scale);
        let scale = i64::try_from(scale.max().unwrap_or(1)).ok()?;
        let places = scale.ilog10() as usize;
        let text = self.0.to_string();
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let fraction = fraction.trim_end_matches('0');
        let digits = format!("{whole}{fraction:0<places$}");
        (fraction.len() <= places).then(|| digits.parse().ok())?
    }

    /// The same where it cannot be negative.
    pub(super) fn minor(&self, currency: &str) -> Option<u64> {
        self.signed(currency)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_counted_in_the_smallest_unit() {
        let sum =
            |text: &str, currency| serde_json::from_str::<Sum>(text).unwrap().signed(currency);
        assert_eq!(sum("15000", "KRW"), Some(15_000));
        assert_eq!(sum("15000.0", "KRW"), Some(15_000));
        assert_eq!(sum("-15000", "KRW"), Some(-15_000));
        assert_eq!(sum("12.5", "KRW"), None);
        assert_eq!(sum("12.5", "USD"), Some(1_250));
        assert_eq!(sum("12", "USD"), Some(1_200));
        assert_eq!(sum("-0.07", "USD"), Some(-7));
        assert_eq!(sum("12.345", "USD"), None);
        assert_eq!(sum("1e300", "USD"), None);
        assert_eq!(sum("1300", "JPY"), Some(1_300));
        let negative: Sum = serde_json::from_str("-1").unwrap();
        assert_eq!(negative.minor("KRW"), None);
    }
}
