//! `/sandbox`: everything that happened, and the buttons. Plain HTML and forms; a small script keeps it
//! up to date.

mod clock;
mod page;
mod records;
mod requests;
mod settings;
mod text;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use axum::{
    Router,
    extract::{Form, FromRequestParts, Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use self::{page::View, text::Text};
use crate::{
    app::App,
    clock::parse_duration,
    control::{Action, same_origin},
    errors::Language,
    window::served,
};

const STYLE: &str = include_str!("console.css");
const SCRIPT: &str = include_str!("console.js");
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                      img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<Arc<App>> {
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
        .route("/sandbox/console/reset", post(reset))
        .layer(axum::middleware::from_fn(same_origin))
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
            text: Text::choose(asked.lang.as_deref(), Language::of(&parts.headers)),
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

fn respond(app: &App, view: View, status: StatusCode, notice: Option<&str>) -> Response {
    let page = page::console(app, view, notice).into_string();
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
async fn show(State(app): State<Arc<App>>, view: View, headers: HeaderMap) -> Response {
    let response = respond(&app, view, StatusCode::OK, None);
    let tag = response.headers().get(header::ETAG);
    if tag.is_some() && tag == headers.get(header::IF_NONE_MATCH) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    response
}

async fn act(
    State(app): State<Arc<App>>,
    view: View,
    Path((key, action)): Path<(String, String)>,
) -> Response {
    let Some(action) = Action::read(&action) else {
        let notice = Some(view.text.unknown_action);
        return respond(&app, view, StatusCode::NOT_FOUND, notice);
    };
    match action.perform(&app, &key) {
        Ok(_) => view.back(&format!("payment-{key}")).into_response(),
        Err(misstep) => {
            let notice = view.text.misstep(misstep);
            respond(&app, view, StatusCode::CONFLICT, Some(&notice))
        }
    }
}

/// Keys are numbered from the oldest: their names are secret.
async fn delete_key(
    State(app): State<Arc<App>>,
    view: View,
    Path(number): Path<usize>,
) -> Response {
    let dropped = app.state().drop_billing(number, app.clock.now());
    app.send_events();
    if dropped {
        view.back(&format!("billing-{number}")).into_response()
    } else {
        let notice = Some(view.text.unknown_key);
        respond(&app, view, StatusCode::NOT_FOUND, notice)
    }
}

async fn resend(State(app): State<Arc<App>>, view: View, Path(id): Path<u64>) -> Response {
    if app.webhooks.resend(id) {
        view.back(&format!("webhook-{id}")).into_response()
    } else {
        let notice = Some(view.text.unknown_webhook);
        respond(&app, view, StatusCode::NOT_FOUND, notice)
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
    State(app): State<Arc<App>>,
    view: View,
    Form(form): Form<ClockForm>,
) -> Response {
    match form.freeze {
        Some(true) => app.clock.freeze(),
        Some(false) => app.clock.resume(),
        None => {
            let by = parse_duration(form.advance.as_deref().unwrap_or_default());
            if by.is_none_or(|by| app.clock.advance(by).is_err()) {
                let notice = Some(view.text.not_forward);
                return respond(&app, view, StatusCode::BAD_REQUEST, notice);
            }
        }
    }
    // Whatever has fallen due meanwhile is done and told before the page is shown.
    app.tick();
    view.back("clock").into_response()
}

async fn clear_faults(State(app): State<Arc<App>>, view: View) -> Redirect {
    app.faults().clear();
    view.back("faults")
}

async fn reset(State(app): State<Arc<App>>, view: View) -> Redirect {
    app.reset();
    view.back("payments")
}
