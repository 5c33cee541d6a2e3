//! What the API answers when it refuses: a code of Toss's, or one that a test ordered.

use std::borrow::Cow;

use axum::http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use toss_model::{ErrorCode, Language, Refusal};

/// A refusal with its HTTP status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) code: Cow<'static, str>,
    pub(crate) status: StatusCode,
    known: Option<ErrorCode>,
    note: Option<Cow<'static, str>>,
    /// What was wrong with which value, for the log only.
    pub(crate) reason: Option<Cow<'static, str>>,
}

/// `{code, message}`, the body of every error of Toss's payment endpoints.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorBody {
    code: String,
    message: String,
}

/// The language that a request asks for.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    Language::of(
        accepted
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default(),
    )
}

impl ApiError {
    /// A code that need not be documented, as a fault may want it.
    pub(crate) fn injected(code: String, status: Option<StatusCode>) -> Self {
        let known = ErrorCode::find(&code);
        let documented = known.and_then(|code| StatusCode::from_u16(code.status()).ok());
        Self {
            status: status
                .or(documented)
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: known.map_or(Cow::Owned(code), |code| Cow::Borrowed(code.as_str())),
            known,
            note: None,
            reason: None,
        }
    }

    pub(crate) fn message(&self, language: Language) -> String {
        let text = self.known.map_or("샌드박스에서 만든 오류입니다.", |code| {
            code.text(language)
        });
        match &self.note {
            Some(note) => format!("{text} ({note})"),
            None => text.to_owned(),
        }
    }

    pub(crate) fn body(&self, language: Language) -> ErrorBody {
        ErrorBody {
            code: self.code.clone().into_owned(),
            message: self.message(language),
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let code = refusal.code;
        Self {
            code: Cow::Borrowed(code.as_str()),
            status: StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_REQUEST),
            known: Some(code),
            note: refusal.note,
            reason: refusal.reason,
        }
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Refusal::from(code).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_injected_code_takes_its_documented_status_unless_told_otherwise() {
        let known = ApiError::injected("REJECT_CARD_PAYMENT".into(), None);
        assert_eq!(known.status, 403);
        let other = ApiError::injected("SOMETHING_NEW".into(), Some(StatusCode::IM_A_TEAPOT));
        assert_eq!(
            (other.status.as_u16(), &*other.code),
            (418, "SOMETHING_NEW")
        );
        assert_eq!(ApiError::injected("SOMETHING_NEW".into(), None).status, 500);
    }

    #[test]
    fn the_language_is_that_of_the_header() {
        let mut headers = HeaderMap::new();
        assert_eq!(language(&headers), Language::Ko);
        headers.insert("accept-language", "en-US,ko;q=0.5".parse().unwrap());
        assert_eq!(language(&headers), Language::En);
    }
}
