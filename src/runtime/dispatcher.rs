//! Steps the state machine and performs its effects.

use std::{
    cell::{Cell, RefCell},
    mem,
    rc::Rc,
};

use gloo_timers::{callback::Timeout, future::TimeoutFuture};
use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;
use toss_checkout_contract::{KeyMode, Locale, Method, Session};
use toss_payments_sdk::{LoadOptions, Payment, WindowTarget, load};
use web_sys::{AbortController, Element, console};

use super::{
    api::{self, Api},
    pending_delivery, redirect, sdk_requests,
    session_events::SessionEvents,
    shown::Shown,
};
use crate::{
    config::{self, Config, Misconfiguration},
    flow::{self, Effect, Event, Keys, State},
    i18n::{Messages, with_overrides},
    platform::{
        device, document,
        host_options::HostOptions,
        lifecycle::{self, Lifecycle, Transition},
    },
    public_events::{Detail, PublicEvent, Snapshot},
    terms,
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
        // The option that is wrong may be another one.
        let locale = config::locale(&|name| options.text(name)).ok().flatten();
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
        document::tell(&self.0.host, event.name(), &detail);
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

    fn perform(&self, effects: Vec<Effect>) {
        let Some(config) = self.config() else { return };
        for effect in effects {
            match effect {
                Effect::ForgetReturn => self.0.options.forget_return(),
                // In direct mode there is no session.
                Effect::Watch if !config.direct && !self.0.follows.replace(true) => self.follow(),
                Effect::Watch => {}
                Effect::ReadSession => self.read_session(),
                Effect::Deliver(keys) => self.deliver(keys),
                Effect::Report(report) => self.post("/failure", report),
                Effect::WaitLong => self.wait_long(),
                Effect::LoadSdk => self.load_sdk(config),
                Effect::OpenWindow(session, method) => self.open_window(config, &session, method),
                Effect::KeepConsent(consent) => {
                    pending_delivery::keep_consent(&config.session, consent.as_ref());
                    // The buyer may come back in another browser.
                    if let Some(consent) = consent {
                        self.post("/consent", consent);
                    }
                }
                Effect::RecallConsent(session) => {
                    let given = pending_delivery::consent(&config.session);
                    let messages = self.0.messages.get_untracked();
                    if given.is_some() && given == terms::consent(&session, messages) {
                        self.dispatch(Event::Agreed(given));
                    }
                }
                Effect::FocusConsent => self.focus(CONSENT),
            }
        }
    }

    /// The backend; none on a page that cannot work.
    fn api(&self) -> Option<Api<'_>> {
        Some(Api {
            config: self.config()?,
            options: &self.0.options,
            page: self.0.requests.as_ref(),
        })
    }

    fn read_session(&self) {
        let page = self.clone();
        spawn_local(async move {
            let Some(api) = page.api() else { return };
            let result = api.session().await;
            if let Ok(session) = &result {
                page.speak(session.locale);
            }
            page.dispatch(Event::SessionRead(result));
        });
    }

    /// Asks whether the session has changed. What cannot be read now may be read later.
    fn refresh(&self) {
        let page = self.clone();
        spawn_local(async move {
            let Some(api) = page.api() else { return };
            if let Ok(session) = api.session().await {
                page.dispatch(Event::SessionChanged(session));
            }
        });
    }

    /// Sends the keys, and again by itself where that may help.
    fn deliver(&self, keys: Keys) {
        let page = self.clone();
        spawn_local(async move {
            let Some(api) = page.api() else { return };
            let mut tried = 0;
            let result = loop {
                let result = api.deliver(&keys).await;
                let pause = match &result {
                    // Nobody knows whether a merchant's own backend may be asked twice.
                    Err(error) if !api.config.direct => flow::pause_before_retry(tried, error),
                    _ => None,
                };
                let Some(pause) = pause else { break result };
                TimeoutFuture::new(pause).await;
                if page.0.ended.get() {
                    return;
                }
                tried += 1;
            };
            page.dispatch(Event::Delivered(result));
        });
    }

    /// Sends something on which nothing depends.
    fn post<T: Serialize + 'static>(&self, path: &'static str, body: T) {
        let page = self.clone();
        spawn_local(async move {
            if let Some(api) = page.api() {
                api.tell(path, &body).await;
            }
        });
    }

    /// Speaks the session's language, unless the merchant chose one.
    fn speak(&self, wanted: Option<Locale>) {
        let Inner {
            messages,
            host,
            locale,
            overrides,
            ..
        } = &*self.0;
        if let (Some(wanted), None) = (wanted, locale)
            && messages.get_untracked().locale != wanted
            && !self.0.ended.get()
        {
            let spoken = with_overrides(wanted, overrides);
            document::set_language(host, spoken.lang());
            messages.set(spoken);
        }
    }

    fn wait_long(&self) {
        let page = Rc::downgrade(&self.0);
        let long = Timeout::new(flow::LONG_MS, move || {
            if let Some(page) = page.upgrade() {
                Self(page).dispatch(Event::WaitedLong);
            }
        });
        self.0.long.replace(Some(long));
    }

    fn load_sdk(&self, config: &Config) {
        let page = self.clone();
        let options = LoadOptions {
            src: config.sdk_url.clone(),
            ..LoadOptions::default()
        };
        spawn_local(async move {
            let result = load(&options).await;
            page.dispatch(Event::SdkLoaded(result));
            page.tell_developer();
        });
    }

    /// Tells the developer what is not as it should be, though the buyer can go on.
    fn tell_developer(&self) {
        let mode = self.0.state.with_untracked(|state| {
            let session = state.session()?;
            Some(session.client_key.mode())
        });
        if let (Some(mode), false) = (mode, self.0.ended.get()) {
            let is_test = mode == KeyMode::Test;
            self.0.options.tell_developer(&self.0.host, is_test);
        }
    }

    fn open_window(&self, config: &Config, session: &Session, method: Method) {
        let opening = sdk_requests::payment_of(session).and_then(|payment| {
            let target = device::window_target(config.window_target)?;
            let urls = &config.return_urls;
            let opening = sdk_requests::open_window(&payment, session, method, urls, target);
            self.0.payment.replace(Some(payment));
            if opening.is_ok() && target == WindowTarget::SelfWindow {
                self.tell(PublicEvent::Redirect);
            }
            opening
        });
        // Nobody promises that the window's promise is settled when the window is destroyed.
        let page = Rc::downgrade(&self.0);
        spawn_local(async move {
            let closed = match opening {
                Ok(opening) => opening.await,
                Err(error) => Err(error),
            };
            // Toss leaves the page on success. A promise that resolves says nothing.
            if let (Err(error), Some(page)) = (closed, page.upgrade()) {
                Self(page).dispatch(Event::WindowClosed(error));
            }
        });
    }

    /// Follows the session, where it is to be followed: by a stream while the page is seen. A browser opens six
    /// connections to a host by HTTP/1.1, so the tabs that nobody sees leave them to the others, and ask from time
    /// to time.
    fn follow(&self) {
        let Some(api) = self.api().filter(|_| self.0.follows.get()) else {
            return;
        };
        let (page, asking) = (Rc::downgrade(&self.0), Rc::downgrade(&self.0));
        let changed = move |answer| {
            if let Some(page) = page.upgrade().map(Self)
                && let Some(config) = page.config()
                && let Ok(session) = api::read_session(config, answer)
            {
                page.dispatch(Event::SessionChanged(session));
            }
        };
        let ask = move || {
            if let Some(page) = asking.upgrade() {
                Self(page).refresh();
            }
        };
        let address = (!lifecycle::is_hidden()).then(|| api.address("/events"));
        let events = SessionEvents::follow(address.as_deref(), changed, ask);
        self.0.events.replace(Some(events));
    }
}
