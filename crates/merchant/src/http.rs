//! The routes, one file per resource.

pub(crate) mod api;
mod body;
mod checkout;
mod described;
mod error;
pub(crate) mod events;
mod headers;
mod html;
mod limit;
mod openapi;
mod operation;
mod page;
mod path;
mod streams;
mod subscription_page;
mod webhooks;

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::routes;

use self::error::ApiError;
use self::limit::Limiter;
use crate::app_state::AppState;

/// Bodies of ours are a few hundred bytes.
const MAX_BODY: usize = 32 * 1024;

/// Everything that this server answers.
pub(crate) fn router(state: &Arc<AppState>) -> Router {
    let limiter = Arc::new(Limiter::default());
    let (calls, document) = openapi::begin()
        .merge(checkout::routes(state, &limiter))
        .merge(subscription_page::routes(state, &limiter))
        .merge(api::routes(state))
        .merge(webhooks::routes(state, &limiter))
        .merge(operation::routes(state))
        .routes(routes!(openapi::describe))
        .split_for_parts();
    let described = described::Described::new(&openapi::complete(document));
    calls
        .merge(page::routes(state))
        .layer(Extension(described))
        // Browsers ask for it unasked; a 404 would be an error in every console.
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .fallback(nowhere)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(path::without_nul))
        .layer(middleware::from_fn_with_state(
            Arc::clone(state),
            headers::every_answer,
        ))
        .with_state(Arc::clone(state))
}

async fn nowhere() -> ApiError {
    ApiError::not_found()
}

async fn wrong_method() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        toss_checkout_contract::codes::NOT_FOUND,
        "this address takes another method",
    )
}

/// The text of a panic may hold anything, so it stays in the log.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the box over"
)]
fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let what = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("?");
    tracing::error!(what, "a request panicked");
    ApiError::internal().into_response()
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn what_a_panic_says_stays_inside() {
        async fn broken() -> StatusCode {
            panic!("the billing key is Z_t5vOvQxrj4499PeiJcjen28")
        }
        let router: Router = Router::new()
            .route("/", get(broken))
            .layer(CatchPanicLayer::custom(panicked));
        let answer = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(answer.into_body(), MAX_BODY)
            .await
            .unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(
            text.contains("CHECKOUT_INTERNAL") && !text.contains("Z_t5"),
            "{text}"
        );
    }
}
