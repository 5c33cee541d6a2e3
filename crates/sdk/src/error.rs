//! What the SDK throws.

use js_sys::Reflect;
use thiserror::Error;
use toss_checkout_contract::{FailureCode, ValueError};
use wasm_bindgen::JsValue;

use crate::window_target::WindowTargetError;

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
    /// Toss's code; [`FailureCode::Other`] for one that this version does not know.
    /// Source: <https://docs.tosspayments.com/sdk/v2/error-codes>.
    #[error("{0}")]
    Toss(FailureCode),
    /// We did not call: a value breaks a limit that Toss documents.
    #[error("{0}")]
    Value(ValueError),
    /// We did not call: Toss's window cannot open here.
    #[error("{0}")]
    Window(WindowTargetError),
    /// The SDK broke or is not what it should be: something was thrown that has no code, or the
    /// answer is none.
    #[error("the SDK broke")]
    Broken,
}

impl SdkError {
    /// The buyer closed the window, or the page did.
    pub fn is_cancel(&self) -> bool {
        matches!(&self.code, SdkErrorCode::Toss(code) if code.is_cancel())
    }

    /// Only the merchant's developer can mend it: a key, an address or a parameter is wrong.
    pub fn is_misconfiguration(&self) -> bool {
        use FailureCode as C;
        match &self.code {
            SdkErrorCode::Value(_) | SdkErrorCode::Window(_) => true,
            SdkErrorCode::Toss(code) => matches!(
                code,
                C::InvalidClientKey
                    | C::InvalidCustomerKey
                    | C::InsecureKeyUsage
                    | C::NotSupportedWidgetKey
                    | C::NotSupportedPromise
                    | C::V1MethodNotSupported
                    | C::IncorrectSuccessUrlFormat
                    | C::IncorrectFailUrlFormat
                    | C::InvalidParameters
                    | C::InvalidMetadata
                    | C::InvalidAmountValue
                    | C::InvalidAmountCurrency
                    | C::BelowZeroAmount
            ),
            SdkErrorCode::Broken => false,
        }
    }

    /// The same call may work later: a window was open, the network failed, or the SDK broke. What
    /// the buyer cancelled may be asked for again, too, but is no failure.
    pub fn is_retryable(&self) -> bool {
        use FailureCode as C;
        match &self.code {
            SdkErrorCode::Broken => true,
            SdkErrorCode::Toss(code) => {
                code.is_cancel()
                    || matches!(
                        code,
                        C::InvalidMethodTransaction | C::NetworkError | C::Unknown
                    )
            }
            SdkErrorCode::Value(_) | SdkErrorCode::Window(_) => false,
        }
    }

    /// Whether it is this code of Toss's.
    pub fn is(&self, code: &FailureCode) -> bool {
        matches!(&self.code, SdkErrorCode::Toss(thrown) if thrown == code)
    }

    /// The code to show and to report.
    pub fn failure_code(&self) -> FailureCode {
        match &self.code {
            SdkErrorCode::Toss(code) => code.clone(),
            SdkErrorCode::Value(_) | SdkErrorCode::Window(_) => FailureCode::InvalidParameters,
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

impl From<WindowTargetError> for SdkError {
    fn from(error: WindowTargetError) -> Self {
        Self {
            message: error.to_string(),
            code: SdkErrorCode::Window(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use toss_checkout_contract::Problem;

    use super::*;

    fn error(code: &str) -> SdkError {
        SdkError {
            code: SdkErrorCode::Toss(FailureCode::from(code)),
            message: String::new(),
        }
    }

    /// Every code that `payment()` can throw: facts by
    /// <https://docs.tosspayments.com/sdk/v2/error-codes>.
    #[test]
    fn every_code_is_known_and_sorted() {
        for (code, cancel, misconfiguration, retryable) in [
            ("USER_CANCEL", true, false, true),
            ("PAYMENT_REQUEST_ABORTED", true, false, true),
            ("BELOW_ZERO_AMOUNT", false, true, false),
            ("INVALID_AMOUNT_VALUE", false, true, false),
            ("INVALID_AMOUNT_CURRENCY", false, true, false),
            ("INCORRECT_SUCCESS_URL_FORMAT", false, true, false),
            ("INCORRECT_FAIL_URL_FORMAT", false, true, false),
            ("INVALID_CLIENT_KEY", false, true, false),
            ("INVALID_CUSTOMER_KEY", false, true, false),
            ("INSECURE_KEY_USAGE", false, true, false),
            ("NOT_SUPPORTED_WIDGET_KEY", false, true, false),
            ("INVALID_METHOD_TRANSACTION", false, false, true),
            ("INVALID_PARAMETERS", false, true, false),
            ("INVALID_METADATA", false, true, false),
            ("NOT_SUPPORTED_METHOD", false, false, false),
            ("NOT_SUPPORTED_PROMISE", false, true, false),
            ("V1_METHOD_NOT_SUPPORTED", false, true, false),
            ("UNKNOWN", false, false, true),
            ("NO_ACTIVE_PAYMENT_REQUEST", false, false, false),
            ("NETWORK_ERROR", false, false, true),
        ] {
            let error = error(code);
            let known = !matches!(
                &error.code,
                SdkErrorCode::Toss(FailureCode::Other(_)) | SdkErrorCode::Broken
            );
            assert!(known, "{code}");
            assert_eq!(error.failure_code().as_str(), code);
            assert_eq!(error.is_cancel(), cancel, "{code}");
            assert_eq!(error.is_misconfiguration(), misconfiguration, "{code}");
            assert_eq!(error.is_retryable(), retryable, "{code}");
        }
        let new = error("BRAND_NEW");
        assert_eq!(new.failure_code().as_str(), "BRAND_NEW");
        assert!(!new.is_cancel() && !new.is_misconfiguration() && !new.is_retryable());
    }

    #[test]
    fn what_we_refuse_ourselves_is_a_misconfiguration() {
        let value = SdkError::from(Problem::Empty.of("orderName"));
        assert!(value.is_misconfiguration() && !value.is_retryable() && !value.is_cancel());
        assert_eq!(value.message, "orderName is empty");
        let window = SdkError::from(WindowTargetError::FramedOnPhone);
        assert!(window.is_misconfiguration() && !window.is_retryable());
        assert_eq!(window.failure_code(), FailureCode::InvalidParameters);
    }
}
