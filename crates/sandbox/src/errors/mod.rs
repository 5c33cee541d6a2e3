//! Toss's refusals: one table of code, status and text, and the error that the sandbox answers with.

pub mod table;

use std::{borrow::Cow, fmt};

use axum::http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// One documented error.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// Toss's code.
    pub code: &'static str,
    /// The HTTP status that comes with it.
    pub status: u16,
    /// The text by default.
    pub ko: &'static str,
    /// The text for `Accept-Language: en-US`, where one is published.
    pub en: Option<&'static str>,
}

impl Row {
    /// The text in a language; Korean where no English one is published.
    pub fn text(&self, language: Language) -> &'static str {
        match language {
            Language::Ko => self.ko,
            Language::En => self.en.unwrap_or(self.ko),
        }
    }
}

/// Its code, which is enough to find it again.
impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for &'static Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        find(&code).ok_or_else(|| D::Error::custom(format!("no documented error {code}")))
    }
}

/// Finds a documented code.
pub fn find(code: &str) -> Option<&'static Row> {
    table::ALL.iter().find(|row| row.code == code).copied()
}

/// What a window says when it sends the buyer to `failUrl`, where that differs from the API's text.
/// Source: <https://docs.tosspayments.com/guides/v2/payment-window/integration-virtual-account>.
pub fn window_text(code: &str) -> &'static str {
    match code {
        "PAY_PROCESS_CANCELED" => "사용자에 의해 결제가 취소되었습니다.",
        "PAY_PROCESS_ABORTED" => "결제 진행 중 승인에 실패하여 결제가 중단되었습니다.",
        "EXPIRED_PAYMENT" => "결제가 만료되었습니다. 다시 시도해주세요.",
        other => find(other).map_or("결제에 실패했습니다.", |row| row.ko),
    }
}

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
    pub fn of(headers: &HeaderMap) -> Self {
        let first = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split([',', ';']).next())
            .unwrap_or_default()
            .trim();
        let tag = first.split('-').next().unwrap_or_default();
        if tag.eq_ignore_ascii_case("en") {
            Self::En
        } else {
            Self::Ko
        }
    }
}

/// A refusal on its way to the caller: a documented code, or one that a test asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Toss's code.
    pub code: Cow<'static, str>,
    /// The HTTP status.
    pub status: StatusCode,
    row: Option<&'static Row>,
    note: Option<Cow<'static, str>>,
}

/// `{code, message}`, the body of every error of Toss's payment endpoints.
#[derive(Debug, Serialize)]
pub struct ErrorBody {
    /// The code.
    pub code: String,
    /// The text.
    pub message: String,
}

impl Refusal {
    /// A refusal with a code that need not be documented, as fault injection may ask for.
    pub fn injected(code: String, status: Option<StatusCode>) -> Self {
        let row = find(&code);
        let documented = row.and_then(|row| StatusCode::from_u16(row.status).ok());
        Self {
            status: status
                .or(documented)
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: row.map_or(Cow::Owned(code), |row| Cow::Borrowed(row.code)),
            row,
            note: None,
        }
    }

    /// Says more than Toss would. Only where a developer would otherwise search for long.
    #[must_use]
    pub fn because(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The text in a language.
    pub fn message(&self, language: Language) -> String {
        let text = self.row.map_or("샌드박스에서 만든 오류입니다.", |row| {
            row.text(language)
        });
        match &self.note {
            Some(note) => format!("{text} ({note})"),
            None => text.to_owned(),
        }
    }

    /// The body in a language.
    pub fn body(&self, language: Language) -> ErrorBody {
        ErrorBody {
            code: self.code.clone().into_owned(),
            message: self.message(language),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message(Language::Ko))
    }
}

impl std::error::Error for Refusal {}

impl From<&'static Row> for Refusal {
    fn from(row: &'static Row) -> Self {
        Self {
            code: Cow::Borrowed(row.code),
            status: StatusCode::from_u16(row.status).unwrap_or(StatusCode::BAD_REQUEST),
            row: Some(row),
            note: None,
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
        for row in table::ALL {
            assert!(seen.insert(row.code), "{} twice", row.code);
            assert!(
                [400, 401, 403, 404, 409, 500].contains(&row.status),
                "{}",
                row.code
            );
            assert!(!row.ko.is_empty() && row.ko.chars().count() <= 510);
        }
        assert!(seen.len() > 100);
    }

    #[test]
    fn english_is_used_when_asked_for_and_published() {
        let mut headers = HeaderMap::new();
        assert_eq!(Language::of(&headers), Language::Ko);
        headers.insert("accept-language", "en-US,ko;q=0.5".parse().unwrap());
        assert_eq!(Language::of(&headers), Language::En);
        headers.insert("accept-language", "ko-KR,en;q=0.5".parse().unwrap());
        assert_eq!(Language::of(&headers), Language::Ko);

        let refusal = Refusal::from(table::REJECT_CARD_PAYMENT);
        assert_eq!(refusal.status, 403);
        assert_eq!(
            refusal.message(Language::En),
            "Payment failed due to limit exceeded or insufficient balance."
        );
        assert_eq!(
            Refusal::from(table::NOT_FOUND).message(Language::En),
            table::NOT_FOUND.ko
        );
    }

    #[test]
    fn an_injected_code_takes_its_documented_status_unless_told_otherwise() {
        let known = Refusal::injected("REJECT_CARD_PAYMENT".into(), None);
        assert_eq!(known.status, 403);
        let other = Refusal::injected("SOMETHING_NEW".into(), Some(StatusCode::IM_A_TEAPOT));
        assert_eq!(
            (other.status.as_u16(), &*other.code),
            (418, "SOMETHING_NEW")
        );
        assert_eq!(
            Refusal::injected("SOMETHING_NEW".into(), None)
                .status
                .as_u16(),
            500
        );
    }
}
