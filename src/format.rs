//! Money, moments and card numbers as the buyer reads them.

use toss_checkout_contract::{Amount, Currency, Locale, Timestamp};

use crate::{
    i18n::{Messages, intl_tag},
    platform::intl,
};

/// `15,000원`, `₩15,000`, `US$12.50`.
pub(crate) fn money(amount: Amount, messages: &Messages) -> String {
    money_in(amount, messages.locale)
}

/// The same, in a language.
pub(crate) fn money_in(amount: Amount, locale: Locale) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "amounts stay below 2^53, see MAX_AMOUNT"
    )]
    let digits = |whole: u64| intl::digits(whole as f64, intl_tag(locale));
    let value = amount.value();
    match (amount.currency(), locale) {
        (Currency::Krw, Locale::Ko) => digits(value) + "원",
        (Currency::Krw, Locale::En) => ["₩", &digits(value)].concat(),
        (Currency::Usd, _) => {
            let (dollars, cents) = (digits(value / 100), (value % 100).to_string());
            let zero = if cents.len() == 1 { "0" } else { "" };
            ["US$", &dollars, ".", zero, &cents].concat()
        }
    }
}

/// `11월 24일 (화) 오후 11:59`, in Korean time.
pub(crate) fn moment(timestamp: &Timestamp, messages: &Messages) -> String {
    intl::korean_time(timestamp.as_str(), messages.intl())
}

/// `2026년 11월 24일`, in Korean time.
pub(crate) fn day(timestamp: &Timestamp, locale: Locale) -> String {
    intl::korean_day(timestamp.as_str(), intl_tag(locale))
}

/// Toss's masked number in groups of four: `4330-1234-****-123*`.
pub(crate) fn card_number(masked: &str) -> String {
    let mut grouped = String::with_capacity(masked.len() + 4);
    let digits = masked.chars().filter(|c| !c.is_ascii_whitespace());
    for (at, digit) in digits.enumerate() {
        if at > 0 && at % 4 == 0 {
            grouped.push('-');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::card_number;

    #[test]
    fn a_card_number_is_grouped_and_stays_masked() {
        assert_eq!(card_number("43301234****123*"), "4330-1234-****-123*");
        assert_eq!(card_number("94100012****"), "9410-0012-****");
    }
}
