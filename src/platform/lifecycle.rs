//! How a page in a browser goes away and comes back.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::PageTransitionEvent;

use super::window;

/// What happened to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transition {
    /// The browser brought it back from its back-forward cache.
    FromCache,
    /// The buyer came back to the tab.
    ToTab,
    /// The buyer sees another tab.
    Hidden,
    /// There is a network again.
    Online,
}

/// Tells of it until it is dropped.
#[derive(Debug)]
#[must_use = "it ends when dropped"]
pub(crate) struct Lifecycle {
    _listeners: Vec<EventListener>,
}

impl Lifecycle {
    pub(crate) fn listen(tell: impl Fn(Transition) + Clone + 'static) -> Self {
        let window = window();
        let (shown, online) = (tell.clone(), tell.clone());
        let mut listeners = vec![
            EventListener::new(&window, "pageshow", move |event| {
                let event: &PageTransitionEvent = event.unchecked_ref();
                if event.persisted() {
                    shown(Transition::FromCache);
                }
            }),
            EventListener::new(&window, "online", move |_| online(Transition::Online)),
        ];
        if let Some(document) = window.document() {
            let on = document.clone();
            listeners.push(EventListener::new(&on, "visibilitychange", move |_| {
                tell(if document.hidden() {
                    Transition::Hidden
                } else {
                    Transition::ToTab
                });
            }));
        }
        Self {
            _listeners: listeners,
        }
    }
}

/// Whether nobody sees the page.
pub(crate) fn is_hidden() -> bool {
    window()
        .document()
        .is_some_and(|document| document.hidden())
}

/// Whether the browser says that it has no network. What it says otherwise is no promise.
pub(crate) fn is_offline() -> bool {
    !window().navigator().on_line()
}
