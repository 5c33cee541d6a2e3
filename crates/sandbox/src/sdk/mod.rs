//! The script that a merchant's page loads instead of `https://js.tosspayments.com/v2/standard`.

use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::get,
};

use tower_http::compression::CompressionLayer;

use crate::{
    app_state::AppState,
    error::language,
    faults::{Endpoint, FaultKind, Faults, NO_ANSWER_FOR},
    hangup::Hangup,
};

/// One file for the browser. The parts share one scope, which the page around does not see.
const SCRIPT: &str = concat!(
    "// The sandbox's stand-in for https://js.tosspayments.com/v2/standard: plain script, no build step.\n",
    "// No eval, no inline handler, no HTML from text: it runs under a strict policy and Trusted Types.\n",
    "(() => {\n\"use strict\";\n\n",
    include_str!("script/errors.js"),
    include_str!("script/checks.js"),
    include_str!("script/shapes.js"),
    include_str!("script/requests.js"),
    include_str!("script/overlay.js"),
    include_str!("script/main.js"),
    "})();\n",
);

pub(crate) fn routes() -> Router<AppState> {
    // As from any content delivery network.
    let script = get(script).layer(CompressionLayer::new());
    Router::new().route("/v2/standard", script)
}

async fn script(
    State(faults): State<Faults>,
    Extension(hangup): Extension<Hangup>,
    headers: HeaderMap,
) -> Response {
    let open = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    if let Some(fault) = faults.take(Endpoint::Sdk) {
        tokio::time::sleep(fault.wait()).await;
        match fault.kind {
            FaultKind::Reset | FaultKind::LostResponse => hangup.now().await,
            FaultKind::Timeout => hangup.after(NO_ANSWER_FOR).await,
            _ => {}
        }
        if let Some(refusal) = fault.refusal() {
            let text = refusal.message(language(&headers));
            return (refusal.status, open, text).into_response();
        }
    }
    let typed = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let shared = [("cross-origin-resource-policy", "cross-origin")];
    (open, typed, shared, SCRIPT).into_response()
}
