//! Server-sent events: the session now, and again whenever it changes.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream::{self, Stream};
use toss_checkout_contract::{Session, SessionId};

use super::{
    limit::Caller,
    path::session_id,
    streams::{Guard, Refusal, Streams},
};
use crate::{
    app_state::AppState, domain::session::SessionRecord, http::error::ApiError,
    notifier::Subscription,
};

/// The session now, and again at every change.
///
/// What was missed while the connection was down is in the
/// session that comes first, so `Last-Event-ID` needs no history.
#[utoipa::path(
    get, path = "/api/checkout/sessions/{id}/events", tag = "checkout", operation_id = "followCheckout",
    params(("id" = SessionId, Path)),
    responses((status = 200, description = "`event: session`, `id: <revision>`, `data: <Session>`", body = String, content_type = "text/event-stream")),
)]
pub(super) async fn stream(
    State(state): State<Arc<AppState>>,
    Extension(streams): Extension<Arc<Streams>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let id = session_id(&id)?;
    let guard = streams.open(&id, caller.0).map_err(too_many)?;
    // Listen first: a change between reading and listening would be lost.
    let news = state.notifier.subscribe(&id);
    let record = state
        .records
        .session(&id)
        .await?
        .ok_or_else(ApiError::no_session)?;
    let heartbeat = KeepAlive::new().interval(state.timing.heartbeat);
    let events = events(Listener {
        state,
        id,
        news,
        record,
        sent: None,
        _guard: guard,
    });
    let mut answer = Sse::new(events).keep_alive(heartbeat).into_response();
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // nginx would hold events back.
    answer.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    Ok(answer)
}

/// Pages that have no stream ask from time to time instead.
fn too_many(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::Caller => ApiError::too_many(RETRY_AFTER),
        Refusal::Process => {
            tracing::warn!("an event stream was refused: all that MAX_CONNECTIONS allows are open");
            ApiError::overloaded(RETRY_AFTER)
        }
    }
}

/// Seconds.
const RETRY_AFTER: u64 = 10;

struct Listener {
    state: Arc<AppState>,
    id: SessionId,
    news: Subscription,
    /// As it was read last.
    record: SessionRecord,
    /// The last state that was sent: revision and status, since a session ends by the clock too.
    sent: Option<(u64, &'static str)>,
    _guard: Guard,
}

fn events(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(listener, |mut listener| async move {
        let session = listener.next().await?;
        let event = Event::default()
            .event("session")
            .id(session.revision.to_string())
            .json_data(&session)
            .ok()?;
        Some((Ok(event), listener))
    })
}

impl Listener {
    /// The next state that was not sent yet; `None` ends the stream, and the page connects again.
    async fn next(&mut self) -> Option<Session> {
        loop {
            let session = self.record.seen_at(self.state.now());
            let state = (session.revision, session.status.as_str());
            let newer = match self.sent {
                None => true,
                Some(sent) => session.revision >= sent.0 && state != sent,
            };
            if newer {
                self.sent = Some(state);
                return Some(session);
            }
            self.wait().await?;
        }
    }

    /// Waits for a change in the store, or a while: an open session ends by the clock alone.
    async fn wait(&mut self) -> Option<()> {
        tokio::select! {
            () = self.state.stop.cancelled() => return None,
            () = self.news.revision_after(self.record.session.revision) => {
                self.record = self.state.records.session(&self.id).await.ok()??;
            }
            () = tokio::time::sleep(self.state.timing.events_poll) => {}
        }
        Some(())
    }
}

/// Looks whether another process has changed a session that somebody listens to here: once for all its
/// streams. Copies on one PostgreSQL tell each other, mostly; this is for what is not told. Goes on until
/// the process stops.
pub(crate) async fn poll(state: Arc<AppState>) {
    while state.pause(state.timing.events_poll).await {
        for id in state.notifier.watched() {
            match state.records.session_revision(&id).await {
                Ok(Some(revision)) => state.notifier.seen(&id, revision),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, "changes by other processes are seen later");
                    break;
                }
            }
        }
    }
}
