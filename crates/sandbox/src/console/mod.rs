//! `/sandbox`: everything that happened, and the buttons. Plain HTML and forms; a small script keeps it
//! up to date.

mod clock;
mod page;
mod records;
mod requests;
mod settings;
mod text;
mod view;

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::{
    Router,
    extract::{Form, FromRef, FromRequestParts, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;
use toss_model::clock::parse_duration;

use self::{text::Text, view::View};
use crate::{
    app_state::{AppState, Reset},
    error::language,
    faults::Faults,
    pages::served,
    request_log::RequestLog,
    same_origin::same_origin,
    timekeeper::Timekeeper,
    toss::{PaymentAction, Toss},
    webhooks::Webhooks,
};

const STYLE: &str = include_str!("console.css");
const SCRIPT: &str = include_str!("console.js");
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                      img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/sandbox", get(show))
        .route("/sandbox/", get(async || Redirect::to("/sandbox")))
        .route(
            "/sandbox/assets/console.css",
            get(async || served("text/css; charset=utf-8", STYLE)),
        )
        .route(
            "/sandbox/assets/console.js",
            get(async || served("text/javascript; charset=utf-8", SCRIPT)),
        )
        .route("/sandbox/console/payments/{key}/{action}", post(act))
        .route("/sandbox/console/billing/{number}/delete", post(delete_key))
        .route("/sandbox/console/webhooks/{id}/resend", post(resend))
        .route("/sandbox/console/clock", post(move_clock))
        .route("/sandbox/console/faults/clear", post(clear_faults))
        .route("/sandbox/console/reset", post(reset_all))
        .layer(axum::middleware::from_fn(same_origin))
}

/// What the page shows.
#[derive(Debug, Clone)]
struct Overview {
    toss: Toss,
    webhooks: Webhooks,
    faults: Faults,
    request_log: RequestLog,
    timekeeper: Timekeeper,
}

impl FromRef<AppState> for Overview {
    fn from_ref(app: &AppState) -> Self {
        Self {
            toss: app.toss.clone(),
            webhooks: app.webhooks.clone(),
            faults: app.faults.clone(),
            request_log: app.request_log.clone(),
            timekeeper: app.timekeeper.clone(),
        }
    }
}

/// What may stand behind the console's addresses.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    lang: Option<String>,
    refresh: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for View {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let asked = Query::<Asked>::try_from_uri(&parts.uri)
            .map(|Query(asked)| asked)
            .unwrap_or_default();
        let refresh = asked.refresh.and_then(|seconds| seconds.parse().ok());
        Ok(Self {
            text: Text::choose(asked.lang.as_deref(), language(&parts.headers)),
            chosen: asked.lang.is_some(),
            refresh: refresh.filter(|seconds| (1..=3600).contains(seconds)),
        })
    }
}

impl View {
    /// Back to the page, at a place of it.
    fn back(self, place: &str) -> Redirect {
        Redirect::to(&format!("{}#{place}", self.href("/sandbox")))
    }
}

fn respond(overview: &Overview, view: View, status: StatusCode, notice: Option<&str>) -> Response {
    let page = page::console(overview, view, notice).into_string();
    let mut hasher = DefaultHasher::new();
    page.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let mut response = (status, [(header::ETAG, tag)], Html(page)).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::VARY, "accept-language"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Empty when nothing has changed since the page that `If-None-Match` names.
async fn show(State(overview): State<Overview>, view: View, headers: HeaderMap) -> Response {
    let response = respond(&overview, view, StatusCode::OK, None);
    let tag = response.headers().get(header::ETAG);
    if tag.is_some() && tag == headers.get(header::IF_NONE_MATCH) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    response
}

async fn act(
    State(overview): State<Overview>,
    view: View,
    Path((key, action)): Path<(String, String)>,
) -> Response {
    let Some(action) = PaymentAction::read(&action) else {
        let notice = Some(view.text.unknown_action);
        return respond(&overview, view, StatusCode::NOT_FOUND, notice);
    };
    match overview.toss.act(action, &key) {
        Ok(_) => view.back(&format!("payment-{key}")).into_response(),
        Err(action_error) => {
            let notice = view.text.action_error(action_error);
            respond(&overview, view, StatusCode::CONFLICT, Some(&notice))
        }
    }
}

/// Keys are numbered from the oldest: their names are secret.
async fn delete_key(
    State(overview): State<Overview>,
    view: View,
    Path(number): Path<usize>,
) -> Response {
    if overview.toss.end_billing_number(number) {
        view.back(&format!("billing-{number}")).into_response()
    } else {
        let notice = Some(view.text.unknown_key);
        respond(&overview, view, StatusCode::NOT_FOUND, notice)
    }
}

async fn resend(State(overview): State<Overview>, view: View, Path(id): Path<u64>) -> Response {
    if overview.webhooks.resend(id) {
        view.back(&format!("webhook-{id}")).into_response()
    } else {
        let notice = Some(view.text.unknown_webhook);
        respond(&overview, view, StatusCode::NOT_FOUND, notice)
    }
}

/// One button of the clock.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClockForm {
    advance: Option<String>,
    freeze: Option<bool>,
}

async fn move_clock(
    State(overview): State<Overview>,
    view: View,
    Form(form): Form<ClockForm>,
) -> Response {
    match form.freeze {
        Some(true) => overview.timekeeper.freeze(),
        Some(false) => overview.timekeeper.resume(),
        None => {
            let by = parse_duration(form.advance.as_deref().unwrap_or_default());
            if by.is_none_or(|by| overview.timekeeper.advance(by).is_err()) {
                let notice = Some(view.text.not_forward);
                return respond(&overview, view, StatusCode::BAD_REQUEST, notice);
            }
        }
    }
    view.back("clock").into_response()
}

async fn clear_faults(State(faults): State<Faults>, view: View) -> Redirect {
    faults.clear();
    view.back("faults")
}

async fn reset_all(State(reset): State<Reset>, view: View) -> Redirect {
    reset.now();
    view.back("payments")
}
