//! The payment window: opened by the SDK, shown in a frame or instead of the merchant's page.

mod exit;
mod fields;
mod form;
mod open;
mod outcome;
mod page;
mod pay;
mod press;
mod request;

use axum::{
    Router,
    extract::{Form, Path, Query, Request, State, rejection::QueryRejection},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::Markup;
use serde::Deserialize;
use toss_model::{
    ErrorCode, Refusal,
    instrument::Instrument,
    window::{Purpose, Stage, Target, TestResult, Window, WindowOutcome},
};

use self::{
    exit::Exit,
    form::{AccountForm, CardForm, MemberForm, Step},
    page::{Draft, Shown},
    pay::PayForm,
};
pub(crate) use self::{
    open::open,
    press::{Press, press},
};
use crate::{app_state::AppState, isolation, pages::served, toss::Toss};

pub(crate) fn routes() -> Router<AppState> {
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
        .route("/sandbox/assets/window.css", get(style))
        .route("/sandbox/assets/window.js", get(script))
}

/// Lets a page that is isolated from other origins show the window, when it is assumed that Toss does.
pub(crate) async fn isolate(State(toss): State<Toss>, request: Request, next: Next) -> Response {
    let sends = toss.state().rules().sends_cross_origin_headers;
    let mut response = next.run(request).await;
    if sends {
        isolation::allow_framing(response.headers_mut());
    }
    response
}

const STYLE: &str = include_str!("window.css");
const SCRIPT: &str = include_str!("window.js");

async fn style() -> impl IntoResponse {
    served("text/css; charset=utf-8", STYLE)
}

async fn script() -> impl IntoResponse {
    served("text/javascript; charset=utf-8", SCRIPT)
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
    State(toss): State<Toss>,
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
    end_by_itself(&toss, &id).unwrap_or_else(|| render(&toss, &id, None, draft))
}

/// The window as it is now; with a mistake, what the buyer has to correct.
fn render(toss: &Toss, id: &str, mistake: Option<&'static str>, draft: Draft<'_>) -> Response {
    let now = toss.now();
    let mut state = toss.state();
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
fn end_by_itself(toss: &Toss, id: &str) -> Option<Response> {
    let now = toss.now();
    let visit = toss.state().window(id, now).cloned()?;
    let ending = match (visit.offer.result?, &visit.stage) {
        (_, Stage::Left(ending)) => Ok(ending.clone()),
        (TestResult::Fail, Stage::Open) => toss.state().fail(id, "REJECT_CARD_COMPANY", now),
        (TestResult::Success, Stage::Open) => {
            let method = toss.state().method_of(&visit, now)?;
            let form = PayForm::prefilled(method, &visit.offer);
            let choice = form.read(method, &visit.offer, now).ok()?;
            toss.state().choose(id, choice, None, now)
        }
    };
    Some(finish(toss, id, ending))
}

/// Ends the window if the value orders that.
fn end_as_ordered(toss: &Toss, id: &str, value: &str) -> Option<Response> {
    let ending = press::as_ordered(toss, id, value, toss.now())?;
    Some(finish(toss, id, ending))
}

async fn register_card(
    State(toss): State<Toss>,
    Path(id): Path<String>,
    Form(form): Form<CardForm>,
) -> Response {
    let now = toss.now();
    match form.read(now) {
        Ok(card) => end_as_ordered(&toss, &id, &form.number).unwrap_or_else(|| {
            let ending = toss.state().register(&id, Instrument::Card(card), now);
            finish(&toss, &id, ending)
        }),
        Err(code) => render(&toss, &id, Some(code.korean()), Draft::Card(&form)),
    }
}

/// 퀵계좌이체: the step before the accounts.
async fn enter(
    State(toss): State<Toss>,
    Path(id): Path<String>,
    Form(form): Form<MemberForm>,
) -> Response {
    match form.check() {
        Ok(()) => end_as_ordered(&toss, &id, &form.phone).unwrap_or_else(|| {
            let step = form.step.as_str();
            Redirect::to(&format!("/sandbox/window/{id}?entered={step}")).into_response()
        }),
        Err(mistake) => render(&toss, &id, Some(mistake), Draft::Member(&form)),
    }
}

async fn register_account(
    State(toss): State<Toss>,
    Path(id): Path<String>,
    Form(form): Form<AccountForm>,
) -> Response {
    match form.read() {
        Ok(instrument) => {
            let ending = toss.state().register(&id, instrument, toss.now());
            finish(&toss, &id, ending)
        }
        Err(code) => render(&toss, &id, Some(code.korean()), Draft::Fresh),
    }
}

/// 결제하기, 발급하기
async fn pay(
    State(toss): State<Toss>,
    Path(id): Path<String>,
    Form(form): Form<PayForm>,
) -> Response {
    let now = toss.now();
    let Some(visit) = toss.state().window(&id, now).cloned() else {
        return gone();
    };
    let method = toss.state().method_of(&visit, now);
    let read = method
        .ok_or(ErrorCode::InvalidRequest)
        .and_then(|method| form.read(method, &visit.offer, now));
    let choice = match read {
        Ok(choice) => choice,
        Err(code) => return render(&toss, &id, Some(code.korean()), Draft::Pay(&form)),
    };
    end_as_ordered(&toss, &id, &form.number).unwrap_or_else(|| {
        let refusal = outcome::decline(&form.number);
        let ending = toss.state().choose(&id, choice, refusal, now);
        finish(&toss, &id, ending)
    })
}

async fn cancel(State(toss): State<Toss>, Path(id): Path<String>) -> Response {
    let ending = toss.state().give_up(&id, toss.now());
    finish(&toss, &id, ending)
}

/// The form under 실패시키기.
#[derive(Debug, Deserialize)]
struct FailForm {
    #[serde(default)]
    code: String,
}

async fn fail(
    State(toss): State<Toss>,
    Path(id): Path<String>,
    Form(form): Form<FailForm>,
) -> Response {
    let ending = press::fail(&toss, &id, &form.code, toss.now());
    finish(&toss, &id, ending)
}

/// Sends the buyer on.
fn finish(toss: &Toss, id: &str, ending: Result<WindowOutcome, Refusal>) -> Response {
    let window = toss.state().window(id, toss.now()).cloned();
    let (Some(window), Ok(ending)) = (window, ending) else {
        return render(toss, id, None, Draft::Fresh);
    };
    match exit::of(&window, &ending) {
        Exit::Navigate(url) => Redirect::to(url.as_str()).into_response(),
        Exit::Tell { opener, message } => {
            let page = page::leaving(&opener, &message.to_json(id));
            respond(StatusCode::OK, Some(&window), page)
        }
    }
}
