//! What every component can ask for.

use leptos::prelude::*;

use super::{
    dispatcher::Dispatcher,
    flow::{Busy, Event, Shown, State},
    texts::Texts,
};
use crate::platform::document;

/// The running page, in the context of all components.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// What to show.
    pub(super) state: RwSignal<State>,
    /// The sentences.
    pub(super) text: &'static Texts,
    dispatcher: StoredValue<Dispatcher, LocalStorage>,
}

impl Page {
    /// Makes the page known to all components.
    pub(super) fn provide(dispatcher: Dispatcher) -> Self {
        let page = Self {
            state: dispatcher.state().into(),
            text: dispatcher.texts(),
            dispatcher: StoredValue::new_local(dispatcher),
        };
        provide_context(page);
        page
    }

    /// The page around a component.
    #[expect(clippy::expect_used, reason = "`App` provides it")]
    pub(super) fn get() -> Self {
        use_context().expect("a component outside of App")
    }

    /// Tells the state machine what the customer did.
    pub(super) fn dispatch(self, event: Event) {
        // Cloned, since the event may end with this component's removal.
        if let Some(dispatcher) = self.dispatcher.try_get_value() {
            dispatcher.dispatch(event);
        }
    }

    /// What presses of a button tell.
    pub(super) fn on_press(self, event: Event) -> Callback<()> {
        Callback::new(move |()| self.dispatch(event.clone()))
    }

    /// What is under way.
    pub(super) fn busy(self) -> Option<Busy> {
        self.shown(|shown| shown.busy).flatten()
    }

    /// Reads what is shown; `None` while nothing is.
    pub(super) fn shown<T>(self, read: impl FnOnce(&Shown) -> T) -> Option<T> {
        self.state.with(|state| match state {
            State::Shown(shown) => Some(read(shown)),
            _ => None,
        })
    }

    /// What a screen is in the document around it. On a shop's page the subscriptions are not what the page
    /// is about.
    pub(super) fn role(self) -> &'static str {
        let is_own = |dispatcher: &Dispatcher| document::is_own(dispatcher.host());
        if self.dispatcher.with_value(is_own) {
            "main"
        } else {
            "group"
        }
    }

    /// Where the shop is. Anything but an address of the web, such as `javascript:`, is no way back.
    pub(super) fn shop(self) -> Option<String> {
        let url = self.dispatcher.with_value(Dispatcher::shop)?;
        (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
    }
}
