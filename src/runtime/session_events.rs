//! Follows a session: by server-sent events, and by asking every few seconds while no stream is open. Without an
//! address for one, by asking less often.

use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use web_sys::{EventSource, MessageEvent, wasm_bindgen::JsCast};

use crate::platform::json::{self, JsonValue};

const POLL_MS: u32 = 4_000;
/// For a page that nobody sees.
const HIDDEN_POLL_MS: u32 = 30_000;

/// A session that is followed until this is dropped.
#[derive(Debug)]
#[must_use = "it ends when dropped"]
pub(crate) struct SessionEvents {
    source: Option<EventSource>,
    _listeners: Vec<EventListener>,
    _polling: Polling,
}

/// The timer, while it runs.
type Polling = Rc<RefCell<Option<Interval>>>;

impl SessionEvents {
    /// `changed` hears what a `session` event carries, `ask` is called while there are none.
    pub(crate) fn follow(
        address: Option<&str>,
        changed: impl Fn(JsonValue) + 'static,
        ask: impl Fn() + Clone + 'static,
    ) -> Self {
        let polling = Polling::default();
        let pause = if address.is_some() {
            POLL_MS
        } else {
            HIDDEN_POLL_MS
        };
        let poll = {
            let polling = polling.clone();
            move || {
                let ask = ask.clone();
                let mut timer = polling.borrow_mut();
                timer.get_or_insert_with(|| Interval::new(pause, ask));
            }
        };
        let source = address.and_then(|address| EventSource::new(address).ok());
        // Also until the stream is open: a proxy may hold it back without an error.
        poll();
        let Some(source) = source else {
            return Self {
                source: None,
                _listeners: Vec::new(),
                _polling: polling,
            };
        };
        let stop = polling.clone();
        let listeners = vec![
            EventListener::new(&source, "session", move |event| {
                let event: &MessageEvent = event.unchecked_ref();
                let text = event.data().as_string().unwrap_or_default();
                changed(json::parse(&text));
            }),
            EventListener::new(&source, "open", move |_| drop(stop.take())),
            EventListener::new(&source, "error", move |_| poll()),
        ];
        Self {
            source: Some(source),
            _listeners: listeners,
            _polling: polling,
        }
    }
}

impl Drop for SessionEvents {
    fn drop(&mut self) {
        if let Some(source) = &self.source {
            source.close();
        }
    }
}
