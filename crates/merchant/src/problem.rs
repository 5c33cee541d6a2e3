//! What an API call answers when it does not succeed.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use toss_checkout_contract::{ApiError, codes};

use crate::{store::StoreError, store::records::AttemptFailure, trace};

/// An error for the caller. It holds nothing about the inside of this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: String,
    message: String,
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem of ours; `code` is one of [`codes`].
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            retry_after: None,
        }
    }

    /// 400: the request is not what the call takes.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, codes::INVALID_REQUEST, message)
    }

    /// 404: no session has this id.
    pub fn no_session() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            codes::SESSION_NOT_FOUND,
            "no session has this id; it was mistyped, or belongs to another server",
        )
    }

    /// 404: no such address.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            codes::NOT_FOUND,
            "no such address; docs/backend-contract.md lists them all",
        )
    }

    /// 500: our fault. The cause is in the log, under the trace id.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            codes::INTERNAL,
            "something went wrong on the server; its log says what, under this trace id",
        )
    }

    /// 429, and when to come again.
    pub fn too_many(seconds: u64) -> Self {
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
    pub fn overloaded(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                codes::RATE_LIMITED,
                "the server has as many of these open as it can; wait as long as Retry-After says",
            )
        }
    }

    /// What Toss said, with Toss's status; its server errors are a bad gateway for our caller.
    pub fn of_toss(failure: &AttemptFailure) -> Self {
        let status = match failure.status {
            400..=499 => StatusCode::from_u16(failure.status).unwrap_or(StatusCode::BAD_REQUEST),
            _ => StatusCode::BAD_GATEWAY,
        };
        Self::new(status, failure.code.as_str(), &failure.message)
    }

    /// Whether the same request may succeed later.
    fn retryable(&self) -> bool {
        self.retry_after.is_some() || self.code == codes::INTERNAL
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::internal()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ApiError {
            retryable: self.retryable(),
            trace_id: trace::current(),
            code: self.code,
            message: self.message,
        };
        let mut answer = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            answer
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}
