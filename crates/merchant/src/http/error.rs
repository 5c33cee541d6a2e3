//! What an API call answers when it does not succeed: the one place that knows status codes.

use axum::{
    Json,
    extract::rejection::BytesRejection,
    http::{
        HeaderValue, StatusCode,
        header::{RETRY_AFTER, WWW_AUTHENTICATE},
    },
    response::{IntoResponse, Response},
};
use toss_checkout_contract::{ApiError as Body, codes};

use crate::{
    application::{
        error::{Mismatch, UseCaseError},
        ports::RecordsError,
    },
    domain::{attempt::AttemptFailure, decline::is_about_the_shops_key},
    server::bodies::was_late,
    trace,
};

/// Seconds after which a request may come again that found the database away.
const AWAY: u64 = 3;

/// An error for the caller. It holds nothing about the inside of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiError {
    status: StatusCode,
    code: String,
    message: String,
    retry_after: Option<u64>,
}

impl ApiError {
    /// A problem of ours; `code` is one of [`codes`].
    pub(super) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            retry_after: None,
        }
    }

    /// 400: the request is not what the call takes.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, codes::INVALID_REQUEST, message)
    }

    /// A body that did not arrive as it must.
    pub(super) fn of_body(rejection: &BytesRejection) -> Self {
        match rejection {
            BytesRejection::FailedToBufferBody(cause)
                if cause.status() == StatusCode::PAYLOAD_TOO_LARGE =>
            {
                Self::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    codes::INVALID_REQUEST,
                    "the body is too long",
                )
            }
            late if was_late(late) => Self::new(
                StatusCode::REQUEST_TIMEOUT,
                codes::INVALID_REQUEST,
                "the body did not come in time; send it again",
            ),
            _ => Self::invalid("the body ended early"),
        }
    }

    /// 404: no session has this id.
    pub(super) fn no_session() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            codes::SESSION_NOT_FOUND,
            "no session has this id; it was mistyped, or belongs to another server",
        )
    }

    /// 404: no such address.
    pub(super) fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            codes::NOT_FOUND,
            "no such address; docs/backend-contract.md lists them all",
        )
    }

    /// 500: our fault. The cause is in the log, under the trace id.
    pub(super) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            codes::INTERNAL,
            "something went wrong on the server; its log says what, under this trace id",
        )
    }

    /// 409, and when to come again.
    pub(super) fn in_progress(message: &str) -> Self {
        Self {
            retry_after: Some(1),
            ..Self::new(StatusCode::CONFLICT, codes::IN_PROGRESS, message)
        }
    }

    /// 429, and when to come again.
    pub(super) fn too_many(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                codes::RATE_LIMITED,
                "too many requests; wait as long as Retry-After says",
            )
        }
    }

    /// 503, and when to come again.
    pub(super) fn overloaded(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                codes::RATE_LIMITED,
                "the server has as many of these open as it can; wait as long as Retry-After says",
            )
        }
    }

    /// 503: the records cannot be used at the moment.
    fn unavailable(message: &str) -> Self {
        Self {
            retry_after: Some(AWAY),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, codes::UNAVAILABLE, message)
        }
    }

    /// What Toss said, with Toss's status; its server errors, and a key of ours that it does not accept,
    /// are a bad gateway for our caller.
    pub(super) fn of_toss(failure: &AttemptFailure) -> Self {
        let status = match failure.status {
            401 => StatusCode::BAD_GATEWAY,
            _ if is_about_the_shops_key(&failure.code) => StatusCode::BAD_GATEWAY,
            400..=499 => StatusCode::from_u16(failure.status).unwrap_or(StatusCode::BAD_REQUEST),
            _ => StatusCode::BAD_GATEWAY,
        };
        Self::new(status, failure.code.as_str(), &failure.message)
    }

    /// Whether the same request may succeed later.
    fn retryable(&self) -> bool {
        self.retry_after.is_some()
            || self.status == StatusCode::REQUEST_TIMEOUT
            || matches!(self.code.as_str(), codes::INTERNAL | codes::IN_PROGRESS)
    }

    /// What becomes of this answer when the request came with an idempotency key.
    fn keeping(&self) -> Keeping {
        if self.retryable() {
            Keeping::NotYet
        } else if self.status == StatusCode::BAD_REQUEST && self.code == codes::INVALID_REQUEST {
            Keeping::Nothing
        } else {
            Keeping::Final
        }
    }
}

impl From<RecordsError> for ApiError {
    fn from(error: RecordsError) -> Self {
        tracing::error!(%error, "the records failed");
        match error {
            RecordsError::Database(_) | RecordsError::Unreadable { .. } => Self::internal(),
            // A part of the request may have been done before, and goes on without it.
            RecordsError::Unavailable(_) => Self::unavailable(
                "the database cannot be used at the moment; send the same request again, under the same Idempotency-Key: what has begun is found and not done twice",
            ),
            RecordsError::Unknown(_) => Self::unavailable(
                "the database went away while something was written, and may have written it; send the same request again, under the same Idempotency-Key: what has begun is found and not done twice",
            ),
        }
    }
}

impl From<UseCaseError> for ApiError {
    fn from(error: UseCaseError) -> Self {
        use UseCaseError as E;
        let error = match error {
            E::Records(error) => return error.into(),
            other => other,
        };
        let (status, code) = match &error {
            E::Refused(failure) => return Self::of_toss(failure),
            E::Records(_) | E::Crypto(_) | E::Incomplete(_) => {
                tracing::error!(%error, "a use case failed");
                return Self::internal();
            }
            E::Invalid(_) => (StatusCode::BAD_REQUEST, codes::INVALID_REQUEST),
            E::NoSession => (StatusCode::NOT_FOUND, codes::SESSION_NOT_FOUND),
            E::NoPayment | E::NoPaymentMethod | E::NoSubscription | E::NoNotice => {
                (StatusCode::NOT_FOUND, codes::NOT_FOUND)
            }
            E::WrongKind => (StatusCode::CONFLICT, codes::WRONG_KIND),
            E::Mismatch(Mismatch::Order) => {
                (StatusCode::UNPROCESSABLE_ENTITY, codes::ORDER_MISMATCH)
            }
            E::Mismatch(Mismatch::Amount) => {
                (StatusCode::UNPROCESSABLE_ENTITY, codes::AMOUNT_MISMATCH)
            }
            E::Mismatch(Mismatch::Customer) => {
                (StatusCode::UNPROCESSABLE_ENTITY, codes::CUSTOMER_MISMATCH)
            }
            E::AlreadyFinished => (StatusCode::CONFLICT, codes::ALREADY_FINISHED),
            E::SessionExpired => (StatusCode::GONE, codes::SESSION_EXPIRED),
            E::ConsentRequired | E::PriceConsentRequired(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, codes::CONSENT_REQUIRED)
            }
            E::TriedTooOften => (StatusCode::TOO_MANY_REQUESTS, codes::RATE_LIMITED),
            E::OrderUsed | E::Conflict(_) => (StatusCode::CONFLICT, codes::INVALID_REQUEST),
            E::Busy(_) => (StatusCode::CONFLICT, codes::IN_PROGRESS),
            E::Changed { .. } => (StatusCode::PRECONDITION_FAILED, codes::REVISION_MISMATCH),
            E::IdempotencyKeyUsed => (
                StatusCode::UNPROCESSABLE_ENTITY,
                codes::IDEMPOTENCY_KEY_USED,
            ),
            E::ProviderUnavailable => (StatusCode::BAD_GATEWAY, codes::INTERNAL),
        };
        Self::new(status, code, error.to_string())
    }
}

/// What becomes of an answer when the request came with an idempotency key. Whoever gives an answer that
/// is no plain success says so in its extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeping {
    /// It is the answer to this request for ever.
    Final,
    /// The outcome is open: the same request asks again.
    NotYet,
    /// Nothing was done and nothing was looked at but the request itself: the key is free again.
    Nothing,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let keeping = self.keeping();
        let body = Body {
            retryable: self.retryable(),
            trace_id: trace::current(),
            code: self.code,
            message: self.message,
        };
        let mut answer = (self.status, Json(body)).into_response();
        answer.extensions_mut().insert(keeping);
        if self.status == StatusCode::UNAUTHORIZED {
            // Every 401 says how to prove who one is. Source: RFC 9110, section 11.6.1.
            answer
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            answer
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_was_late_may_come_again() {
        let of = |status| ApiError::new(status, codes::INVALID_REQUEST, "").retryable();
        assert!(of(StatusCode::REQUEST_TIMEOUT) && !of(StatusCode::BAD_REQUEST));
    }

    #[test]
    fn the_shops_wrong_key_is_our_bad_gateway_and_never_the_buyers_401() {
        let status = |code: &str, status| {
            ApiError::of_toss(&AttemptFailure {
                code: code.into(),
                message: String::new(),
                status,
            })
            .status
        };
        assert_eq!(status("UNAUTHORIZED_KEY", 401), StatusCode::BAD_GATEWAY);
        assert_eq!(status("INVALID_API_KEY", 400), StatusCode::BAD_GATEWAY);
        assert_eq!(
            status("INCORRECT_BASIC_AUTH_FORMAT", 403),
            StatusCode::BAD_GATEWAY
        );
        assert_eq!(status("REJECT_CARD_PAYMENT", 403), StatusCode::FORBIDDEN);
    }
}
