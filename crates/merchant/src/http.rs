//! The routes, one file per resource.

mod body;
mod checkout;
pub(crate) mod events;
mod headers;
mod html;
mod limit;
mod merchant;
mod page;
mod streams;
mod toss_hooks;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::catch_panic::CatchPanicLayer;

use self::limit::Limiter;
use crate::{core::Core, problem::Problem};

/// Bodies of ours are a few hundred bytes.
const MAX_BODY: usize = 32 * 1024;

/// Everything that this server answers.
pub(crate) fn router(core: &Arc<Core>) -> Router {
    let limiter = Arc::new(Limiter::default());
    Router::new()
        .merge(checkout::routes(core, &limiter))
        .merge(merchant::routes(core))
        .merge(toss_hooks::routes(core, &limiter))
        .merge(page::routes(core))
        .route("/healthz", get(health))
        // Browsers ask for it unasked; a 404 would be an error in every console.
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .fallback(nowhere)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(
            Arc::clone(core),
            headers::every_answer,
        ))
        .with_state(Arc::clone(core))
}

async fn health(State(core): State<Arc<Core>>) -> Response {
    match core.store.ping().await {
        Ok(()) => Json(serde_json::json!({"status": "ok"})).into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

async fn nowhere() -> Problem {
    Problem::not_found()
}

async fn wrong_method() -> Problem {
    Problem::new(
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
    Problem::internal().into_response()
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
