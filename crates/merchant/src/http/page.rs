//! Hosts the built pages: the checkout under `/checkout/`, that of a customer's subscriptions under
//! `/subscription/`.

use std::{io::ErrorKind, sync::Arc};

use axum::{
    Router,
    extract::{Path, Query, Request, State, rejection::QueryRejection},
    http::{HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;
use toss_checkout_contract::{Session, SessionId, SessionStatus};
use tower_http::{compression::CompressionLayer, services::ServeDir};
use url::Url;

use super::html;
use crate::{app_state::AppState, http::error::ApiError};

/// Hosts that Toss's SDK talks to and frames. Toss publishes no list; these were measured.
const TOSS_CONNECT: &str = "https://js.tosspayments.com https://log.tosspayments.com \
https://event.tosspayments.com https://apigw.tosspayments.com https://apigw-sandbox.tosspayments.com";
const TOSS_FRAME: &str = "https://js.tosspayments.com https://payment-gateway.tosspayments.com \
https://payment-gateway-sandbox.tosspayments.com";

/// The meta element of `index.html` that names the SDK script.
const SDK_META: &str = "toss-checkout:sdk-url";
/// And the one that names the backend; empty for the one that hosts the page.
const API_META: &str = "toss-checkout:api";
/// Where the page of a customer's subscriptions lies.
pub(super) const SUBSCRIPTION_PAGE: &str = "/subscription/";
/// The folder of the subscriptions' page within that of the checkout.
const SUBSCRIPTION: &str = "subscription";
/// How the page fetches: what is fetched early is used only if it was asked for in the same way.
const FETCH: &str = "rel=preload; as=fetch; crossorigin=anonymous";

pub(super) fn routes(state: &Arc<AppState>) -> Router<Arc<AppState>> {
    let files = files(&state.config.page_dir);
    let subscription = files_of_subscription(&state.config.page_dir);
    // What is changed on its way has no packed file beside it.
    let packed = CompressionLayer::new;
    Router::new()
        .route(
            "/checkout",
            get(|| async { Redirect::permanent("/checkout/") }),
        )
        .route("/checkout/", get(index).layer(packed()))
        .route("/checkout/index.html", get(index).layer(packed()))
        .route("/checkout/success", get(index).layer(packed()))
        .route("/checkout/fail", get(index).layer(packed()))
        .route(
            "/checkout/{*path}",
            get(move |path, request| file(files.clone(), "/checkout", path, request)),
        )
        .route(
            "/subscription",
            get(|| async { Redirect::permanent("/subscription/") }),
        )
        .route("/subscription/", get(subscription_index).layer(packed()))
        .route(
            "/subscription/index.html",
            get(subscription_index).layer(packed()),
        )
        .route(
            "/subscription/{*path}",
            get(move |path, request| file(subscription.clone(), "/subscription", path, request)),
        )
}

fn files(folder: &std::path::Path) -> ServeDir {
    ServeDir::new(folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
}

fn files_of_subscription(page_dir: &std::path::Path) -> ServeDir {
    files(&page_dir.join(SUBSCRIPTION))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    session: Option<String>,
    auth_key: Option<String>,
    payment_key: Option<String>,
    code: Option<String>,
}

impl Asked {
    /// Whether the buyer comes back from Toss.
    fn is_return(&self) -> bool {
        let added = [&self.auth_key, &self.payment_key, &self.code];
        added.into_iter().any(Option::is_some)
    }
}

async fn index(
    State(state): State<Arc<AppState>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let html = match read(&state, "index.html").await {
        Ok(html) => html,
        Err(answer) => return answer,
    };
    let mut answer = shell(&state, &html);
    if let Ok(Query(asked)) = asked
        && let Some(link) = early(&state, &html, asked).await
    {
        answer.headers_mut().insert(header::LINK, link);
    }
    answer
}

async fn subscription_index(State(state): State<Arc<AppState>>) -> Response {
    match read(&state, "subscription/index.html").await {
        Ok(html) => document(html, OWN_POLICY),
        Err(answer) => answer,
    }
}

/// A page as it was built.
async fn read(state: &AppState, file: &str) -> Result<String, Response> {
    let path = state.config.page_dir.join(file);
    tokio::fs::read_to_string(&path).await.map_err(|error| {
        tracing::error!(%error, path = %path.display(), "the page cannot be read");
        let text = if error.kind() == ErrorKind::NotFound {
            format!("The page is not built: PAGE_DIR holds no {file}.")
        } else {
            "The page cannot be read; the log says why.".to_owned()
        };
        (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
    })
}

/// What the browser may fetch before it has read a line of the page: the program, the session, in the way in
/// which the page will ask for it, and Toss's script, where there will be a form.
async fn early(state: &AppState, html: &str, asked: Asked) -> Option<HeaderValue> {
    let asks_here = html::meta(html, API_META) == Some("");
    if !asks_here {
        return None;
    }
    let mut links = Vec::new();
    if let Some(program) = html::preloaded(html) {
        links.push(format!("<{program}>; {FETCH}; type=\"application/wasm\""));
    }
    if let Some(session) = session(state, asked.session.as_deref()).await {
        let id = session.id.expose();
        links.push(format!("</api/checkout/sessions/{id}>; {FETCH}"));
        if session.status == SessionStatus::Open && !asked.is_return() {
            let sdk = &state.config.sdk_url;
            links.push(format!("<{sdk}>; rel=preload; as=script"));
        }
    }
    let links = (!links.is_empty()).then(|| links.join(", "))?;
    HeaderValue::from_str(&links).ok()
}

/// Without the store the page will say so itself.
async fn session(state: &AppState, asked: Option<&str>) -> Option<Session> {
    let id = SessionId::new(asked?).ok()?;
    let record = state.records.session(&id).await.ok()??;
    Some(record.seen_at(state.now()))
}

fn shell(state: &AppState, html: &str) -> Response {
    let sdk = &state.config.sdk_url;
    document(html::with_meta(html, SDK_META, sdk.as_str()), &policy(sdk))
}

fn document(html: String, policy: &str) -> Response {
    let mut answer = Html(html).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin-allow-popups"),
    );
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

/// For a page that has to do with nobody but this server.
const OWN_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; \
script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
connect-src 'self'; frame-ancestors 'self'";

fn policy(sdk: &Url) -> String {
    let sdk = sdk.origin().ascii_serialization();
    format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; \
script-src 'self' 'wasm-unsafe-eval' {sdk}; style-src 'self'; img-src 'self' data:; font-src 'self'; \
connect-src 'self' {sdk} {TOSS_CONNECT}; frame-src {sdk} {TOSS_FRAME}; frame-ancestors 'self'"
    )
}

async fn file(
    mut files: ServeDir,
    under: &str,
    Path(path): Path<String>,
    mut request: Request,
) -> Response {
    let within = request.uri().path().strip_prefix(under);
    let Some(Ok(uri)) = within.map(str::parse::<Uri>) else {
        return ApiError::not_found().into_response();
    };
    *request.uri_mut() = uri;
    let answer = match files.try_call(request).await {
        Ok(answer) if answer.status() == StatusCode::NOT_FOUND => {
            return ApiError::not_found().into_response();
        }
        Ok(answer) => answer,
        Err(error) if cannot_be_a_file(&error) => return ApiError::not_found().into_response(),
        Err(error) => {
            tracing::error!(%error, "a file of the page cannot be read");
            return ApiError::internal().into_response();
        }
    };
    let mut answer = answer.into_response();
    let caching = if is_hashed(&path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    answer
}

/// Whether the address is to blame, which anybody can write: a name that is too long for the file system,
/// that holds a character no name may hold, or that goes on behind a file.
fn cannot_be_a_file(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
    )
}

/// Whether the name holds a digest of the content, as Trunk writes it: `-` and 8 or more hex digits.
fn is_hashed(path: &str) -> bool {
    path.split(['/', '.', '_']).any(|part| {
        part.rsplit_once('-').is_some_and(|(_, digest)| {
            digest.len() >= 8
                && digest
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_digest_are_cached_for_ever() {
        for hashed in [
            "toss-checkout-4f6d2c1a9b8e7d6c_bg.wasm",
            "toss-checkout-4f6d2c1a9b8e7d6c.js",
            "base-0123abcd.css",
            "snippets/sdk-fa0123456789abcd/inline0.js",
        ] {
            assert!(is_hashed(hashed), "{hashed}");
        }
        for plain in [
            "boot.mjs",
            "toss-checkout.js",
            "icon-192.png",
            "a-deadbee.js",
        ] {
            assert!(!is_hashed(plain), "{plain}");
        }
    }

    #[test]
    fn the_policy_holds_nothing_inline() {
        let policy = policy(&Url::parse("http://127.0.0.1:8090/v2/standard").unwrap());
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval' http://127.0.0.1:8090;"));
        assert!(!policy.contains("unsafe-inline"));
        assert!(!policy.contains("'unsafe-eval'"));
        assert!(policy.ends_with("frame-ancestors 'self'"));
    }
}
