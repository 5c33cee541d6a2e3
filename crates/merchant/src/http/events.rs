//! Server-sent events: the session now, and again whenever it changes.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream::{self, Stream};
use toss_checkout_contract::{Session, SessionId};

use super::checkout::session_id;
use crate::{core::Core, hub::Subscription, problem::Problem, store::records::SessionRecord};

/// `GET /api/checkout/sessions/{id}/events`. What was missed while the connection was down is in the
/// session that comes first, so `Last-Event-ID` needs no history.
pub(super) async fn stream(
    State(core): State<Arc<Core>>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = session_id(&id)?;
    // Listen first: a change between reading and listening would be lost.
    let news = core.hub.subscribe(&id);
    let record = core
        .store
        .session(&id)
        .await?
        .ok_or_else(Problem::no_session)?;
    let heartbeat = KeepAlive::new().interval(core.config.timing.heartbeat);
    let events = events(Listener {
        core,
        id,
        news,
        sent: None,
        first: Some(record),
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

struct Listener {
    core: Arc<Core>,
    id: SessionId,
    news: Subscription,
    /// The last state that was sent: revision and status, since a session ends by the clock too.
    sent: Option<(u64, &'static str)>,
    first: Option<SessionRecord>,
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
            let record = match self.first.take() {
                Some(record) => record,
                None => self.wait().await?,
            };
            let session = record.seen_at(self.core.now());
            let state = (session.revision, session.status.as_str());
            let newer = match self.sent {
                None => true,
                Some(sent) => session.revision >= sent.0 && state != sent,
            };
            if newer {
                self.sent = Some(state);
                return Some(session);
            }
        }
    }

    async fn wait(&mut self) -> Option<SessionRecord> {
        loop {
            tokio::select! {
                () = self.core.stop.cancelled() => return None,
                () = self.news.changed() => break,
                // Another process may have changed it; and an open session ends by the clock.
                () = tokio::time::sleep(self.core.config.timing.events_poll) => {
                    if self.has_changed().await? {
                        break;
                    }
                }
            }
        }
        self.core.store.session(&self.id).await.ok()?
    }

    async fn has_changed(&self) -> Option<bool> {
        let revision = self.core.store.revision(&self.id).await.ok()??;
        let (sent, status) = self.sent?;
        Some(revision != sent || status == "open")
    }
}
