//! Who calls, and whether they may.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    http::{Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use toss_checkout_contract::codes;

use super::refunds;
use crate::{app_state::AppState, domain::api_key::Scope, http::error::ApiError};

/// Lets a known key through to what its scopes allow.
pub(in crate::http) async fn authorized(
    State(state): State<Arc<AppState>>,
    mut request: Request,
    next: Next,
) -> Response {
    let scopes = match scopes(&state, bearer(&request)).await {
        Ok(Some(scopes)) => scopes,
        Ok(None) => return unknown().into_response(),
        Err(error) => return error.into_response(),
    };
    let route = request.extensions().get::<MatchedPath>();
    let needed = scope_of(request.method(), route.map_or("", MatchedPath::as_str));
    let granted = Granted(scopes);
    if let Err(error) = granted.check(needed) {
        return error.into_response();
    }
    request.extensions_mut().insert(granted);
    next.run(request).await
}

/// What the caller's key may do, for calls whose body decides what they need.
#[derive(Debug, Clone)]
pub(super) struct Granted(Vec<Scope>);

impl Granted {
    /// Refuses a key without the scope.
    pub(super) fn check(&self, needed: Scope) -> Result<(), ApiError> {
        if self.0.contains(&needed) {
            return Ok(());
        }
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            codes::FORBIDDEN,
            format!(
                "this key lacks the scope '{needed}'; make one that has it with: toss-merchant keys create --scope {needed}"
            ),
        ))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Granted {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let granted = parts.extensions.get::<Self>().cloned();
        granted.ok_or_else(ApiError::internal)
    }
}

/// What a call needs. What is not named here needs `write`, so that a new call is never open by mistake.
pub(in crate::http) fn scope_of(method: &Method, route: &str) -> Scope {
    match *method {
        Method::GET | Method::HEAD => Scope::Read,
        Method::POST if route == refunds::PATH => Scope::Refund,
        _ => Scope::Write,
    }
}

fn bearer(request: &Request) -> Option<String> {
    let given = request.headers().get(header::AUTHORIZATION)?;
    let key = given.to_str().ok()?.strip_prefix("Bearer ")?;
    Some(key.trim().to_owned())
}

/// `None`: no such key.
async fn scopes(state: &AppState, key: Option<String>) -> Result<Option<Vec<Scope>>, ApiError> {
    let Some(key) = key else { return Ok(None) };
    // Compared in constant time.
    if state.config.merchant_api_key.matches(&key) {
        return Ok(Some(Scope::ALL.to_vec()));
    }
    let known = state.api_keys.recognise(&key).await?;
    Ok(known.map(|key| key.scopes))
}

fn unknown() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        codes::UNAUTHORIZED,
        "send the header Authorization: Bearer followed by MERCHANT_API_KEY, or by a key of toss-merchant keys create that is neither revoked nor expired",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reading_needs_read_and_only_refunds_need_refund() {
        let refunds = "/api/payments/{id}/refunds";
        for (method, route, needed) in [
            (Method::GET, "/api/payments", Scope::Read),
            (Method::HEAD, "/metrics", Scope::Read),
            (Method::GET, refunds, Scope::Read),
            (Method::POST, refunds, Scope::Refund),
            (Method::POST, "/api/sessions", Scope::Write),
            (
                Method::POST,
                "/api/payment-methods/{id}/charges",
                Scope::Write,
            ),
            (Method::DELETE, "/api/payment-methods/{id}", Scope::Write),
            (Method::PATCH, "/api/event-endpoints/{id}", Scope::Write),
            (Method::POST, "/api/added/later", Scope::Write),
        ] {
            assert_eq!(scope_of(&method, route), needed, "{method} {route}");
        }
    }
}
