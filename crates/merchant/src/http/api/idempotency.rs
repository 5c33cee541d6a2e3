//! `Idempotency-Key`: the same request under the same key gets the same answer for ever, before anything of
//! it is checked again. Keys belong to the merchant, not to the bearer key, which may be rotated.

use std::{pin::pin, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequestParts, MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};
use tokio::{sync::oneshot, time::timeout};
use toss_checkout_contract::codes;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    app_state::AppState,
    application::api_requests::{Begun, Held, Outcome},
    domain::names,
    http::{
        body,
        error::{ApiError, Keeping},
    },
};

/// As Toss allows: <https://docs.tosspayments.com/reference/using-api/authorization>.
const MAX_KEY: usize = 300;
/// Answers of ours are a few thousand bytes.
const MAX_ANSWER: usize = 1 << 20;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// In an answer that was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// How long a caller waits until its answer is kept, too.
const WAIT_FOR_END: Duration = Duration::from_secs(1);
/// Between two tries to keep it.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// Not kept in any form, not even digested: the first digits of a card's password.
/// Source: PCI DSS 4.0, requirement 3.3.
const NEVER_KEPT: &str = "password";

/// The key of a request.
pub(super) fn request_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get(KEY) else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(key) if (1..=MAX_KEY).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(ApiError::invalid(
            "Idempotency-Key is not 1 to 300 visible ASCII characters",
        )),
    }
}

/// The key of a call that does not go without one: nothing else would tell a repetition from a second
/// request.
pub(super) struct RequestKey(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for RequestKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        request_key(&parts.headers)?.map(Self).ok_or_else(|| {
            ApiError::invalid(
                "the header Idempotency-Key is missing: send a new one with every new request, and the same one when you repeat it",
            )
        })
    }
}

/// These calls, each `POST` answered once per key.
pub(super) fn answered_once(
    state: &Arc<AppState>,
    routes: OpenApiRouter<Arc<AppState>>,
) -> OpenApiRouter<Arc<AppState>> {
    routes.route_layer(middleware::from_fn_with_state(
        Arc::clone(state),
        idempotent,
    ))
}

/// Answers a `POST` that came before, and keeps the answer of one that did not.
async fn idempotent(State(state): State<Arc<AppState>>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    match request_key(request.headers()) {
        Ok(None) => next.run(request).await,
        Ok(Some(key)) => once(state, key, request, next)
            .await
            .unwrap_or_else(IntoResponse::into_response),
        Err(error) => error.into_response(),
    }
}

async fn once(
    state: Arc<AppState>,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(String::new, |path| path.as_str().to_owned());
    let (parts, bytes) = body::split(request).await?;
    let digest = digest(&parts, &bytes);
    let held = match state.api_requests.begin(&key, &route, &digest).await? {
        Begun::Mine(held) => held,
        Begun::Answered(status, body) => return Ok(again(status, body)),
        Begun::InProgress => {
            return Err(ApiError::in_progress(
                "a request with this Idempotency-Key is under way; repeat it for its answer",
            ));
        }
        Begun::OtherRequest => {
            return Err(ApiError::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                codes::IDEMPOTENCY_KEY_USED,
                "this Idempotency-Key was used for another request; every new request needs a new one",
            ));
        }
    };
    let request = Request::from_parts(parts, Body::from(bytes));
    let (tell, told) = oneshot::channel();
    let worker = Arc::clone(&state);
    // A caller who hangs up and repeats the request finds its answer.
    state.services.detach(async move {
        let answer = Whole::read(next.run(request).await).await;
        let mut ending = pin!(end(&worker, &held, &answer));
        // Whoever repeats the request after an answer finds it kept, unless the database is away.
        let ended = timeout(WAIT_FOR_END, &mut ending).await.is_ok();
        // Nobody listens any more when the caller is gone.
        let _ = tell.send(answer.response());
        if !ended {
            ending.await;
        }
    });
    Ok(told
        .await
        .unwrap_or_else(|_| ApiError::internal().into_response()))
}

/// An answer with all of its body.
struct Whole {
    parts: axum::http::response::Parts,
    body: Bytes,
    keeping: Keeping,
}

impl Whole {
    async fn read(answer: Response) -> Self {
        let keeping = answer.extensions().get().copied();
        let keeping = keeping.unwrap_or(if answer.status().is_success() {
            Keeping::Final
        } else {
            Keeping::NotYet
        });
        let (parts, body) = answer.into_parts();
        match to_bytes(body, MAX_ANSWER).await {
            Ok(body) => Self {
                parts,
                body,
                keeping,
            },
            Err(_) => Box::pin(Self::read(ApiError::internal().into_response())).await,
        }
    }

    fn status(&self) -> StatusCode {
        self.parts.status
    }

    fn response(&self) -> Response {
        Response::from_parts(self.parts.clone(), Body::from(self.body.clone()))
    }

    fn outcome(&self) -> Outcome<'_> {
        match self.keeping {
            Keeping::Final => {
                let text = str::from_utf8(&self.body).unwrap_or_default();
                Outcome::Final(self.status().as_u16(), text)
            }
            Keeping::NotYet => Outcome::NotYet,
            Keeping::Nothing => Outcome::Nothing,
        }
    }
}

/// Gives the request back with what it came to. Tries until somebody else may take it up.
async fn end(state: &AppState, held: &Held, answer: &Whole) {
    while let Err(error) = state.api_requests.end(held, answer.outcome()).await {
        // What was done is done; the same request finds it by the names that it derives.
        tracing::error!(%error, "an answer could not be kept");
        if state.api_requests.is_over(held) || !state.pause(TRY_AGAIN).await {
            return;
        }
    }
}

fn again(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut answer = (status, body).into_response();
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    answer
}

/// What makes a request the same: method, address, query, and the body. How JSON is written does not
/// matter.
fn digest(parts: &Parts, body: &Bytes) -> String {
    let path = parts
        .uri
        .path_and_query()
        .map_or("", axum::http::uri::PathAndQuery::as_str);
    let json = serde_json::from_slice::<Value>(body).map(|value| sorted(value).to_string());
    let text = json.unwrap_or_else(|_| String::from_utf8_lossy(body).into_owned());
    let text = zeroize::Zeroizing::new(text);
    names::digest(&["api-request", parts.method.as_str(), path, &text])
}

/// The same JSON with every object's fields in the order of their names.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields
                .into_iter()
                .filter(|(name, _)| name != NEVER_KEPT)
                .map(|(name, value)| (name, sorted(value)))
                .collect();
            fields.sort_by(|(left, _), (right, _)| left.cmp(right));
            Value::Object(Map::from_iter(fields))
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(method: Method, path: &str, body: &'static str) -> String {
        let request = axum::http::Request::builder().method(method).uri(path);
        let (parts, ()) = request.body(()).unwrap().into_parts();
        digest(&parts, &Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn the_same_request_is_the_same_however_its_json_is_written() {
        let path = "/api/payments/pay_1/refunds";
        let first = of(
            Method::POST,
            path,
            r#"{"reason":"반품","amount":{"value":1,"currency":"KRW"}}"#,
        );
        let again = r#"{ "amount": {"currency": "KRW", "value": 1}, "reason": "\ubc18\ud488" }"#;
        assert_eq!(first, of(Method::POST, path, again));
        for (method, path, body) in [
            (
                Method::POST,
                path,
                r#"{"reason":"반품","amount":{"value":2,"currency":"KRW"}}"#,
            ),
            (Method::POST, path, r#"{"reason":"반품"}"#),
            (Method::POST, path, ""),
            (Method::POST, "/api/payments/pay_2/refunds", again),
            (Method::POST, "/api/payments/pay_1/refunds?x=1", again),
            (Method::PUT, path, again),
        ] {
            assert_ne!(first, of(method, path, body), "{path} {body}");
        }
    }

    #[test]
    fn a_cards_password_is_in_no_digest() {
        let path = "/api/customers/c/payment-methods";
        let with = r#"{"card":{"number":"4330","password":"12"}}"#;
        let without = r#"{"card":{"number":"4330"}}"#;
        assert_eq!(
            of(Method::POST, path, with),
            of(Method::POST, path, without)
        );
    }
}
