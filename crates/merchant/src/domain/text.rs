//! What text from a merchant's server may hold before a buyer sees it.

use thiserror::Error;

/// Toss takes this many characters of names and e-mail addresses.
/// Source: <https://docs.tosspayments.com/sdk/v2/js>.
pub const MAX_NAME: usize = 100;

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TextProblem {
    /// Nothing, or spaces.
    #[error("is empty")]
    Empty,
    /// More than Toss takes.
    #[error("has {0} characters; at most {MAX_NAME} are allowed")]
    TooLong(usize),
    /// A control character.
    #[error("holds a control character")]
    Control,
    /// A character that turns the direction of the text around it, so that a buyer reads something else
    /// than is stored.
    #[error(
        "holds U+{0:04X}, which changes the direction of text and can show something else than is stored"
    )]
    Direction(u32),
}

/// Checks a name that a buyer or an operator is shown.
///
/// # Errors
/// The first problem.
pub fn check_name(text: &str) -> Result<(), TextProblem> {
    if text.trim().is_empty() {
        return Err(TextProblem::Empty);
    }
    let length = text.chars().count();
    if length > MAX_NAME {
        return Err(TextProblem::TooLong(length));
    }
    if text.chars().any(char::is_control) {
        return Err(TextProblem::Control);
    }
    check_direction(text)
}

/// Checks that a text is read as it is stored.
///
/// # Errors
/// It has a character that turns its direction.
pub fn check_direction(text: &str) -> Result<(), TextProblem> {
    match text.chars().find(|c| turns_direction(*c)) {
        Some(c) => Err(TextProblem::Direction(u32::from(c))),
        None => Ok(()),
    }
}

/// Embeddings, overrides, isolates and marks of Unicode's bidirectional algorithm (UAX #9).
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether a `customerKey` can be guessed by whoever knows the customer. Toss asks for one that cannot:
/// together with a billing key it charges a card.
/// Source: <https://docs.tosspayments.com/sdk/v2/js> (`customerKey`).
pub fn is_guessable(customer_key: &str) -> Option<&'static str> {
    if customer_key
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    {
        return Some("an e-mail address");
    }
    let digits = customer_key.bytes().filter(u8::is_ascii_digit).count();
    let only_number = customer_key
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    if only_number && (9..=13).contains(&digits) && customer_key.starts_with(['0', '8']) {
        return Some("a phone number");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_reads_otherwise_than_it_is_stored_is_refused() {
        assert!(check_name("티셔츠 1장 (L) é 日本").is_ok());
        assert_eq!(check_name(" "), Err(TextProblem::Empty));
        assert_eq!(check_name("a\nb"), Err(TextProblem::Control));
        assert_eq!(
            check_name("15,000\u{202E}000,1"),
            Err(TextProblem::Direction(0x202E))
        );
        assert!(check_name(&"가".repeat(101)).is_err());
        let said = check_name("\u{2066}x").unwrap_err().to_string();
        assert!(said.contains("U+2066"), "{said}");
    }

    #[test]
    fn a_key_that_others_know_is_recognised() {
        for key in ["kim@example.com", "a.b@shop.co.kr"] {
            assert_eq!(is_guessable(key), Some("an e-mail address"), "{key}");
        }
        for key in [
            "01012345678",
            "010-1234-5678",
            "821012345678",
            "02-123-4567",
        ] {
            assert_eq!(is_guessable(key), Some("a phone number"), "{key}");
        }
        for key in [
            "3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11",
            "user_1",
            "customer",
            "qLKNEQdVbLshykFfzorKz",
            "a@b",
            "2026112800017",
        ] {
            assert_eq!(is_guessable(key), None, "{key}");
        }
    }
}
