//! `/v1`: authentication, idempotency, test codes and faults around the state machine.

mod auth;
mod body;
mod call;
mod idempotency;
mod late;
mod limit;
pub(crate) mod shape;
mod work;

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
    routing::any,
};
use time::OffsetDateTime;
use tokio::time::timeout;

use self::{
    call::{Call, masked_path},
    idempotency::{Identity, Kept, Verdict},
    late::{Job, put_off},
    work::{Asked, work},
};
use crate::{
    app::{App, MAX_BODY},
    errors::{Language, Refusal, find, table},
    faults::{Fault, FaultKind, NO_ANSWER_FOR, is_final},
    request_log::{LogEntry, masked},
    server::Hangup,
    state::{Shop, State as Toss, Version},
};

pub(crate) use self::{
    idempotency::{SavedAnswer, Store},
    late::{LateWork, do_late_work},
    limit::Limiter,
};

const TRACE_ID: HeaderName = HeaderName::from_static("x-tosspayments-trace-id");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const TEST_CODE: HeaderName = HeaderName::from_static("tosspayments-test-code");

/// How long a caller may take to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/v1", any(handle))
        .route("/v1/{*rest}", any(handle))
}

/// A request that was read to its end.
#[derive(Debug, Clone, Default)]
struct Received {
    method: Method,
    path: String,
    query: String,
    url: String,
    headers: HeaderMap,
    body: Bytes,
    trace_id: String,
}

/// Whose request it is, and what its answer looks like.
#[derive(Debug, Clone, Copy)]
struct Caller {
    shop: Shop,
    version: Version,
}

impl Caller {
    fn of(state: &Toss, secret_key: &str) -> Result<Self, Refusal> {
        Ok(Self {
            shop: state.authenticate(secret_key)?,
            version: state.version_of_secret(secret_key),
        })
    }
}

/// What is answered, before it is put into bytes of HTTP.
struct Answer {
    status: StatusCode,
    body: Bytes,
    code: Option<String>,
    /// The trace id of the request whose answer this is, when it is given again.
    original: Option<String>,
}

async fn handle(
    State(app): State<Arc<App>>,
    Extension(hangup): Extension<Hangup>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Parts {
        method,
        uri,
        headers,
        ..
    } = parts;
    // A body that is too long, too slow or breaks off is not JSON either; all are refused below.
    let body = match timeout(BODY_TIMEOUT, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) | Err(_) => Bytes::new(),
    };
    let received = Received {
        method,
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        url: uri.to_string(),
        headers,
        body,
        trace_id: App::trace_id(),
    };
    // On a task of its own: as with Toss, a caller that hangs up does not undo what it asked for.
    let work = tokio::spawn(process(app, received));
    match work.await {
        Ok(Outcome::Answered(response)) => response,
        Ok(Outcome::Silent) => hangup.after(NO_ANSWER_FOR).await,
        Ok(Outcome::Dropped) | Err(_) => hangup.now().await,
    }
}

/// What becomes of a connection.
enum Outcome {
    Answered(Response),
    /// It is closed without an answer.
    Dropped,
    /// It stays open without an answer, until the caller gives up.
    Silent,
}

/// Does the work.
async fn process(app: Arc<App>, received: Received) -> Outcome {
    let call = Call::read(&received.method, &received.path);
    let fault = call
        .as_ref()
        .ok()
        .and_then(|call| app.take_fault(call.endpoint()));
    let mut entry = LogEntry::new(
        received.method.as_str(),
        masked_path(&received.path),
        received.trace_id.clone(),
        app.clock.now(),
    );
    entry.fault = fault.as_ref().map(|fault| fault.kind.as_str());
    entry.idempotency_key = idempotency_key(&received.headers);
    // On arrival, so that a request whose answer takes long is seen at once.
    app.log().add(entry);
    let kind = fault.as_ref().map(|fault| fault.kind);
    let answer = match call {
        Ok(call) => answer(&app, &received, call, fault).await,
        Err(row) => Some(refuse(row.into(), &received.headers)),
    };
    let asked = masked(&received.body);
    let answered = answer.as_ref().and_then(|answer| masked(&answer.body));
    app.log().update(&received.trace_id, |entry| {
        entry.request_body = asked;
        entry.response_body = answered;
        if let Some(answer) = &answer {
            entry.status = Some(answer.status.as_u16());
            entry.code.clone_from(&answer.code);
            entry.replayed = answer.original.is_some();
        }
    });
    app.send_events();
    match (kind, answer) {
        (Some(FaultKind::Reset | FaultKind::LostResponse), _) => Outcome::Dropped,
        (Some(FaultKind::Timeout), _) | (_, None) => Outcome::Silent,
        (Some(FaultKind::Malformed), Some(answer)) => {
            let half = answer.body.len() / 2;
            let body = answer.body.slice(..half);
            Outcome::Answered(respond(Answer { body, ..answer }, &received))
        }
        (_, Some(answer)) => Outcome::Answered(respond(answer, &received)),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Option<String> {
    headers
        .get(IDEMPOTENCY_KEY)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Checks who asks, then answers from what was kept or does the work. None when a fault wants no answer made.
async fn answer(
    app: &Arc<App>,
    received: &Received,
    call: Call,
    fault: Option<Fault>,
) -> Option<Answer> {
    if let Some(fault) = &fault
        && matches!(fault.kind, FaultKind::Reset | FaultKind::Timeout)
        && fault.later().is_none()
    {
        return None;
    }
    let headers = &received.headers;
    let (caller, identity) = match admit(app, received, &call) {
        Ok(Admitted::First(caller, identity)) => (caller, identity),
        Ok(Admitted::Again(kept)) => return Some(again(kept)),
        Err(refusal) => return Some(refuse(refusal, headers)),
    };
    let Some(fault) = fault else {
        let answer = perform(app, received, caller, &call, app.clock.now());
        bind(app, identity.as_ref(), &answer, received);
        return Some(answer);
    };
    if let Some(later) = fault.later() {
        let job = Job::new(received.clone(), caller, call, identity);
        put_off(app, job, later);
        return fault.refusal().map(|refusal| refuse(refusal, headers));
    }
    tokio::time::sleep(fault.wait()).await;
    let answer = match fault.refusal() {
        Some(refusal) => refuse(refusal, headers),
        None => perform(app, received, caller, &call, app.clock.now()),
    };
    let gateway = fault.kind == FaultKind::Error && !is_final(answer.status.as_u16());
    match &identity {
        // As if something in front of Toss had answered: Toss remembers nothing.
        Some(identity) if gateway => app.answers().forget(identity),
        identity => bind(app, identity.as_ref(), &answer, received),
    }
    Some(answer)
}

/// A request that may be worked on, or one that was answered before.
enum Admitted {
    First(Caller, Option<Identity>),
    Again(Kept),
}

/// Who asks, whether too often, and whether for the first time.
fn admit(app: &App, received: &Received, call: &Call) -> Result<Admitted, Refusal> {
    let headers = &received.headers;
    let secret_key = auth::secret_key(headers)?;
    let caller = Caller::of(&app.state(), &secret_key)?;
    let now = app.clock.now();
    if let Some(per_minute) = app.rate_limit
        && !app
            .limiter()
            .admits(&secret_key, call.endpoint(), per_minute, now)
    {
        let code = app.state().rules().rate_limit_code.clone();
        return Err(Refusal::injected(code, Some(StatusCode::TOO_MANY_REQUESTS)));
    }
    let identity = idempotency_key(headers)
        .filter(|_| call.is_post())
        .map(|key| Identity {
            key,
            secret_key,
            method: received.method.to_string(),
            url: received.url.clone(),
        });
    if let Some(identity) = &identity
        && let Verdict::Again(kept) = app.answers().begin(identity, now)?
    {
        return Ok(Admitted::Again(kept));
    }
    Ok(Admitted::First(caller, identity))
}

/// The first answer is the one that every repetition gets.
fn bind(app: &App, identity: Option<&Identity>, answer: &Answer, received: &Received) {
    if let Some(identity) = identity {
        app.answers().keep(identity, keep(answer, received));
    }
}

/// The work itself, or the error that `TossPayments-Test-Code` asks for.
fn perform(
    app: &App,
    received: &Received,
    caller: Caller,
    call: &Call,
    now: OffsetDateTime,
) -> Answer {
    if let Some(code) = received.headers.get(TEST_CODE) {
        let row = code
            .to_str()
            .ok()
            .and_then(|code| find(code.trim()))
            .unwrap_or(table::INVALID_TEST_CODE);
        return refuse(row.into(), &received.headers);
    }
    let mut state = app.state();
    let asked = Asked {
        shop: caller.shop,
        version: caller.version,
        now,
        body: &received.body,
        query: &received.query,
    };
    match work(&mut state, &asked, call) {
        Ok(body) => Answer {
            status: StatusCode::OK,
            body,
            code: None,
            original: None,
        },
        Err(refusal) => refuse(refusal, &received.headers),
    }
}

fn refuse(refusal: Refusal, headers: &HeaderMap) -> Answer {
    let body = refusal.body(Language::of(headers));
    Answer {
        status: refusal.status,
        body: serde_json::to_vec(&body)
            .map(Bytes::from)
            .unwrap_or_default(),
        code: Some(refusal.code.into_owned()),
        original: None,
    }
}

fn keep(answer: &Answer, received: &Received) -> Kept {
    Kept {
        status: answer.status,
        body: answer.body.clone(),
        trace_id: received.trace_id.clone(),
        code: answer.code.clone(),
    }
}

fn again(kept: Kept) -> Answer {
    Answer {
        status: kept.status,
        body: kept.body,
        code: kept.code,
        original: Some(kept.trace_id),
    }
}

fn respond(answer: Answer, received: &Received) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=UTF-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let trace = match answer.original {
        Some(original) => format!("{}, {original}", received.trace_id),
        None => received.trace_id.clone(),
    };
    if let Ok(trace) = HeaderValue::from_str(&trace) {
        headers.insert(TRACE_ID, trace);
    }
    if let Some(key) = received.headers.get(IDEMPOTENCY_KEY) {
        headers.insert(IDEMPOTENCY_KEY, key.clone());
    }
    response
}
