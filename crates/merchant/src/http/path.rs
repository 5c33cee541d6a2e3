//! Names in paths.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use toss_checkout_contract::SessionId;

use super::error::ApiError;

/// How U+0000 is written in an address.
const NUL: &str = "%00";

/// Middleware: no name and no parameter holds U+0000, and PostgreSQL cannot even look for one.
pub(super) async fn without_nul(request: Request, next: Next) -> Response {
    let address = request.uri();
    if address.path().contains(NUL) {
        return ApiError::not_found().into_response();
    }
    if address.query().is_some_and(|query| query.contains(NUL)) {
        return ApiError::invalid("the query holds %00, the character U+0000").into_response();
    }
    next.run(request).await
}

/// An id that cannot be one names no session.
pub(super) fn session_id(text: &str) -> Result<SessionId, ApiError> {
    SessionId::new(text).map_err(|_| ApiError::no_session())
}
