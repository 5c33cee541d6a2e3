//! `/v1`: authentication, idempotency, test codes and faults around the state machine.

mod answer;
mod auth;
mod body;
mod call;
mod idempotency;
mod late;
mod limit;
mod work;

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    body::{Bytes, to_bytes},
    extract::{FromRef, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
    routing::any,
};
use rand::{Rng, distr::Alphanumeric};
use time::OffsetDateTime;
use tokio::time::timeout;
use toss_model::{ErrorCode, Shop, Version};

use self::{
    answer::{Answer, IDEMPOTENCY_KEY},
    call::{Call, masked_path},
    idempotency::{Begun, Identity, StoredAnswer},
    late::{Job, LateWork},
    work::{Asked, work},
};
pub(crate) use self::{
    idempotency::{IdempotencyStore, SavedAnswer},
    limit::RateLimiter,
};
use crate::{
    clock::SharedClock,
    error::ApiError,
    faults::{Fault, FaultKind, Faults, NO_ANSWER_FOR, is_final},
    hangup::Hangup,
    limits::MAX_BODY,
    request_log::{LogEntry, RequestLog, masked},
    toss::Toss,
};

const TEST_CODE: HeaderName = HeaderName::from_static("tosspayments-test-code");

/// How long a caller may take to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Any state that has the API in it.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S>
where
    Api: FromRef<S>,
{
    Router::new()
        .route("/v1", any(handle))
        .route("/v1/{*rest}", any(handle))
        .route("/v2/{*rest}", any(handle))
}

/// The REST API with the services that it needs. Clones are the same API.
#[derive(Debug, Clone)]
pub(crate) struct Api(Arc<Services>);

#[derive(Debug)]
struct Services {
    toss: Toss,
    clock: SharedClock,
    faults: Faults,
    log: RequestLog,
    answers: IdempotencyStore,
    limiter: RateLimiter,
    late: LateWork,
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

/// What becomes of a connection.
enum Outcome {
    Answered(Response),
    /// It is closed without an answer.
    Dropped,
    /// It stays open without an answer, until the caller gives up.
    Silent,
}

/// A request that may be worked on, or one that was answered before.
enum Admitted {
    First(Caller, Option<Identity>),
    Again(StoredAnswer),
}

async fn handle(
    State(api): State<Api>,
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
        trace_id: trace_id(),
    };
    // On a task of its own: as with Toss, a caller that hangs up does not undo what it asked for.
    let clock = api.0.clock.clone();
    let work = tokio::spawn(async move { api.process(received).await });
    match work.await {
        Ok(Outcome::Answered(response)) => dated(response, clock.now()),
        Ok(Outcome::Silent) => hangup.after(NO_ANSWER_FOR).await,
        Ok(Outcome::Dropped) | Err(_) => hangup.now().await,
    }
}

/// By the sandbox's clock: who compares clocks sees the one that rules here.
fn dated(mut response: Response, now: OffsetDateTime) -> Response {
    let date = httpdate::fmt_http_date(now.into());
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// Finds a request in the log.
fn trace_id() -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(32)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect()
}

fn idempotency_key(headers: &HeaderMap) -> Option<String> {
    headers
        .get(IDEMPOTENCY_KEY)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

impl Api {
    pub(crate) fn new(
        toss: Toss,
        clock: SharedClock,
        faults: Faults,
        log: RequestLog,
        answers: IdempotencyStore,
        limiter: RateLimiter,
    ) -> Self {
        Self(Arc::new(Services {
            toss,
            clock,
            faults,
            log,
            answers,
            limiter,
            late: LateWork::default(),
        }))
    }

    /// Forgets kept answers, counts and work that was put off.
    pub(crate) fn clear(&self) {
        self.0.late.clear();
        self.0.answers.clear();
        self.0.limiter.clear();
    }

    /// Carries out what has fallen due by the sandbox's clock, each at its own moment.
    pub(crate) fn do_late_work(&self) {
        self.0.do_late_work();
    }

    /// Does the work.
    async fn process(&self, received: Received) -> Outcome {
        let services = &self.0;
        let call = Call::read(&received.method, &received.path);
        let fault = call
            .as_ref()
            .ok()
            .and_then(|call| services.faults.take(call.endpoint()));
        let mut entry = LogEntry::new(
            received.method.as_str(),
            masked_path(&received.path),
            received.trace_id.clone(),
            services.clock.now(),
        );
        entry.fault = fault.as_ref().map(|fault| fault.kind.as_str());
        entry.idempotency_key = idempotency_key(&received.headers);
        // On arrival, so that a request whose answer takes long is seen at once.
        services.log.add(entry);
        let kind = fault.as_ref().map(|fault| fault.kind);
        let answer = match call {
            Ok(call) => self.answer(&received, call, fault).await,
            Err(code) => Some(Answer::refused(code, &received.headers)),
        };
        services.log_answer(&received, answer.as_ref());
        services.toss.send_events();
        match (kind, answer) {
            (Some(FaultKind::Reset | FaultKind::LostResponse), _) => Outcome::Dropped,
            (Some(FaultKind::Timeout), _) | (_, None) => Outcome::Silent,
            (Some(FaultKind::Malformed), Some(answer)) => {
                Outcome::Answered(answer.halved().respond(&received))
            }
            (_, Some(answer)) => Outcome::Answered(answer.respond(&received)),
        }
    }

    /// Checks who asks, then answers from what was kept or does the work. None when a fault wants no answer
    /// made.
    async fn answer(
        &self,
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
        let services = &self.0;
        let headers = &received.headers;
        let (caller, identity) = match services.admit(received, &call) {
            Ok(Admitted::First(caller, identity)) => (caller, identity),
            Ok(Admitted::Again(stored)) => return Some(Answer::again(stored)),
            Err(error) => return Some(Answer::refused(error, headers)),
        };
        let Some(fault) = fault else {
            let answer = services.perform(received, caller, &call, services.clock.now());
            services.bind(identity.as_ref(), &answer, received);
            return Some(answer);
        };
        if let Some(later) = fault.later() {
            let job = Job::new(received.clone(), caller, call, identity);
            late::put_off(services, job, later);
            return fault.refusal().map(|error| Answer::refused(error, headers));
        }
        tokio::time::sleep(fault.wait()).await;
        let answer = match fault.refusal() {
            Some(error) => Answer::refused(error, headers),
            None => services.perform(received, caller, &call, services.clock.now()),
        };
        let gateway = fault.kind == FaultKind::Error && !is_final(answer.status.as_u16());
        match &identity {
            // As if something in front of Toss had answered: Toss remembers nothing.
            Some(identity) if gateway => services.answers.forget(identity),
            identity => services.bind(identity.as_ref(), &answer, received),
        }
        // A repetition gets what Toss said.
        Some(answer.mutated(&fault))
    }
}

impl Services {
    /// Who asks, whether too often, and whether for the first time.
    fn admit(&self, received: &Received, call: &Call) -> Result<Admitted, ApiError> {
        let headers = &received.headers;
        let secret_key = auth::secret_key(headers)?;
        let caller = self.caller(&secret_key)?;
        let now = self.clock.now();
        if !self.limiter.admits(&secret_key, call.endpoint(), now) {
            let code = self.toss.state().rules().rate_limit_code.clone();
            let status = Some(StatusCode::TOO_MANY_REQUESTS);
            return Err(ApiError::injected(code, status));
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
            && let Begun::Again(stored) = self.answers.begin(identity, now)?
        {
            return Ok(Admitted::Again(stored));
        }
        Ok(Admitted::First(caller, identity))
    }

    fn caller(&self, secret_key: &str) -> Result<Caller, ApiError> {
        let state = self.toss.state();
        Ok(Caller {
            shop: state.authenticate(secret_key)?,
            version: state.version_of_secret(secret_key),
        })
    }

    /// The work itself, or the error that `TossPayments-Test-Code` asks for.
    fn perform(
        &self,
        received: &Received,
        caller: Caller,
        call: &Call,
        now: OffsetDateTime,
    ) -> Answer {
        if let Some(code) = received.headers.get(TEST_CODE) {
            let code = code
                .to_str()
                .ok()
                .and_then(|code| ErrorCode::find(code.trim()))
                .unwrap_or(ErrorCode::InvalidTestCode);
            return Answer::refused(code, &received.headers);
        }
        let asked = Asked {
            shop: caller.shop,
            version: caller.version,
            now,
            body: &received.body,
            query: &received.query,
        };
        match work(&mut self.toss.state(), &asked, call) {
            Ok(body) => Answer::done(body),
            Err(refusal) => Answer::refused(refusal, &received.headers),
        }
    }

    /// The first answer is the one that every repetition gets.
    fn bind(&self, identity: Option<&Identity>, answer: &Answer, received: &Received) {
        if let Some(identity) = identity {
            self.answers.keep(identity, answer.stored(received));
        }
    }

    fn log_answer(&self, received: &Received, answer: Option<&Answer>) {
        let asked = masked(&received.body);
        let answered = answer.and_then(|answer| masked(&answer.body));
        if let Some(reason) = answer.and_then(|answer| answer.reason.as_deref()) {
            tracing::info!(path = masked_path(&received.path), reason, "refused");
        }
        self.log.update(&received.trace_id, |entry| {
            entry.request_body = asked;
            entry.response_body = answered;
            if let Some(answer) = answer {
                entry.status = Some(answer.status.as_u16());
                entry.code.clone_from(&answer.code);
                entry.reason.clone_from(&answer.reason);
                entry.replayed = answer.original.is_some();
            }
        });
    }
}
