//! Performs what the state machine asks for: HTTP, Toss's SDK, the address bar, the tab's storage.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    mem,
    pin::Pin,
    rc::Rc,
};

use leptos::prelude::*;
use toss_checkout_contract::{
    KeyMode, Locale, Method, OrderId, Problem, Session, VirtualAccountOptions,
};
use toss_payments_sdk::{
    BillingAuthRequest, CardBilling, Deadline, LoadOptions, Opening, Payment, PaymentRequest,
    SdkError, TossPayments, TransferBilling, VirtualAccount, WindowTarget, load,
};

use web_sys::Element;

use crate::{
    backend::{self, Call},
    browser::{self, Options, Scope},
    config::{self, Config},
    flow::{self, Effect, Event, State},
    keeper, landing,
    news::{News, Seen},
    text::Text,
    ui::consent,
    views::CONSENT,
    wire,
};

/// The running page.
#[derive(Debug, Clone)]
pub(crate) struct Page(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    state: ArcRwSignal<State>,
    /// Where the page is; also hears the events.
    host: Element,
    /// What the merchant's page was told.
    told: Cell<Seen>,
    /// None on a page that cannot work.
    config: Option<Box<Config>>,
    options: Options,
    /// The language that the merchant chose.
    locale: Option<Locale>,
    text: Cell<&'static Text>,
    /// Whether more sentences were asked for in vain; none while they are on their way.
    text_is_late: Cell<Option<bool>>,
    follows: Cell<bool>,
    /// Everything that the browser was asked to do ends with it.
    scope: Scope,
    /// What the browser may call. They hold this page, which holds them, until it ends.
    calls: RefCell<Vec<browser::Call>>,
    /// What opened Toss's window last.
    payment: RefCell<Option<Payment>>,
    ended: Cell<bool>,
}

impl Page {
    /// Reads where the buyer is and begins.
    pub(crate) fn start(host: Element, options: Options, text: &'static Text) -> Self {
        let (config, (state, effects)) = match landing::arrive(&options) {
            Ok((config, landing)) => (Some(config), flow::begin(landing)),
            Err(what) => (None, (State::Misconfigured(what), Vec::new())),
        };
        let page = Self::new(host, options, text, config, state);
        page.listen();
        page.tell_news();
        page.perform(effects);
        page
    }

    /// A page that shows this for ever and does nothing.
    #[cfg(feature = "gallery")]
    pub(crate) fn shown(
        host: Element,
        options: Options,
        text: &'static Text,
        config: Config,
        state: State,
    ) -> Self {
        let page = Self::new(host, options, text, Some(Box::new(config)), state);
        page.0.ended.set(true);
        page
    }

    fn new(
        host: Element,
        options: Options,
        text: &'static Text,
        config: Option<Box<Config>>,
        state: State,
    ) -> Self {
        let locale = config::locale(&|name| browser::text(&options, name));
        Self(Rc::new(Inner {
            state: ArcRwSignal::new(state),
            host,
            told: Cell::default(),
            config,
            options,
            // The option that is wrong may be another one.
            locale: locale.ok().flatten(),
            text: Cell::new(text),
            text_is_late: Cell::new(Some(false)),
            follows: Cell::new(false),
            scope: browser::scope(),
            calls: RefCell::default(),
            payment: RefCell::default(),
            ended: Cell::new(false),
        }))
    }

    /// What to show.
    pub(crate) fn state(&self) -> &ArcRwSignal<State> {
        &self.0.state
    }

    /// Where the page is.
    pub(crate) fn host(&self) -> &Element {
        &self.0.host
    }

    /// The options; none on a page that cannot work.
    pub(crate) fn config(&self) -> Option<&Config> {
        self.0.config.as_deref()
    }

    /// The sentences of the language that is spoken.
    pub(crate) fn text(&self) -> &'static Text {
        self.0.text.get()
    }

    /// Speaks the session's language, unless the merchant chose one. Should its sentences not arrive,
    /// the page goes on in the browser's language.
    async fn speak(&self, wanted: Option<Locale>) {
        let spoken = self.text();
        let wanted = wanted.filter(|_| self.0.locale.is_none());
        if let Some(wanted) = wanted.filter(|wanted| *wanted != spoken.locale)
            && let Some(text) = self.read_text(wanted, spoken.is_whole()).await
        {
            self.0.text.set(text);
        }
    }

    /// Fetches the sentences that the form does without; draws again when they are here, or are not to
    /// be had.
    pub(crate) fn fetch_whole_text(&self) {
        if self.0.text_is_late.replace(None).is_none() {
            return;
        }
        let page = self.clone();
        spawn(async move {
            let text = loop {
                let locale = page.text().locale;
                let text = page.read_text(locale, true).await;
                // Meanwhile the session may have asked for another language.
                if page.text().locale == locale {
                    break text;
                }
            };
            page.0.text_is_late.set(Some(text.is_none()));
            if let Some(text) = text {
                page.0.text.set(text);
            }
            page.0.state.notify();
        });
    }

    /// Whether the sentences that the form does without were asked for in vain.
    pub(crate) fn text_is_late(&self) -> bool {
        self.0.text_is_late.get() == Some(true)
    }

    async fn read_text(&self, locale: Locale, whole: bool) -> Option<&'static Text> {
        let words = browser::sentences(&self.0.options, locale.as_str(), whole).await;
        words.and_then(|words| Text::read(&words))
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
        self.tell_news();
        self.perform(effects.unwrap_or_default());
    }

    fn tell_news(&self) {
        let mut told = self.0.told.get();
        let seen = self.0.state.with_untracked(Seen::of);
        let news = seen.news_since(&mut told);
        self.0.told.set(told);
        for one in news {
            self.tell(one);
        }
    }

    fn tell(&self, news: News) {
        let detail = self.0.state.with_untracked(wire::detail);
        let once = match news {
            News::Success => self.config().map(|config| keeper::success(&config.session)),
            _ => None,
        };
        browser::tell(&self.0.host, news.name(), &detail, once.as_deref());
    }

    /// Ends the page: whatever happens later has no effect.
    pub(crate) fn end(&self) {
        self.0.ended.set(true);
        browser::end(&self.0.scope);
        if let Some(payment) = self.0.payment.take() {
            spawn(async move {
                // The page is gone: there is nobody left to be told of a window that stays.
                let _ = payment.destroy().await;
            });
        }
        // One of them may be running; it is freed when it is through.
        drop(self.0.calls.take());
    }

    /// What ends with the page.
    pub(crate) fn scope(&self) -> &Scope {
        &self.0.scope
    }

    /// Makes a closure that the browser can call until the page ends.
    pub(crate) fn callback(
        &self,
        run: impl FnMut(browser::Callback) + 'static,
    ) -> browser::Callback {
        let call = browser::call(run);
        let callback = call.as_ref().clone();
        self.0.calls.borrow_mut().push(call);
        callback
    }

    /// Coming back to the tab asks the session again; coming back by the Back button begins anew.
    fn listen(&self) {
        let page = self.clone();
        let returned = self.callback(move |from_cache| {
            if from_cache.is_undefined() {
                if page.text_is_late() {
                    page.fetch_whole_text();
                }
                page.dispatch(Event::Online);
            } else if from_cache.is_truthy() {
                page.dispatch(Event::Restored);
            } else {
                page.call(Call::Refresh);
            }
        });
        browser::on_return(&returned, &self.0.scope);
    }

    fn perform(&self, effects: Vec<Effect>) {
        let Some(config) = self.config() else { return };
        for effect in effects {
            match effect {
                Effect::ShowFormAddress => landing::show_form_address(config),
                Effect::ForgetKeys => keeper::forget(&config.session),
                Effect::Watch => self.watch(config),
                Effect::ReadSession => self.call(Call::Read),
                Effect::Deliver(keys) => self.call(Call::Deliver(keys)),
                Effect::Report(report) => self.call(Call::Report(report)),
                Effect::WaitLong => self.wait_long(),
                Effect::LoadSdk => self.load_sdk(config),
                Effect::OpenWindow(session, method) => self.open_window(config, &session, method),
                Effect::KeepConsent(consent) => {
                    keeper::keep_consent(&config.session, consent.as_ref());
                }
                Effect::RecallConsent(session) => {
                    let given = keeper::consent(&config.session);
                    if given.is_some() && given == consent(&session, self.text()) {
                        self.dispatch(Event::Agreed(given));
                    }
                }
                Effect::FocusConsent => browser::focus(&self.0.host, CONSENT),
            }
        }
    }

    /// Calls the backend, and again by itself where that may help.
    fn call(&self, call: Call) {
        let page = self.clone();
        spawn(async move {
            let Some(config) = page.config() else { return };
            let mut tried = 0;
            let result = loop {
                let result = backend::send(config, &page.0.options, &call, page.scope()).await;
                let pause = match (&call, &result) {
                    // Nobody knows whether a merchant's own backend may be asked twice.
                    (Call::Deliver(_), Err(trouble)) if !config.direct => {
                        flow::pause_before_retry(tried, trouble)
                    }
                    _ => None,
                };
                let Some(pause) = pause else { break result };
                // It only ever resolves.
                let _ = browser::sleep(pause).await;
                if page.0.ended.get() {
                    return;
                }
                tried += 1;
            };
            match (call, result) {
                (Call::Read, result) => {
                    page.speak(result.as_ref().ok().and_then(|session| session.locale))
                        .await;
                    page.dispatch(Event::SessionRead(result));
                }
                (Call::Deliver(_), result) => page.dispatch(Event::Delivered(result)),
                (Call::Refresh, Ok(session)) => page.dispatch(Event::SessionChanged(session)),
                (Call::Refresh | Call::Report(_), _) => {}
            }
        });
    }

    fn wait_long(&self) {
        // A page that was taken away need not be kept for it.
        let page = Rc::downgrade(&self.0);
        spawn(async move {
            // It only ever resolves.
            let _ = browser::sleep(flow::LONG_MS).await;
            if let Some(page) = page.upgrade() {
                Self(page).dispatch(Event::WaitedLong);
            }
        });
    }

    fn load_sdk(&self, config: &Config) {
        let page = self.clone();
        let options = LoadOptions {
            src: config.sdk_url.clone(),
            ..LoadOptions::default()
        };
        spawn(async move {
            let result = load(&options).await;
            page.dispatch(Event::SdkLoaded(result));
            page.warn();
        });
    }

    /// Tells the developer what is not as it should be, though the buyer can go on.
    fn warn(&self) {
        let mode = self.0.state.with_untracked(|state| {
            let session = state.session()?;
            Some(session.client_key.mode())
        });
        if let Some(mode) = mode {
            let Inner {
                options,
                host,
                scope,
                ..
            } = &*self.0;
            browser::develop(options, host, mode == KeyMode::Test, scope);
        }
    }

    fn open_window(&self, config: &Config, session: &Session, method: Method) {
        let opening = payment_of(session).and_then(|payment| {
            let target = browser::window_target(config.window_target)?;
            let opening = open_window(&payment, config, session, method, target);
            self.0.payment.replace(Some(payment));
            if opening.is_ok() && target == WindowTarget::SelfWindow {
                self.tell(News::Redirect);
            }
            opening
        });
        // Nobody promises that the window's promise is settled when the window is destroyed.
        let page = Rc::downgrade(&self.0);
        spawn(async move {
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

    fn watch(&self, config: &Config) {
        if self.0.follows.replace(true) {
            return;
        }
        let (page, asking) = (self.clone(), self.clone());
        let news = self.callback(move |news| {
            let config = page.config();
            if let Some(Ok(session)) = config.map(|config| wire::session(config, &news)) {
                page.dispatch(Event::SessionChanged(session));
            }
        });
        let ask = self.callback(move |_| asking.call(Call::Refresh));
        let address = backend::address(config, "/events");
        browser::follow(&self.0.options, &address, &news, &ask, &self.0.scope);
    }
}

/// Runs a task in the background. Boxed, since every kind of future would bring its own executor code.
pub(crate) fn spawn(task: impl Future<Output = ()> + 'static) {
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    wasm_bindgen_futures::spawn_local(task);
}

fn payment_of(session: &Session) -> Result<Payment, SdkError> {
    TossPayments::new(&session.client_key)?.payment(&session.customer_key)
}

fn open_window(
    payment: &Payment,
    config: &Config,
    session: &Session,
    method: Method,
    target: WindowTarget,
) -> Result<Opening, SdkError> {
    let urls = &config.return_urls;
    let (name, email) = (
        session.customer.name.as_deref(),
        session.customer.email.as_deref(),
    );
    match method {
        Method::Card => {
            let request = BillingAuthRequest::new(CardBilling::new(), urls)
                .window_target(target)
                .customer_name(name)
                .customer_email(email);
            payment.request_billing_auth(request)
        }
        Method::Transfer => {
            let request = BillingAuthRequest::new(TransferBilling, urls)
                .window_target(target)
                .customer_name(name)
                .customer_email(email);
            payment.request_billing_auth(request)
        }
        Method::VirtualAccount => {
            let amount = session.amount.ok_or(Problem::Empty.of("amount"))?;
            let order_id = session.order_id.as_ref();
            let order_id = order_id.ok_or(Problem::Empty.of(OrderId::FIELD))?;
            let account = virtual_account(session.virtual_account.as_ref());
            let request = PaymentRequest::new(amount, order_id, &session.order_name, account)
                .window_target(target)
                .customer_name(name)
                .customer_email(email)
                .customer_mobile_phone(session.customer.mobile_phone.as_deref());
            payment.request_payment(request, urls)
        }
    }
}

fn virtual_account(options: Option<&VirtualAccountOptions>) -> VirtualAccount<'_> {
    let Some(options) = options else {
        return VirtualAccount::new();
    };
    let hours = options.valid_hours.map(Deadline::ValidHours);
    let date = options.due_date.as_deref().map(Deadline::DueDate);
    VirtualAccount::new()
        .deadline(hours.or(date))
        .cash_receipt(options.cash_receipt.map(|receipt| receipt.kind))
        .use_escrow(options.use_escrow)
        .show_customer_mobile_phone(options.show_customer_mobile_phone)
}
