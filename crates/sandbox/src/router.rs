//! All routes.

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderMap, Method},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use toss_model::ErrorCode;

use crate::{
    app_state::AppState,
    changes::Changes,
    console, control,
    error::{ApiError, language},
    limits::MAX_BODY,
    rest, sdk, window,
};

/// Everything but reading may have changed something.
async fn notice_changes(State(changes): State<Changes>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let response = next.run(request).await;
    if !reads {
        changes.tell();
    }
    response
}

/// Never an empty answer: whoever mistypes an address reads what it was.
async fn nothing_here(headers: HeaderMap) -> Response {
    refused(ErrorCode::NotFound, &headers)
}

async fn another_method(headers: HeaderMap) -> Response {
    refused(ErrorCode::NotFoundHttpMethod, &headers)
}

fn refused(code: ErrorCode, headers: &HeaderMap) -> Response {
    let error = ApiError::from(code);
    (error.status, Json(error.body(language(headers)))).into_response()
}

pub(crate) fn router(app: AppState) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/sandbox")))
        .merge(sdk::routes())
        .merge(rest::routes())
        .merge(window::routes().layer(from_fn_with_state(app.clone(), window::isolate)))
        .merge(control::routes())
        .merge(console::routes())
        .fallback(nothing_here)
        .method_not_allowed_fallback(another_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(app.clone(), notice_changes))
        .with_state(app)
}
