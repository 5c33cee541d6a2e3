//! The script that a merchant's page loads instead of `https://js.tosspayments.com/v2/standard`.

use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, HeaderName, header},
    response::{IntoResponse, Response},
    routing::get,
};

use tower_http::compression::CompressionLayer;

use crate::{
    app_state::AppState,
    error::language,
    faults::{Endpoint, FaultKind, Faults, NO_ANSWER_FOR},
    hangup::Hangup,
    isolation,
    toss::Toss,
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
    let mut router = Router::new().route("/v2/standard", script);
    for path in VERSION_1_PATHS {
        router = router.route(path, get(version_1));
    }
    router
}

/// Where Toss serves the scripts of version 1.
const VERSION_1_PATHS: [&str; 4] = ["/v1", "/v1/payment", "/v1/payment-widget", "/v1/brandpay"];
const VERSION_1: &str = include_str!("version1.js");

async fn version_1() -> impl IntoResponse {
    (OPEN, TYPED, VERSION_1)
}

const OPEN: [(HeaderName, &str); 2] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::CACHE_CONTROL, "no-store"),
];
const TYPED: [(HeaderName, &str); 2] = [
    (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

async fn script(
    State(faults): State<Faults>,
    State(toss): State<Toss>,
    Extension(hangup): Extension<Hangup>,
    headers: HeaderMap,
) -> Response {
    if let Some(fault) = faults.take(Endpoint::Sdk) {
        tokio::time::sleep(fault.wait()).await;
        match fault.kind {
            FaultKind::Reset | FaultKind::LostResponse => hangup.now().await,
            FaultKind::Timeout => hangup.after(NO_ANSWER_FOR).await,
            _ => {}
        }
        if let Some(refusal) = fault.refusal() {
            let text = refusal.message(language(&headers));
            return (refusal.status, OPEN, text).into_response();
        }
    }
    let mut response = (OPEN, TYPED, SCRIPT).into_response();
    if toss.state().rules().sends_cross_origin_headers {
        isolation::allow_embedding(response.headers_mut());
    }
    response
}
