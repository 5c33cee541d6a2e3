//! Performs what the state machine asks for: HTTP, Toss's SDK, the address bar, the tab's storage.

use std::{cell::RefCell, future::Future, pin::Pin, rc::Rc};

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use toss_checkout_contract::{Locale, Method, Session};
use toss_payments_sdk::{
    BillingAuthRequest, BillingMethod, Deadline, LoadOptions, SdkError, TossPayments, ValueError,
    VirtualAccountRequest, load,
};

use crate::{
    backend::Backend,
    browser,
    config::Config,
    flow::{self, Effect, Event, Keys, State, Trouble},
    keeper, landing,
    text::{self, Text},
    watch::Watch,
};

/// The running page. `Copy`, so that every view and handler can hold it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    state: RwSignal<State>,
    inner: StoredValue<Option<Rc<Inner>>, LocalStorage>,
}

#[derive(Debug)]
struct Inner {
    config: Config,
    backend: Backend,
    watch: RefCell<Option<Watch>>,
}

impl Page {
    /// Reads where the buyer is and begins.
    pub(crate) fn start() -> Self {
        let (config, landing) = match landing::arrive() {
            Ok(arrived) => arrived,
            Err(what) => {
                return Self {
                    state: RwSignal::new(State::Misconfigured(what)),
                    inner: StoredValue::new_local(None),
                };
            }
        };
        let (state, effects) = flow::begin(landing);
        let backend = Backend::new(&config.api, &config.session, config.client_key.clone());
        let inner = Inner {
            config,
            backend,
            watch: RefCell::new(None),
        };
        let page = Self {
            state: RwSignal::new(state),
            inner: StoredValue::new_local(Some(Rc::new(inner))),
        };
        page.perform(effects);
        page
    }

    /// What to show.
    pub(crate) fn state(self) -> RwSignal<State> {
        self.state
    }

    /// Tells the state machine what happened. After the page was taken down it does nothing.
    pub(crate) fn dispatch(self, event: Event) {
        let Some(now) = self.state.try_get_untracked() else {
            return;
        };
        let (next, effects) = flow::step(now, event);
        self.state.try_set(next);
        self.perform(effects);
    }

    /// Reads the session again without showing that it does: the buyer came back to the tab.
    pub(crate) fn refresh(self) {
        let Some(inner) = self.inner() else { return };
        spawn(async move {
            if let Ok(session) = inner.backend.read().await {
                self.dispatch(Event::SessionChanged(session));
            }
        });
    }

    /// The language for a session.
    pub(crate) fn locale(self, session: Option<&Session>) -> Locale {
        let option = self.inner().and_then(|inner| inner.config.locale);
        let wanted = session.and_then(|session| session.locale);
        text::choose(option, wanted, browser::languages())
    }

    /// The sentences for a session.
    pub(crate) fn text(self, session: Option<&Session>) -> &'static Text {
        Text::of(self.locale(session))
    }

    /// Where the buyer finds help.
    pub(crate) fn support_url(self) -> Option<String> {
        let inner = self.inner()?;
        let url = inner.config.support_url.as_ref()?;
        Some(url.as_str().to_owned())
    }

    fn inner(self) -> Option<Rc<Inner>> {
        self.inner.try_get_value().flatten()
    }

    fn perform(self, effects: Vec<Effect>) {
        let Some(inner) = self.inner() else { return };
        for effect in effects {
            let inner = inner.clone();
            match effect {
                Effect::ShowFormAddress => landing::show_form_address(&inner.config.session),
                Effect::ForgetKeys => keeper::forget(&inner.config.session),
                Effect::Watch => self.watch(&inner),
                Effect::ReadSession => spawn(async move {
                    let result = inner.backend.read().await;
                    self.dispatch(Event::SessionRead(result));
                }),
                Effect::LoadSdk => spawn(async move {
                    let options = LoadOptions {
                        src: inner.config.sdk_url.clone(),
                        ..LoadOptions::default()
                    };
                    let result = load(&options).await;
                    self.dispatch(Event::SdkLoaded(result));
                }),
                Effect::OpenWindow(session, method) => spawn(async move {
                    // Toss leaves the page on success. A promise that resolves says nothing.
                    if let Err(error) = open_window(&inner.config, &session, method).await {
                        self.dispatch(Event::WindowClosed(error));
                    }
                }),
                Effect::Deliver(keys) => spawn(async move {
                    let result = deliver(&inner.backend, &keys).await;
                    self.dispatch(Event::Delivered(result));
                }),
                Effect::Report(report) => spawn(async move {
                    inner.backend.report(&report).await;
                }),
            }
        }
    }

    fn watch(self, inner: &Rc<Inner>) {
        let mut watch = inner.watch.borrow_mut();
        if watch.is_some() {
            return;
        }
        // The watch is kept by what it must not keep alive.
        let weak = Rc::downgrade(inner);
        let news = move |text: String| {
            let session = weak.upgrade().and_then(|inner| inner.backend.parse(&text));
            if let Some(session) = session {
                self.dispatch(Event::SessionChanged(session));
            }
        };
        *watch = Some(Watch::new(&inner.backend.events(), news, move || {
            self.refresh();
        }));
    }
}

/// Runs a task in the background. Boxed, since every kind of future would bring its own executor code.
pub(crate) fn spawn(task: impl Future<Output = ()> + 'static) {
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    leptos::task::spawn_local(task);
}

/// Sends the keys, and again by itself where that may help.
async fn deliver(backend: &Backend, keys: &Keys) -> Result<Session, Trouble> {
    let mut tried = 0;
    loop {
        match backend.deliver(keys).await {
            Ok(session) => return Ok(session),
            Err(trouble) => match flow::pause_before_retry(tried, &trouble) {
                Some(pause) => TimeoutFuture::new(pause).await,
                None => return Err(trouble),
            },
        }
        tried += 1;
    }
}

async fn open_window(config: &Config, session: &Session, method: Method) -> Result<(), SdkError> {
    let payment = TossPayments::new(&session.client_key)?.payment(&session.customer_key)?;
    match method {
        Method::Card => {
            let request = billing(config, session, BillingMethod::Card)?;
            payment.request_billing_auth(&request).await
        }
        Method::Transfer => {
            let request = billing(config, session, BillingMethod::Transfer)?;
            payment.request_billing_auth(&request).await
        }
        Method::VirtualAccount => {
            let request = virtual_account(config, session)?;
            payment.request_virtual_account(&request).await
        }
    }
}

fn billing(
    config: &Config,
    session: &Session,
    method: BillingMethod,
) -> Result<BillingAuthRequest, ValueError> {
    let target = config.window_target.unwrap_or_else(browser::window_target);
    let mut request =
        BillingAuthRequest::new(method, config.return_urls.clone()).window_target(target);
    if let Some(name) = &session.customer.name {
        request = request.customer_name(name)?;
    }
    if let Some(email) = &session.customer.email {
        request = request.customer_email(email)?;
    }
    Ok(request)
}

fn virtual_account(
    config: &Config,
    session: &Session,
) -> Result<VirtualAccountRequest, ValueError> {
    use toss_checkout_contract::{OrderId, Problem};

    let amount = session.amount.ok_or(Problem::Empty.of("amount"))?;
    let order_id = session
        .order_id
        .clone()
        .ok_or(Problem::Empty.of(OrderId::FIELD))?;
    let urls = config.return_urls.clone();
    let target = config.window_target.unwrap_or_else(browser::window_target);
    let mut request = VirtualAccountRequest::new(amount, order_id, &session.order_name, urls)?
        .window_target(target);
    if let Some(name) = &session.customer.name {
        request = request.customer_name(name)?;
    }
    if let Some(email) = &session.customer.email {
        request = request.customer_email(email)?;
    }
    if let Some(phone) = &session.customer.mobile_phone {
        request = request.customer_mobile_phone(phone)?;
    }
    let Some(options) = &session.virtual_account else {
        return Ok(request);
    };
    if let Some(hours) = options.valid_hours {
        request = request.deadline(Deadline::ValidHours(hours))?;
    } else if let Some(date) = &options.due_date {
        request = request.deadline(Deadline::DueDate(date.clone()))?;
    }
    if let Some(receipt) = options.cash_receipt {
        request = request.cash_receipt(receipt.kind);
    }
    if let Some(yes) = options.use_escrow {
        request = request.use_escrow(yes);
    }
    if let Some(yes) = options.show_customer_mobile_phone {
        request = request.show_customer_mobile_phone(yes);
    }
    Ok(request)
}
