//! What the SDK throws.

use js_sys::Reflect;
use thiserror::Error;
use toss_checkout_contract::{FailureCode, ValueError};
use wasm_bindgen::JsValue;

/// A refusal by the SDK, thrown at once or through a promise.
///
/// The JavaScript value stays inside this crate, so that the error can be cloned, compared and kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{code}: {message}")]
pub struct SdkError {
    /// Why.
    pub code: SdkErrorCode,
    /// Toss's sentence (Korean), or the browser's when the SDK itself broke. For developers.
    pub message: String,
}

/// Why the SDK refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SdkErrorCode {
    /// Toss's code. Source: <https://docs.tosspayments.com/sdk/v2/error-codes>.
    #[error("{0}")]
    Toss(FailureCode),
    /// We did not call: a value breaks a limit that Toss documents.
    #[error("{0}")]
    Value(ValueError),
    /// The SDK broke or is not what it should be: something was thrown that has no code.
    #[error("the SDK broke")]
    Broken,
}

impl SdkError {
    /// The buyer closed the window, or the page did.
    pub fn is_cancel(&self) -> bool {
        matches!(&self.code, SdkErrorCode::Toss(code) if code.is_cancel())
    }

    /// The code to show and to report.
    pub fn failure_code(&self) -> FailureCode {
        match &self.code {
            SdkErrorCode::Toss(code) => code.clone(),
            SdkErrorCode::Value(_) => FailureCode::InvalidParameters,
            SdkErrorCode::Broken => FailureCode::Unknown,
        }
    }

    /// Reads what was thrown: an object with a `code`; an `Error` without one; a string; anything else.
    pub(crate) fn from_js(thrown: &JsValue) -> Self {
        // Fails for what is no object.
        let text = |name: &str| {
            let value = Reflect::get(thrown, &JsValue::from_str(name)).ok()?;
            value.as_string()
        };
        let message = text("message").or_else(|| thrown.as_string());
        Self {
            code: text("code").map_or(SdkErrorCode::Broken, |code| {
                SdkErrorCode::Toss(FailureCode::from(code.as_str()))
            }),
            message: message.unwrap_or_default(),
        }
    }
}

impl From<ValueError> for SdkError {
    fn from(error: ValueError) -> Self {
        Self {
            message: error.to_string(),
            code: SdkErrorCode::Value(error),
        }
    }
}
