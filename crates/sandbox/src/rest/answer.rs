//! What is answered, before and when it is put into HTTP.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{Received, idempotency::StoredAnswer};
use crate::{
    error::{ApiError, language},
    faults::{Fault, FaultKind},
};

const TRACE_ID: HeaderName = HeaderName::from_static("x-tosspayments-trace-id");
pub(super) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What is answered, before it is put into bytes of HTTP.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    pub(super) code: Option<String>,
    /// What was wrong with which value, for the log only.
    pub(super) reason: Option<String>,
    /// The trace id of the request whose answer this is, when it is given again.
    pub(super) original: Option<String>,
}

impl Answer {
    pub(super) fn done(body: Bytes) -> Self {
        Self {
            status: StatusCode::OK,
            body,
            code: None,
            reason: None,
            original: None,
        }
    }

    pub(super) fn refused(error: impl Into<ApiError>, headers: &HeaderMap) -> Self {
        let error = error.into();
        let body = error.body(language(headers));
        Self {
            status: error.status,
            body: serde_json::to_vec(&body)
                .map(Bytes::from)
                .unwrap_or_default(),
            code: Some(error.code.into_owned()),
            reason: error.reason.map(String::from),
            original: None,
        }
    }

    pub(super) fn again(stored: StoredAnswer) -> Self {
        Self {
            status: stored.status,
            body: stored.body,
            code: stored.code,
            reason: None,
            original: Some(stored.trace_id),
        }
    }

    pub(super) fn stored(&self, received: &Received) -> StoredAnswer {
        StoredAnswer {
            status: self.status,
            body: self.body.clone(),
            trace_id: received.trace_id.clone(),
            code: self.code.clone(),
        }
    }

    /// With its fields changed, if the fault wants that.
    pub(super) fn mutated(self, fault: &Fault) -> Self {
        if fault.kind != FaultKind::Mutate {
            return self;
        }
        match fault.mutated(&self.body) {
            Some(body) => Self {
                body: body.into(),
                ..self
            },
            None => self,
        }
    }

    /// Half of the body, which is no JSON.
    pub(super) fn halved(self) -> Self {
        let half = self.body.len() / 2;
        Self {
            body: self.body.slice(..half),
            ..self
        }
    }

    pub(super) fn respond(self, received: &Received) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json;charset=UTF-8"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let trace = match self.original {
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
}
