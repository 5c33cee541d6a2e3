//! `/sandbox`: everything that happened, and the buttons. Plain HTML and forms.

mod page;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};

use crate::{
    app::App,
    control::{Action, same_origin},
    window::served,
};

const STYLE: &str = include_str!("console.css");
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sandbox", get(show))
        .route("/sandbox/", get(async || Redirect::to("/sandbox")))
        .route(
            "/sandbox/assets/console.css",
            get(async || served("text/css; charset=utf-8", STYLE)),
        )
        .route("/sandbox/console/payments/{key}/{action}", post(act))
        .route("/sandbox/console/webhooks/{id}/resend", post(resend))
        .route("/sandbox/console/faults/clear", post(clear_faults))
        .route("/sandbox/console/reset", post(reset))
        .layer(axum::middleware::from_fn(same_origin))
}

fn respond(app: &App, status: StatusCode, notice: Option<&str>) -> Response {
    let page = page::console(app, notice).into_string();
    let mut response = (status, Html(page)).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn show(State(app): State<Arc<App>>) -> Response {
    respond(&app, StatusCode::OK, None)
}

async fn act(State(app): State<Arc<App>>, Path((key, action)): Path<(String, String)>) -> Response {
    let Some(action) = Action::read(&action) else {
        return respond(&app, StatusCode::NOT_FOUND, Some("그런 동작이 없습니다."));
    };
    match action.perform(&app, &key) {
        Ok(_) => Redirect::to("/sandbox#payments").into_response(),
        Err(misstep) => respond(&app, StatusCode::CONFLICT, Some(&misstep.to_string())),
    }
}

async fn resend(State(app): State<Arc<App>>, Path(id): Path<u64>) -> Response {
    if app.webhooks.resend(id) {
        Redirect::to("/sandbox#webhooks").into_response()
    } else {
        respond(&app, StatusCode::NOT_FOUND, Some("없는 웹훅입니다."))
    }
}

async fn clear_faults(State(app): State<Arc<App>>) -> Redirect {
    app.faults().clear();
    Redirect::to("/sandbox#faults")
}

async fn reset(State(app): State<Arc<App>>) -> Redirect {
    app.reset();
    Redirect::to("/sandbox")
}
