//! Steps the state machine.

mod effects;

use std::{
    cell::{Cell, RefCell},
    mem,
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use toss_checkout_contract::Locale;
use toss_payments_sdk::Payment;
use web_sys::{AbortController, Element, console};

use super::{pending_delivery, redirect, session_events::SessionEvents, shown::Shown};
use crate::{
    config::{Config, Misconfiguration},
    flow::{self, Event, State},
    i18n::{Messages, with_overrides},
    platform::{
        device, document,
        host_options::HostOptions,
        lifecycle::{Lifecycle, Transition},
    },
    public_events::{Detail, PREFIX, PublicEvent, Snapshot},
};

/// Where the box is that the buyer has to tick.
const CONSENT: &str = "#consent";

/// The running page. Clones are the same page.
#[derive(Debug, Clone)]
pub(crate) struct Dispatcher(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    state: ArcRwSignal<State>,
    shown: ArcRwSignal<Shown>,
    messages: ArcRwSignal<&'static Messages>,
    announced: ArcRwSignal<Option<&'static str>>,
    /// Where the page is; also hears the public events.
    host: Element,
    options: HostOptions,
    /// None on a page that cannot work.
    config: Option<Config>,
    /// The language that the merchant chose.
    locale: Option<Locale>,
    /// The merchant's own sentences.
    overrides: Vec<(String, String)>,
    /// What the merchant's page was told.
    told: Cell<Snapshot>,
    /// Aborts every request when the page ends.
    requests: Option<AbortController>,
    lifecycle: RefCell<Option<Lifecycle>>,
    events: RefCell<Option<SessionEvents>>,
    /// Whether the session is followed.
    follows: Cell<bool>,
    /// What opened Toss's window last.
    payment: RefCell<Option<Payment>>,
    /// Tells that an outcome takes long.
    long: RefCell<Option<Timeout>>,
    /// Puts the focus somewhere in a moment.
    focus: RefCell<Option<Timeout>>,
    /// Whether the page stands in the document.
    is_drawn: Cell<bool>,
    /// Whether there was a screen already.
    was_shown: Cell<bool>,
    ended: Cell<bool>,
}

impl Dispatcher {
    /// Reads where the buyer is and begins.
    pub(crate) fn start(host: Element, options: HostOptions) -> Self {
        let (config, (state, effects)) = match redirect::read(&options) {
            Ok((config, redirect)) => (Some(config), flow::begin(redirect)),
            // The address has lost its session on the way back.
            Err(Misconfiguration::NoSession | Misconfiguration::BadSession(_))
                if options.returned().is_some() =>
            {
                (None, (State::NotFound, Vec::new()))
            }
            Err(what) => (None, (State::Misconfigured(what), Vec::new())),
        };
        let page = Self::new(host, options, config, state);
        page.listen();
        page.tell_public_events();
        page.perform(effects);
        page
    }

    /// A page that shows this for ever and does nothing.
    #[cfg(feature = "gallery")]
    pub(crate) fn frozen(
        host: Element,
        options: HostOptions,
        config: Config,
        state: State,
    ) -> Self {
        let page = Self::new(host, options, Some(config), state);
        page.0.ended.set(true);
        page
    }

    fn new(host: Element, options: HostOptions, config: Option<Config>, state: State) -> Self {
        let locale = options.text("locale").as_deref().and_then(Locale::of_tag);
        let overrides = options.overrides();
        let messages = with_overrides(locale.unwrap_or_else(device::locale), &overrides);
        document::set_language(&host, messages.lang());
        let shown = Shown::of(&state, messages.locale);
        Self(Rc::new(Inner {
            state: ArcRwSignal::new(state),
            shown: ArcRwSignal::new(shown),
            messages: ArcRwSignal::new(messages),
            announced: ArcRwSignal::new(None),
            host,
            options,
            config,
            locale,
            overrides,
            told: Cell::default(),
            requests: AbortController::new().ok(),
            lifecycle: RefCell::default(),
            events: RefCell::default(),
            follows: Cell::new(false),
            payment: RefCell::default(),
            long: RefCell::default(),
            focus: RefCell::default(),
            is_drawn: Cell::new(false),
            was_shown: Cell::new(false),
            ended: Cell::new(false),
        }))
    }

    /// What to show.
    pub(crate) fn state(&self) -> ArcRwSignal<State> {
        self.0.state.clone()
    }

    /// Changes when another screen is to be drawn.
    pub(crate) fn shown(&self) -> ArcRwSignal<Shown> {
        self.0.shown.clone()
    }

    /// The sentences of the language that is spoken.
    pub(crate) fn messages(&self) -> ArcRwSignal<&'static Messages> {
        self.0.messages.clone()
    }

    /// What a component has done and a screen reader is to be told.
    pub(crate) fn announced(&self) -> ArcRwSignal<Option<&'static str>> {
        self.0.announced.clone()
    }

    /// Where the page is.
    pub(crate) fn host(&self) -> &Element {
        &self.0.host
    }

    /// Puts the focus on what a selector finds. The last wish counts.
    fn focus(&self, selector: &'static str) {
        let focus = document::focus(&self.0.host, selector);
        self.0.focus.replace(Some(focus));
    }

    /// The options; none on a page that cannot work.
    pub(crate) fn config(&self) -> Option<&Config> {
        self.0.config.as_ref()
    }

    /// Tells the state machine what happened. After the page was taken down it does nothing.
    pub(crate) fn dispatch(&self, event: Event) {
        if self.0.ended.get() {
            return;
        }
        let effects = self.0.state.try_update(|state| {
            let (next, effects) = flow::step(mem::replace(state, State::NotFound), event);
            *state = next;
            effects
        });
        self.draw();
        self.tell_public_events();
        self.perform(effects.unwrap_or_default());
    }

    /// Has another screen drawn, where it is one.
    fn draw(&self) {
        let locale = self.0.messages.get_untracked().locale;
        let shown = self
            .0
            .state
            .with_untracked(|state| Shown::of(state, locale));
        if self.0.shown.get_untracked() != shown {
            self.0.shown.set(shown);
            self.0.announced.set(None);
            if self.0.is_drawn.get() {
                self.focus_screen();
            }
        }
    }

    /// Told once the page stands in the document.
    pub(crate) fn drawn(&self) {
        self.0.is_drawn.set(true);
        self.focus_screen();
    }

    /// A new screen is read from its heading on, but for an error. The form that comes first takes the focus
    /// from nobody.
    fn focus_screen(&self) {
        let (focused, is_screen) = self.0.state.with_untracked(|state| match state {
            State::Loading(_) => (None, false),
            State::Checkout(form) if form.held.is_some() => (Some(CONSENT), true),
            State::Checkout(_) if !self.0.was_shown.get() => (None, true),
            _ => (Some("h1"), true),
        });
        if is_screen {
            self.0.was_shown.set(true);
        }
        if let Some(focused) = focused {
            self.focus(focused);
        }
    }

    /// Ends the page: whatever happens later has no effect.
    pub(crate) fn end(&self) {
        self.0.ended.set(true);
        if let Some(requests) = &self.0.requests {
            requests.abort();
        }
        self.0.lifecycle.take();
        self.0.events.take();
        self.0.long.take();
        self.0.focus.take();
        if let Some(payment) = self.0.payment.take() {
            spawn_local(async move {
                // The page is gone: there is nobody left to be told of a window that stays.
                let _ = payment.destroy().await;
            });
        }
    }

    fn tell_public_events(&self) {
        let mut told = self.0.told.get();
        let snapshot = self.0.state.with_untracked(Snapshot::of);
        let events = snapshot.events_since(&mut told);
        self.0.told.set(told);
        for event in events {
            self.tell(event);
        }
    }

    fn tell(&self, event: PublicEvent) {
        let first = match (event, self.config()) {
            (PublicEvent::Success, Some(config)) => {
                pending_delivery::is_first_success(&config.session)
            }
            _ => true,
        };
        if !first {
            return;
        }
        let detail = self.0.state.with_untracked(|state| {
            if let State::Misconfigured(what) = state {
                console::error_1(&["toss-checkout: ", &what.fix()].concat().into());
            }
            Detail::of(state)
        });
        document::tell(&self.0.host, &[PREFIX, event.name()].concat(), &detail);
    }

    /// Coming back to the tab asks the session again; coming back by the Back button begins anew.
    fn listen(&self) {
        let page = Rc::downgrade(&self.0);
        let lifecycle = Lifecycle::listen(move |back| {
            let Some(page) = page.upgrade().map(Self) else {
                return;
            };
            match back {
                Transition::FromCache => page.dispatch(Event::Restored),
                Transition::Online => page.dispatch(Event::Online),
                Transition::ToTab => {
                    page.follow();
                    page.refresh();
                }
                Transition::Hidden => page.follow(),
            }
        });
        self.0.lifecycle.replace(Some(lifecycle));
    }
}
