//! All routes.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::Method,
    middleware::{Next, from_fn_with_state},
    response::{Redirect, Response},
    routing::get,
};

use crate::{
    app_state::AppState, changes::Changes, console, control, limits::MAX_BODY, rest, sdk, window,
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

pub(crate) fn router(app: AppState) -> Router {
    Router::new()
        .route("/", get(async || Redirect::to("/sandbox")))
        .merge(sdk::routes())
        .merge(rest::routes())
        .merge(window::routes())
        .merge(control::routes())
        .merge(console::routes())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(app.clone(), notice_changes))
        .with_state(app)
}
