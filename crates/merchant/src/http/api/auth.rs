//! Who calls, and whether they may.

use std::sync::Arc;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use toss_checkout_contract::codes;

use super::refunds;
use crate::{app_state::AppState, domain::api_key::Scope, http::error::ApiError};

/// Lets a known key through to what its scopes allow.
pub(in crate::http) async fn authorized(
    State(state): State<Arc<AppState>>,
    request: Request,
    next: Next,
) -> Response {
    let scopes = match scopes(&state, bearer(&request)).await {
        Ok(Some(scopes)) => scopes,
        Ok(None) => return unknown(),
        Err(error) => return error.into_response(),
    };
    let route = request.extensions().get::<MatchedPath>();
    let needed = scope_of(request.method(), route.map_or("", MatchedPath::as_str));
    if scopes.contains(&needed) {
        return next.run(request).await;
    }
    ApiError::new(
        StatusCode::FORBIDDEN,
        codes::FORBIDDEN,
        format!(
            "this key lacks the scope '{needed}'; make one that has it with: toss-merchant keys create --scope {needed}"
        ),
    )
    .into_response()
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

fn unknown() -> Response {
    let error = ApiError::new(
        StatusCode::UNAUTHORIZED,
        codes::UNAUTHORIZED,
        "send the header Authorization: Bearer followed by MERCHANT_API_KEY, or by a key of toss-merchant keys create that is neither revoked nor expired",
    );
    let mut answer = error.into_response();
    answer
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    answer
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
