//! Performs what the state machine asks for.

use std::rc::Rc;

use gloo_timers::{callback::Timeout, future::TimeoutFuture};
use leptos::{prelude::*, task::spawn_local};
use serde::Serialize;
use toss_checkout_contract::{KeyMode, Locale, Method, Session};
use toss_payments_sdk::{LoadOptions, WindowTarget, load};

use super::{CONSENT, Dispatcher, Inner};
use crate::{
    config::Config,
    flow::{self, Effect, Event, Keys},
    i18n::with_overrides,
    platform::{device, document, lifecycle},
    public_events::PublicEvent,
    runtime::{
        api::{self, Api},
        pending_delivery, sdk_requests,
        session_events::SessionEvents,
    },
    terms,
};

impl Dispatcher {
    pub(super) fn perform(&self, effects: Vec<Effect>) {
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
                Effect::KeepMethod(method) => {
                    pending_delivery::keep_method(&config.session, method);
                }
                Effect::RecallMethod => {
                    if let Some(method) = pending_delivery::method(&config.session) {
                        self.dispatch(Event::MethodRecalled(method));
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
                Effect::FocusSubmit => self.focus("[type=submit]"),
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

    /// Asks whether the session has changed. What cannot be read now may be read later. In direct mode nobody else
    /// changes it.
    pub(super) fn refresh(&self) {
        if self.config().is_none_or(|config| config.direct) {
            return;
        }
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
    pub(super) fn follow(&self) {
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
