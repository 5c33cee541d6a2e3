//! Toss's refusals: the catalogue of codes, and a code on its way to the caller with what the sandbox knows besides.

mod catalogue;

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

pub use self::catalogue::ErrorCode;

/// The language of error texts. Source: <https://docs.tosspayments.com/reference/using-api/req-res>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// The default.
    Ko,
    /// Asked for by `Accept-Language: en-US` (any English will do).
    En,
}

impl Language {
    /// Reads the first language of `Accept-Language`.
    pub fn of(accept_language: &str) -> Self {
        let first = accept_language.split([',', ';']).next().unwrap_or_default();
        let tag = first.trim().split('-').next().unwrap_or_default();
        if tag.eq_ignore_ascii_case("en") {
            Self::En
        } else {
            Self::Ko
        }
    }
}

impl ErrorCode {
    /// Finds a documented code.
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_str() == code)
    }

    /// The code as Toss writes it.
    pub const fn as_str(self) -> &'static str {
        self.row().code
    }

    /// The HTTP status that Toss documents for it.
    pub const fn status(self) -> u16 {
        self.row().status
    }

    /// The text by default.
    pub const fn korean(self) -> &'static str {
        self.row().korean
    }

    /// The text in a language; Korean where no English one is published.
    pub fn text(self, language: Language) -> &'static str {
        match language {
            Language::Ko => self.korean(),
            Language::En => self.row().english.unwrap_or(self.korean()),
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// As Toss writes it.
impl PartialEq<&str> for ErrorCode {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::find(&code).ok_or_else(|| D::Error::custom(format!("no documented error {code}")))
    }
}

/// What a window says when it sends the buyer to `failUrl`, where that differs from the API's text.
/// Source: <https://docs.tosspayments.com/guides/v2/payment-window/integration-virtual-account>.
pub fn window_text(code: &str) -> &'static str {
    match code {
        "PAY_PROCESS_CANCELED" => "사용자에 의해 결제가 취소되었습니다.",
        "PAY_PROCESS_ABORTED" => "결제 진행 중 승인에 실패하여 결제가 중단되었습니다.",
        "EXPIRED_PAYMENT" => "결제가 만료되었습니다. 다시 시도해주세요.",
        other => ErrorCode::find(other).map_or("결제에 실패했습니다.", ErrorCode::korean),
    }
}

/// A refusal: a documented code, and what the sandbox adds to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Toss's code.
    pub code: ErrorCode,
    /// Stands behind Toss's text in the answer. Only where a developer would otherwise search for long.
    pub note: Option<Cow<'static, str>>,
    /// What was wrong with which value. Toss does not say it, so it is for the log only.
    pub reason: Option<Cow<'static, str>>,
}

impl Refusal {
    /// Says more than Toss would, in the answer.
    #[must_use]
    pub fn because(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// `INVALID_REQUEST`, with the reason for the log.
    pub fn invalid(reason: impl Into<Cow<'static, str>>) -> Self {
        ErrorCode::InvalidRequest.reason(reason)
    }

    /// The text in a language.
    pub fn message(&self, language: Language) -> String {
        let text = self.code.text(language);
        match &self.note {
            Some(note) => format!("{text} ({note})"),
            None => text.to_owned(),
        }
    }
}

impl ErrorCode {
    /// A refusal with this code, and the reason for the log.
    pub fn reason(self, reason: impl Into<Cow<'static, str>>) -> Refusal {
        Refusal {
            code: self,
            note: None,
            reason: Some(reason.into()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message(Language::Ko))?;
        match &self.reason {
            Some(reason) => write!(f, " [{reason}]"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            note: None,
            reason: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_statuses_are_those_that_toss_documents() {
        let mut seen = HashSet::new();
        for code in ErrorCode::ALL {
            assert!(seen.insert(code.as_str()), "{code} twice");
            assert!(
                [400, 401, 403, 404, 409, 500].contains(&code.status()),
                "{code}"
            );
            let text = code.korean();
            assert!(!text.is_empty() && text.chars().count() <= 510);
            assert_eq!(ErrorCode::find(code.as_str()), Some(*code));
        }
        assert!(seen.len() > 100);
    }

    #[test]
    fn english_is_used_when_asked_for_and_published() {
        assert_eq!(Language::of(""), Language::Ko);
        assert_eq!(Language::of("en-US,ko;q=0.5"), Language::En);
        assert_eq!(Language::of("ko-KR,en;q=0.5"), Language::Ko);
        assert_eq!(
            ErrorCode::RejectCardPayment.text(Language::En),
            "Payment failed due to limit exceeded or insufficient balance."
        );
        let only_korean = ErrorCode::NotFound;
        assert_eq!(only_korean.text(Language::En), only_korean.korean());
    }

    #[test]
    fn a_note_is_told_and_a_reason_is_not() {
        let refusal = Refusal::invalid("amount is missing").because("v2");
        assert_eq!(refusal.message(Language::Ko), "잘못된 요청입니다. (v2)");
        assert!(refusal.to_string().ends_with("[amount is missing]"));
    }
}
