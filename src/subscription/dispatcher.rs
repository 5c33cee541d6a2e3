//! Steps the state machine and performs its effects.

use std::{
    cell::{Cell, RefCell},
    mem,
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use toss_checkout_contract::{LinkToken, Locale};
use toss_payments_sdk::AbsoluteUrl;
use web_sys::{AbortController, Element, console};

use super::{
    api::Api,
    config::Config,
    flow::{self, Effect, Event, Fault, State},
    public_events::{Detail, PREFIX, PublicEvent},
    texts::Texts,
};
use crate::platform::{
    device, document,
    host_options::HostOptions,
    lifecycle::{Lifecycle, Transition},
    storage,
};

/// While a charge is under way it is asked about so often.
const SOON_MS: u32 = 2_500;
/// Where the shop is, for when the link has ended.
const SHOP: &str = "toss-subscription.shop";

/// The running page. Clones are the same page.
#[derive(Debug, Clone)]
pub(crate) struct Dispatcher(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    state: ArcRwSignal<State>,
    texts: &'static Texts,
    /// Where the page is; also hears the public events.
    host: Element,
    /// `None` on a page that cannot work.
    config: Option<Config>,
    /// Aborts every request when the page ends.
    requests: Option<AbortController>,
    lifecycle: RefCell<Option<Lifecycle>>,
    /// Reads again in a moment.
    soon: RefCell<Option<Timeout>>,
    /// Puts the focus somewhere in a moment.
    focus: RefCell<Option<Timeout>>,
    ended: Cell<bool>,
}

impl Dispatcher {
    /// Reads the options and begins.
    pub(crate) fn start(host: Element, options: &HostOptions) -> Self {
        let (config, state) = match Config::read(&|name| options.text(name)) {
            Ok(config) if config.link.is_none() => (None, State::Failed(Fault::NoLink)),
            Ok(config) => (Some(config), State::Loading),
            Err(what) => {
                let fix = what.fix();
                console::error_1(&["toss-subscription: ", &fix].concat().into());
                (None, State::Failed(Fault::Misconfigured(fix)))
            }
        };
        let page = Self::new(host, options, config, state);
        if page.0.config.is_some() {
            page.listen();
            page.perform(vec![Effect::Load]);
        }
        page
    }

    /// A page that shows this for ever and does nothing.
    #[cfg(feature = "gallery")]
    pub(crate) fn frozen(host: Element, options: &HostOptions, state: State) -> Self {
        let page = Self::new(host, options, None, state);
        page.0.ended.set(true);
        page
    }

    fn new(host: Element, options: &HostOptions, config: Option<Config>, state: State) -> Self {
        let locale = options.text("locale").as_deref().and_then(Locale::of_tag);
        let texts =
            Texts::with_overrides(locale.unwrap_or_else(device::locale), &options.overrides());
        document::set_language(&host, texts.lang());
        Self(Rc::new(Inner {
            state: ArcRwSignal::new(state),
            texts,
            host,
            config,
            requests: AbortController::new().ok(),
            lifecycle: RefCell::default(),
            soon: RefCell::default(),
            focus: RefCell::default(),
            ended: Cell::new(false),
        }))
    }

    /// What to show.
    pub(crate) fn state(&self) -> ArcRwSignal<State> {
        self.0.state.clone()
    }

    /// The sentences.
    pub(crate) fn texts(&self) -> &'static Texts {
        self.0.texts
    }

    /// Where the page is.
    pub(crate) fn host(&self) -> &Element {
        &self.0.host
    }

    /// Where the shop is: as the backend says, or said before the link ended.
    pub(crate) fn shop(&self) -> Option<String> {
        let now = self.0.state.with_untracked(|state| match state {
            State::Shown(shown) => shown.return_url.clone(),
            _ => None,
        });
        now.or_else(|| storage::kept(SHOP))
    }

    /// Tells the state machine what happened. After the page was taken down it does nothing.
    pub(crate) fn dispatch(&self, event: Event) {
        if self.0.ended.get() {
            return;
        }
        let effects = self.0.state.try_update(|state| {
            let (next, effects) = flow::step(mem::replace(state, State::Loading), event);
            *state = next;
            effects
        });
        self.perform(effects.unwrap_or_default());
    }

    /// Ends the page: whatever happens later has no effect.
    pub(crate) fn end(&self) {
        self.0.ended.set(true);
        if let Some(requests) = &self.0.requests {
            requests.abort();
        }
        self.0.lifecycle.take();
        self.0.soon.take();
        self.0.focus.take();
    }

    fn listen(&self) {
        let page = Rc::downgrade(&self.0);
        let lifecycle = Lifecycle::listen(move |back| {
            let Some(page) = page.upgrade().map(Self) else {
                return;
            };
            match back {
                Transition::FromCache => page.dispatch(Event::Restored),
                Transition::Online | Transition::ToTab => page.dispatch(Event::Refresh),
                Transition::Hidden => {}
            }
        });
        self.0.lifecycle.replace(Some(lifecycle));
    }

    fn perform(&self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Load => self.load(),
                Effect::LoadSoon => {
                    let page = self.clone();
                    let soon = Timeout::new(SOON_MS, move || page.dispatch(Event::Refresh));
                    self.0.soon.replace(Some(soon));
                }
                Effect::LoadInvoices(id, after) => self.load_invoices(id, after),
                Effect::Post(id, ask) => {
                    self.with_api(async move |page, api| {
                        let answer = api.ask(&id, &ask).await;
                        page.dispatch(Event::Done(answer.map(Box::new)));
                    });
                }
                Effect::ChangeMethod(id) => self.change_method(id),
                Effect::Tell(event, id, status) => {
                    let detail = Detail {
                        subscription_id: Some(id),
                        status: Some(status),
                        code: None,
                    };
                    tell(&self.0.host, event, &detail);
                }
                Effect::Go(url) => document::go(&url),
                Effect::FocusHeading => self.focus("h1"),
                Effect::FocusNotice => self.focus("[data-notice]"),
            }
        }
    }

    /// Calls the backend in a task of its own.
    fn with_api(&self, call: impl AsyncFnOnce(&Self, Api<'_>) + 'static) {
        let page = self.clone();
        spawn_local(async move {
            let inner = Rc::clone(&page.0);
            if let Some((config, link)) = link(inner.config.as_ref()) {
                let api = Api {
                    base: &config.api,
                    link,
                    page: inner.requests.as_ref(),
                };
                call(&page, api).await;
            }
        });
    }

    fn load(&self) {
        self.with_api(async |page, api| {
            let read = api.subscriptions().await;
            let shop = read.as_ref().ok().and_then(|read| read.return_url.as_ref());
            if let Some(url) = shop {
                storage::keep(SHOP, url);
            }
            page.dispatch(Event::Loaded(read));
        });
    }

    fn load_invoices(&self, id: String, after: Option<String>) {
        self.with_api(async move |page, api| {
            let read = api.invoices(&id, after.as_deref()).await;
            page.dispatch(Event::Invoices(id, after, read));
        });
    }

    fn change_method(&self, id: String) {
        let own = self.0.config.as_ref();
        let own = own.and_then(|config| config.return_url.as_ref());
        let back = own.map_or_else(document::own_address, |url| {
            AbsoluteUrl::as_str(url).to_owned()
        });
        let locale = self.0.texts.locale;
        self.with_api(async move |page, api| {
            let made = api.change_method(&id, back, locale).await;
            page.dispatch(Event::Leave(made));
        });
    }

    /// The last wish counts.
    fn focus(&self, selector: &'static str) {
        let focus = document::focus(&self.0.host, selector);
        self.0.focus.replace(Some(focus));
    }
}

/// The program has a fault.
pub(super) fn tell_crash(host: &Element) {
    let detail = Detail {
        code: Some("CHECKOUT_CRASHED"),
        ..Detail::default()
    };
    tell(host, PublicEvent::Error, &detail);
}

fn tell(host: &Element, event: PublicEvent, detail: &Detail) {
    document::tell(host, &[PREFIX, event.name()].concat(), detail);
}

fn link(config: Option<&Config>) -> Option<(&Config, &LinkToken)> {
    let config = config?;
    Some((config, config.link.as_ref()?))
}
