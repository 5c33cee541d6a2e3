//! Revisions: `ETag` tells which one was read, `If-Match` which one is to be changed, so that of two people
//! who edit at the same time the later one sees what the earlier one did.

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{application::error::UseCaseError, http::error::ApiError};

/// An answer with the revision of what it shows.
pub(super) struct Revised<T>(pub(super) u64, pub(super) T);

impl<T: Serialize> IntoResponse for Revised<T> {
    fn into_response(self) -> Response {
        let mut answer = Json(self.1).into_response();
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", self.0)) {
            answer.headers_mut().insert(header::ETAG, tag);
        }
        answer
    }
}

/// The revision that the caller saw; `None`: whichever it is.
pub(super) struct IfMatch(pub(super) Option<u64>);

impl IfMatch {
    /// Refuses another revision.
    pub(super) fn check(&self, is: u64) -> Result<(), ApiError> {
        match self.0 {
            Some(expected) if expected != is => Err(UseCaseError::Changed { expected, is }.into()),
            _ => Ok(()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let text = match parts.headers.get(header::IF_MATCH) {
            None => return Ok(Self(None)),
            Some(value) => value.to_str().unwrap_or_default().trim(),
        };
        if text == "*" {
            return Ok(Self(None));
        }
        match read(text) {
            Some(revision) => Ok(Self(Some(revision))),
            None => Err(ApiError::invalid(
                "If-Match is no revision such as 3, as the answer's revision and ETag say",
            )),
        }
    }
}

fn read(text: &str) -> Option<u64> {
    text.trim_matches('"').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_read_with_and_without_quotes() {
        assert_eq!(read("3"), Some(3));
        assert_eq!(read("\"3\""), Some(3));
        for bad in ["", "x", "*", "-1", "W/\"3\"", "\"3\", \"4\""] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
