//! What an answer of Toss's means for money. Pure.
//!
//! Only a refusal is a refusal: an answer that cannot be read, any server error, `409` and `429` say
//! nothing certain. Documented codes are no exception: a request that was answered 500 with one of them
//! may be carried out seconds later.

use std::time::Duration;

use serde::{Deserialize, de::DeserializeOwned};
use toss_checkout_contract::FailureCode;

use crate::{
    application::provider::ProviderError,
    domain::{
        attempt::AttemptFailure,
        decline::{DeclineClass, class_of, is_about_the_shops_key},
    },
};

/// Toss's sentences are shorter. Source: <https://docs.tosspayments.com/reference>.
const MAX_MESSAGE: usize = 510;

#[derive(Deserialize)]
struct Failure {
    code: FailureCode,
    #[serde(default)]
    message: String,
}

/// Reads an answer with a body.
pub(super) fn read<T: DeserializeOwned>(
    status: u16,
    retry_after: Option<Duration>,
    body: &[u8],
) -> Result<T, ProviderError> {
    if !(200..300).contains(&status) {
        return Err(failed(status, retry_after, body));
    }
    serde_json::from_slice(body).map_err(|error| {
        // The text of the error names field and position, not values.
        let at = (error.line(), error.column());
        unknown(format!("a success that cannot be read, at {at:?}"))
    })
}

/// Reads an answer that has no body when all went well.
pub(super) fn read_empty(
    status: u16,
    retry_after: Option<Duration>,
    body: &[u8],
) -> Result<(), ProviderError> {
    if (200..300).contains(&status) {
        return Ok(());
    }
    Err(failed(status, retry_after, body))
}

/// An outcome that nobody knows.
pub(super) fn unknown(reason: String) -> ProviderError {
    ProviderError::Unknown {
        reason,
        retry_after: None,
        fault: None,
    }
}

fn failed(status: u16, retry_after: Option<Duration>, body: &[u8]) -> ProviderError {
    let failure = match serde_json::from_slice::<Failure>(body) {
        Ok(failure) if !failure.code.as_str().is_empty() => AttemptFailure {
            code: failure.code,
            message: failure.message.chars().take(MAX_MESSAGE).collect(),
            status,
        },
        _ => {
            return ProviderError::Unknown {
                reason: format!("status {status} without a code"),
                retry_after,
                fault: None,
            };
        }
    };
    let class = class_of(&failure.code);
    if status >= 500 || matches!(status, 408 | 409 | 429) || class == Some(DeclineClass::Unknown) {
        let is_fault = status >= 500
            && class
                .is_some_and(|it| !matches!(it, DeclineClass::Unknown | DeclineClass::DoneBefore));
        return ProviderError::Unknown {
            reason: format!("status {status} with {}", failure.code),
            retry_after,
            fault: is_fault.then_some(failure),
        };
    }
    if status == 401 || is_about_the_shops_key(&failure.code) {
        return ProviderError::Configuration(failure);
    }
    if class == Some(DeclineClass::DoneBefore) {
        return ProviderError::DoneBefore(failure);
    }
    if class.is_none() {
        tracing::warn!(code = %failure.code, status, "a code that this version has no class for");
    }
    ProviderError::Refused(failure)
}

/// `Retry-After`, in seconds.
pub(super) fn retry_after(header: Option<&str>) -> Option<Duration> {
    header?.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, code: &str) -> ProviderError {
        let body = format!(r#"{{"code":"{code}","message":"거절"}}"#);
        read::<serde_json::Value>(status, None, body.as_bytes()).unwrap_err()
    }

    #[test]
    fn only_what_certainly_failed_is_called_a_refusal() {
        for (status, code) in [
            (400, "INVALID_REJECT_CARD"),
            (400, "PROVIDER_ERROR"),
            (403, "REJECT_CARD_PAYMENT"),
            (403, "FORBIDDEN_REQUEST"),
            (404, "NOT_FOUND_PAYMENT_SESSION"),
            (400, "A_CODE_ADDED_LATER"),
        ] {
            let outcome = answered(status, code);
            assert!(matches!(outcome, ProviderError::Refused(_)), "{outcome:?}");
        }
    }

    #[test]
    fn a_server_error_says_nothing_whatever_its_code() {
        for (status, code) in [
            (500, "FAILED_INTERNAL_SYSTEM_PROCESSING"),
            (500, "FAILED_DB_PROCESSING"),
            (500, "COMMON_ERROR"),
            (503, "REJECT_CARD_PAYMENT"),
            (409, "IDEMPOTENT_REQUEST_PROCESSING"),
            (429, "TOO_MANY"),
            (403, "FORBIDDEN_CONSECUTIVE_REQUEST"),
        ] {
            let outcome = answered(status, code);
            assert!(
                matches!(outcome, ProviderError::Unknown { .. }),
                "{outcome:?}"
            );
        }
        for (status, body) in [
            (502, "<html>Bad Gateway</html>"),
            (404, ""),
            (400, r#"{"code":"","message":"x"}"#),
            (200, "not json"),
        ] {
            let outcome = read::<Vec<u8>>(status, None, body.as_bytes()).unwrap_err();
            assert!(
                matches!(outcome, ProviderError::Unknown { .. }),
                "{outcome:?}"
            );
        }
    }

    #[test]
    fn a_wrong_key_is_the_operators_and_a_repetition_is_looked_up() {
        for (status, code) in [
            (401, "UNAUTHORIZED_KEY"),
            (400, "INVALID_API_KEY"),
            (403, "INCORRECT_BASIC_AUTH_FORMAT"),
            (401, "ADDED_LATER"),
        ] {
            let outcome = answered(status, code);
            assert!(
                matches!(outcome, ProviderError::Configuration(_)),
                "{outcome:?}"
            );
        }
        for code in [
            "ALREADY_PROCESSED_PAYMENT",
            "DUPLICATED_ORDER_ID",
            "ALREADY_CANCELED_PAYMENT",
        ] {
            let outcome = answered(400, code);
            assert!(
                matches!(outcome, ProviderError::DoneBefore(_)),
                "{outcome:?}"
            );
        }
    }

    #[test]
    fn when_to_ask_again_is_carried() {
        let body = br#"{"code":"TOO_MANY","message":""}"#;
        let after = retry_after(Some("7"));
        let outcome = read::<Vec<u8>>(429, after, body).unwrap_err();
        assert_eq!(outcome.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(retry_after(Some("soon")), None);
    }
}
