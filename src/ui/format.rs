//! Numbers and dates, by the browser's own formatter.

use js_sys::{Date, Number, Object, Reflect};
use toss_checkout_contract::{Amount, Currency, Locale, Timestamp};
use wasm_bindgen::JsValue;

use crate::text::Text;

/// `15,000원`, `₩15,000`.
pub(crate) fn money(amount: Amount, locale: Locale) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "amounts stay below 2^53, see MAX_AMOUNT"
    )]
    let number = Number::from(amount.value() as f64);
    let digits: String = number.to_locale_string(Text::of(locale).intl).into();
    match (amount.currency(), locale) {
        (Currency::Krw, Locale::Ko) => format!("{digits}원"),
        (Currency::Krw, Locale::En) => format!("₩{digits}"),
    }
}

/// `11월 24일 (화) 오후 11:59` in Korean time.
pub(crate) fn deadline(timestamp: &Timestamp, text: &Text) -> String {
    let date = Date::new(&JsValue::from_str(timestamp.as_str()));
    let options = Object::new();
    for (name, value) in [
        ("timeZone", "Asia/Seoul"),
        ("month", "long"),
        ("day", "numeric"),
        ("weekday", "short"),
        ("hour", "numeric"),
        ("minute", "2-digit"),
    ] {
        // Setting a field of a new plain object cannot fail.
        let _ = Reflect::set(
            &options,
            &JsValue::from_str(name),
            &JsValue::from_str(value),
        );
    }
    date.to_locale_string(text.intl, &options).into()
}

/// Milliseconds since 1970, `NaN` for a day that does not exist.
pub(super) fn moment(timestamp: &Timestamp) -> f64 {
    Date::parse(timestamp.as_str())
}

/// Toss's masked number in groups of four: `4330-1234-****-123*`.
pub(crate) fn card_number(masked: &str) -> String {
    let mut grouped = String::with_capacity(masked.len() + 4);
    for (at, c) in masked.chars().filter(|c| !c.is_whitespace()).enumerate() {
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
