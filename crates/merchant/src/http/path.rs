//! Names in paths.

use toss_checkout_contract::SessionId;

use super::error::ApiError;

/// An id that cannot be one names no session.
pub(super) fn session_id(text: &str) -> Result<SessionId, ApiError> {
    SessionId::new(text).map_err(|_| ApiError::no_session())
}
