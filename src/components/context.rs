//! What every component can ask for.

use leptos::prelude::*;
use toss_payments_sdk::AbsoluteUrl;

use crate::{
    config::Config,
    flow::{Checkout, Event, State},
    i18n::Messages,
    platform::document,
    runtime::{Dispatcher, Shown},
    screen::Surroundings,
};

/// The running page, in the context of all components.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    /// What to show.
    pub(crate) state: RwSignal<State>,
    /// Changes with each drawing, and not with what changes within a screen.
    pub(crate) shown: RwSignal<Shown>,
    /// The sentences of the language that is spoken.
    pub(crate) messages: RwSignal<&'static Messages>,
    /// What a component has done and a screen reader is to be told.
    pub(crate) announced: RwSignal<Option<&'static str>>,
    dispatcher: StoredValue<Dispatcher, LocalStorage>,
}

impl Page {
    /// Makes the page known to all components.
    pub(crate) fn provide(dispatcher: Dispatcher) -> Self {
        let page = Self {
            state: dispatcher.state().into(),
            shown: dispatcher.shown().into(),
            messages: dispatcher.messages().into(),
            announced: dispatcher.announced().into(),
            dispatcher: StoredValue::new_local(dispatcher),
        };
        provide_context(page);
        page
    }

    /// The page around a component. `expect_context` would bring 4 KB of code that puts its message
    /// together.
    #[expect(clippy::expect_used, reason = "`App` provides it")]
    pub(crate) fn get() -> Self {
        use_context().expect("a component outside of App")
    }

    /// Tells the state machine what the buyer did.
    pub(crate) fn dispatch(self, event: Event) {
        // Cloned, since the event may end with this component's removal.
        if let Some(dispatcher) = self.dispatcher.try_get_value() {
            dispatcher.dispatch(event);
        }
    }

    /// The sentences. A page that changes its language is drawn again.
    pub(crate) fn text(self) -> &'static Messages {
        self.messages.get_untracked()
    }

    /// What the options say; `None` on a page that cannot work.
    pub(crate) fn config<T>(self, read: impl FnOnce(&Config) -> T) -> Option<T> {
        self.dispatcher
            .with_value(|dispatcher| dispatcher.config().map(read))
    }

    /// What the form holds, while it is shown; otherwise what a form holds that says nothing.
    pub(crate) fn form<T: Default>(self, read: impl FnOnce(&Checkout) -> T) -> T {
        self.state.with(|state| match state {
            State::Checkout(form) => read(form),
            _ => T::default(),
        })
    }

    /// What a screen is in the document around it. On a shop's page the checkout is not what the page is
    /// about.
    pub(crate) fn role(self) -> &'static str {
        let is_own = |dispatcher: &Dispatcher| document::is_own(dispatcher.host());
        if self.dispatcher.with_value(is_own) {
            "main"
        } else {
            "group"
        }
    }

    /// Reads what screens need beside the state.
    pub(crate) fn surroundings<T>(self, read: impl FnOnce(Surroundings<'_>) -> T) -> T {
        self.dispatcher.with_value(|dispatcher| {
            let support_url = dispatcher.config().and_then(|it| it.support_url.as_ref());
            read(Surroundings {
                messages: self.text(),
                support_url: support_url.map(AbsoluteUrl::as_str),
            })
        })
    }
}
