//! What the pages of the window and of the console have in common.

use axum::{http::header, response::IntoResponse};
use toss_model::money::Currency;

/// A stylesheet or a script.
pub(crate) fn served(kind: &'static str, body: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, body)
}

/// An amount in the smallest unit of its currency, for people.
pub(crate) fn money(currency: Currency, amount: u64) -> String {
    match currency {
        Currency::Krw => format!("{}원", grouped(amount)),
        Currency::Jpy => format!("¥{}", grouped(amount)),
        Currency::Usd => format!("${}.{:02}", grouped(amount / 100), amount % 100),
    }
}

/// With thousands separators.
fn grouped(amount: u64) -> String {
    let digits = amount.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_as_people_write_it() {
        assert_eq!(money(Currency::Krw, 1_234_567), "1,234,567원");
        assert_eq!(money(Currency::Jpy, 999), "¥999");
        assert_eq!(money(Currency::Usd, 123_405), "$1,234.05");
    }
}
