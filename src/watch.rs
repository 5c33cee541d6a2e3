//! Follows a session: server-sent events, and questions at intervals where those do not come through.

use std::{cell::RefCell, rc::Rc};

use gloo_timers::callback::Interval;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};

const POLL_MS: u32 = 4_000;

/// Stops when dropped.
#[derive(Debug)]
#[must_use = "it stops when dropped"]
pub(crate) struct Watch {
    source: Option<EventSource>,
    poll: Rc<RefCell<Option<Interval>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_open: Closure<dyn FnMut()>,
    _on_error: Closure<dyn FnMut()>,
}

impl Watch {
    /// Calls `news` with each event's text. While the stream is down, calls `ask` every few seconds.
    pub(crate) fn new(
        address: &str,
        news: impl Fn(String) + 'static,
        ask: impl Fn() + Clone + 'static,
    ) -> Self {
        let poll = Rc::new(RefCell::new(None));
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                news(text);
            }
        });
        let stop = poll.clone();
        let on_open = Closure::new(move || {
            stop.take();
        });
        let start = {
            let poll = poll.clone();
            move || {
                poll.borrow_mut()
                    .get_or_insert_with(|| Interval::new(POLL_MS, ask.clone()));
            }
        };
        let on_error = Closure::new(start.clone());
        let source = EventSource::new(address).ok();
        if let Some(source) = &source {
            let listens = source
                .add_event_listener_with_callback("session", on_message.as_ref().unchecked_ref())
                .is_ok();
            source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
            source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
            if !listens {
                start();
            }
        } else {
            start();
        }
        Self {
            source,
            poll,
            _on_message: on_message,
            _on_open: on_open,
            _on_error: on_error,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(source) = &self.source {
            source.close();
        }
        self.poll.take();
    }
}
