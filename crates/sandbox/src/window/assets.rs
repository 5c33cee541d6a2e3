//! The window's stylesheet and script.

use std::sync::Arc;

use axum::{Router, http::header, response::IntoResponse, routing::get};

use crate::app::App;

const STYLE: &str = include_str!("window.css");
const SCRIPT: &str = include_str!("window.js");

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sandbox/assets/window.css", get(style))
        .route("/sandbox/assets/window.js", get(script))
}

async fn style() -> impl IntoResponse {
    served("text/css; charset=utf-8", STYLE)
}

async fn script() -> impl IntoResponse {
    served("text/javascript; charset=utf-8", SCRIPT)
}

pub(crate) fn served(kind: &'static str, body: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, body)
}
