//! Numbers and dates, by the browser's own formatter.

use toss_checkout_contract::{Amount, Currency, Locale, Timestamp};

use crate::{browser, join::join, text::Text};

/// `15,000원`, `₩15,000`.
pub(crate) fn money(amount: Amount, text: &Text) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "amounts stay below 2^53, see MAX_AMOUNT"
    )]
    let digits = browser::digits(amount.value() as f64, text.intl());
    match (amount.currency(), text.locale) {
        (Currency::Krw, Locale::Ko) => join(&[&digits, "원"]),
        (Currency::Krw, Locale::En) => join(&["₩", &digits]),
    }
}

/// `11월 24일 (화) 오후 11:59` in Korean time.
pub(crate) fn deadline(timestamp: &Timestamp, text: &Text) -> String {
    browser::korean_time(timestamp.as_str(), text.intl())
}

/// Toss's masked number in groups of four: `4330-1234-****-123*`.
pub(crate) fn card_number(masked: &str) -> String {
    let mut grouped = String::with_capacity(masked.len() + 4);
    for (at, c) in masked
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .enumerate()
    {
        if at > 0 && at % 4 == 0 {
            grouped.push('-');
        }
        grouped.push(c);
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
