//! The payment window: opened by the SDK, shown in a frame or instead of the merchant's page.

mod assets;
mod exit;
mod fields;
mod form;
mod open;
mod outcome;
mod page;
mod pay;
mod press;
mod request;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Form, Path, Query, State, rejection::QueryRejection},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::Markup;
use serde::Deserialize;

pub(crate) use self::{
    assets::served,
    open::open,
    page::money,
    press::{Press, press},
};
use self::{
    exit::Exit,
    form::{AccountForm, CardForm, MemberForm, Step},
    page::{Draft, Shown},
    pay::PayForm,
};
use crate::{
    app::App,
    errors::{Refusal, table},
    state::{Ending, Purpose, Stage, Target, TestResult, Window, instrument::Instrument},
};

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/sandbox/window",
            post(open::create).options(open::preflight),
        )
        .route("/sandbox/window/{id}", get(show))
        .route("/sandbox/window/{id}/card", post(register_card))
        .route("/sandbox/window/{id}/member", post(enter))
        .route("/sandbox/window/{id}/account", post(register_account))
        .route("/sandbox/window/{id}/issue", post(pay))
        .route("/sandbox/window/{id}/pay", post(pay))
        .route("/sandbox/window/{id}/cancel", post(cancel))
        .route("/sandbox/window/{id}/fail", post(fail))
        .merge(assets::routes())
}

/// Sends a page with a policy of its own: nothing inline, framed by the opener only.
///
/// `form-action` names the return addresses because browsers hold the redirect after a form to it.
fn respond(status: StatusCode, window: Option<&Window>, page: Markup) -> Response {
    let ancestors = match window.map(|window| &window.target) {
        Some(Target::Iframe { opener }) => opener.as_str(),
        _ => "'none'",
    };
    let returns = window.map_or_else(String::new, exit::origins);
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         base-uri 'none'; form-action 'self'{returns}; frame-ancestors {ancestors}; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    let mut response = (status, Html(page.into_string())).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn gone() -> Response {
    respond(StatusCode::NOT_FOUND, None, page::gone())
}

/// Which page of the window.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place {
    step: Option<Step>,
    entered: Option<Step>,
    wallet: Option<String>,
}

async fn show(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    place: Result<Query<Place>, QueryRejection>,
) -> Response {
    let place = place.map(|Query(place)| place).unwrap_or_default();
    let draft = match (place.step, place.entered, place.wallet.as_deref()) {
        (Some(step), _, _) => Draft::Step(step),
        (None, Some(step), _) => Draft::Entered(step),
        (None, None, Some(wallet)) => Draft::Wallet(wallet),
        (None, None, None) => Draft::Fresh,
    };
    end_by_itself(&app, &id).unwrap_or_else(|| render(&app, &id, None, draft))
}

/// The window as it is now; with a mistake, what the buyer has to correct.
fn render(app: &App, id: &str, mistake: Option<&'static str>, draft: Draft<'_>) -> Response {
    let now = app.clock.now();
    let mut state = app.state();
    let Some(window) = state.window(id, now).cloned() else {
        return gone();
    };
    if window.stage != Stage::Open {
        return respond(StatusCode::GONE, Some(&window), page::over());
    }
    let status = if mistake.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let opener = match &window.target {
        Target::Iframe { opener } => Some(opener.as_str()),
        Target::Page => None,
    };
    let shown = Shown {
        id,
        opener,
        mistake,
        draft,
    };
    let page = match &window.purpose {
        Purpose::Billing(form) => page::billing(&shown, form),
        Purpose::Payment(_) => match state.payment_of(&window, now) {
            Some(payment) => page::payment(&shown, &window, payment),
            None => return gone(),
        },
    };
    drop(state);
    respond(status, Some(&window), page)
}

/// Ends the window as `sandbox.paymentResult` wants it, without the buyer.
fn end_by_itself(app: &App, id: &str) -> Option<Response> {
    let now = app.clock.now();
    let visit = app.state().window(id, now).cloned()?;
    let ending = match (visit.offer.result?, &visit.stage) {
        (_, Stage::Left(ending)) => Ok(ending.clone()),
        (TestResult::Fail, Stage::Open) => app.state().fail(id, "REJECT_CARD_COMPANY", now),
        (TestResult::Success, Stage::Open) => {
            let method = app.state().method_of(&visit, now)?;
            let form = PayForm::prefilled(method, &visit.offer);
            let choice = form.read(method, &visit.offer, now).ok()?;
            app.state().choose(id, choice, None, now)
        }
    };
    Some(finish(app, id, ending))
}

/// Ends the window if the value orders that.
fn end_as_ordered(app: &App, id: &str, value: &str) -> Option<Response> {
    let ending = press::as_ordered(app, id, value, app.clock.now())?;
    Some(finish(app, id, ending))
}

async fn register_card(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(form): Form<CardForm>,
) -> Response {
    let now = app.clock.now();
    match form.read(now) {
        Ok(card) => end_as_ordered(&app, &id, &form.number).unwrap_or_else(|| {
            let ending = app.state().register(&id, Instrument::Card(card), now);
            finish(&app, &id, ending)
        }),
        Err(row) => render(&app, &id, Some(row.ko), Draft::Card(&form)),
    }
}

/// 퀵계좌이체: the step before the accounts.
async fn enter(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(form): Form<MemberForm>,
) -> Response {
    match form.check() {
        Ok(()) => end_as_ordered(&app, &id, &form.phone).unwrap_or_else(|| {
            let step = form.step.as_str();
            Redirect::to(&format!("/sandbox/window/{id}?entered={step}")).into_response()
        }),
        Err(mistake) => render(&app, &id, Some(mistake), Draft::Member(&form)),
    }
}

async fn register_account(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(form): Form<AccountForm>,
) -> Response {
    match form.read() {
        Ok(instrument) => {
            let ending = app.state().register(&id, instrument, app.clock.now());
            finish(&app, &id, ending)
        }
        Err(row) => render(&app, &id, Some(row.ko), Draft::Fresh),
    }
}

/// 결제하기, 발급하기
async fn pay(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(form): Form<PayForm>,
) -> Response {
    let now = app.clock.now();
    let Some(visit) = app.state().window(&id, now).cloned() else {
        return gone();
    };
    let method = app.state().method_of(&visit, now);
    let read = method
        .ok_or(table::INVALID_REQUEST)
        .and_then(|method| form.read(method, &visit.offer, now));
    let choice = match read {
        Ok(choice) => choice,
        Err(row) => return render(&app, &id, Some(row.ko), Draft::Pay(&form)),
    };
    end_as_ordered(&app, &id, &form.number).unwrap_or_else(|| {
        let refusal = outcome::decline(&form.number);
        let ending = app.state().choose(&id, choice, refusal, now);
        finish(&app, &id, ending)
    })
}

async fn cancel(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let ending = app.state().give_up(&id, app.clock.now());
    finish(&app, &id, ending)
}

/// The form under 실패시키기.
#[derive(Debug, Deserialize)]
struct FailForm {
    #[serde(default)]
    code: String,
}

async fn fail(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Form(form): Form<FailForm>,
) -> Response {
    let ending = press::fail(&app, &id, &form.code, app.clock.now());
    finish(&app, &id, ending)
}

/// Sends the buyer on.
fn finish(app: &App, id: &str, ending: Result<Ending, Refusal>) -> Response {
    let window = app.state().window(id, app.clock.now()).cloned();
    let (Some(window), Ok(ending)) = (window, ending) else {
        return render(app, id, None, Draft::Fresh);
    };
    match exit::of(&window, &ending) {
        Exit::Navigate(url) => Redirect::to(url.as_str()).into_response(),
        Exit::Tell { opener, message } => {
            let page = page::leaving(&opener, &message.to_json(id));
            respond(StatusCode::OK, Some(&window), page)
        }
    }
}
