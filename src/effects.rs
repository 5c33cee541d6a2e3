//! Performs what the state machine asks for: HTTP, Toss's SDK, the address bar, the tab's storage.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    mem,
    pin::Pin,
    rc::Rc,
};

use js_sys::Function;
use leptos::prelude::*;
use toss_checkout_contract::{Method, OrderId, Problem, Session, VirtualAccountOptions};
use toss_payments_sdk::{
    BillingAuthRequest, CardBilling, Deadline, LoadOptions, Opening, PaymentRequest, SdkError,
    TossPayments, TransferBilling, VirtualAccount, load,
};

use crate::{
    backend::{self, Call},
    browser::{self, callback},
    config::{self, Config},
    flow::{self, Effect, Event, State},
    keeper, landing,
    text::{self, Text},
    wire,
};

/// The running page.
#[derive(Debug, Clone)]
pub(crate) struct Page(Rc<Inner>);

#[derive(Debug)]
struct Inner {
    state: ArcRwSignal<State>,
    /// None on a page that cannot work.
    config: Option<Box<Config>>,
    follows: Cell<bool>,
    /// What the browser was asked to call us for, to be ended with the page.
    ends: RefCell<Vec<Function>>,
    ended: Cell<bool>,
}

impl Page {
    /// Reads where the buyer is and begins.
    pub(crate) fn start() -> Self {
        let (config, (state, effects)) = match landing::arrive() {
            Ok((config, landing)) => (Some(config), flow::begin(landing)),
            Err(what) => (None, (State::Misconfigured(what), Vec::new())),
        };
        let page = Self(Rc::new(Inner {
            state: ArcRwSignal::new(state),
            config,
            follows: Cell::new(false),
            ends: RefCell::default(),
            ended: Cell::new(false),
        }));
        page.listen();
        page.perform(effects);
        page
    }

    /// What to show.
    pub(crate) fn state(&self) -> &ArcRwSignal<State> {
        &self.0.state
    }

    /// The options; none on a page that cannot work.
    pub(crate) fn config(&self) -> Option<&Config> {
        self.0.config.as_deref()
    }

    /// The sentences for a session.
    pub(crate) fn text(&self, session: Option<&Session>) -> &'static Text {
        let option = match self.config() {
            Some(config) => config.locale,
            // The option that is wrong may be another one.
            None => config::locale(&browser::option).ok().flatten(),
        };
        let wanted = session.and_then(|session| session.locale);
        Text::of(text::choose(option, wanted, &browser::languages()))
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
        self.perform(effects.unwrap_or_default());
    }

    /// Ends the page: whatever happens later has no effect.
    pub(crate) fn end(&self) {
        self.0.ended.set(true);
        for end in self.0.ends.take() {
            // They are ours and do not throw.
            let _ = end.call0(&end);
        }
    }

    /// Coming back to the tab asks the session again; coming back by the Back button begins anew.
    fn listen(&self) {
        let page = self.clone();
        let end = browser::on_return(callback(move |from_cache| {
            if from_cache.is_truthy() {
                page.dispatch(Event::Restored);
            } else {
                page.call(Call::Refresh);
            }
        }));
        self.0.ends.borrow_mut().push(end);
    }

    fn perform(&self, effects: Vec<Effect>) {
        let Some(config) = self.config() else { return };
        for effect in effects {
            match effect {
                Effect::ShowFormAddress => landing::show_form_address(&config.session),
                Effect::ForgetKeys => keeper::forget(&config.session),
                Effect::Watch => self.watch(config),
                Effect::ReadSession => self.call(Call::Read),
                Effect::Deliver(keys) => self.call(Call::Deliver(keys)),
                Effect::Report(report) => self.call(Call::Report(report)),
                Effect::LoadSdk => self.load_sdk(config),
                Effect::OpenWindow(session, method) => self.open_window(config, &session, method),
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
                let result = backend::send(config, &call).await;
                let pause = match (&call, &result) {
                    (Call::Deliver(_), Err(trouble)) => flow::pause_before_retry(tried, trouble),
                    _ => None,
                };
                let Some(pause) = pause else { break result };
                // It only ever resolves.
                let _ = browser::sleep(pause).await;
                tried += 1;
            };
            match (call, result) {
                (Call::Read, result) => page.dispatch(Event::SessionRead(result)),
                (Call::Deliver(_), result) => page.dispatch(Event::Delivered(result)),
                (Call::Refresh, Ok(session)) => page.dispatch(Event::SessionChanged(session)),
                (Call::Refresh | Call::Report(_), _) => {}
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
        });
    }

    fn open_window(&self, config: &Config, session: &Session, method: Method) {
        let opening = open_window(config, session, method);
        let page = self.clone();
        spawn(async move {
            let closed = match opening {
                Ok(opening) => opening.await,
                Err(error) => Err(error),
            };
            // Toss leaves the page on success. A promise that resolves says nothing.
            if let Err(error) = closed {
                page.dispatch(Event::WindowClosed(error));
            }
        });
    }

    fn watch(&self, config: &Config) {
        if self.0.follows.replace(true) {
            return;
        }
        let (page, asking) = (self.clone(), self.clone());
        let news = callback(move |news| {
            let config = page.config();
            if let Some(Ok(session)) = config.map(|config| wire::session(config, &news)) {
                page.dispatch(Event::SessionChanged(session));
            }
        });
        let ask = callback(move |_| asking.call(Call::Refresh));
        let end = browser::follow(&backend::address(config, "/events"), news, ask);
        self.0.ends.borrow_mut().push(end);
    }
}
/// Runs a task in the background. Boxed, since every kind of future would bring its own executor code.
pub(crate) fn spawn(task: impl Future<Output = ()> + 'static) {
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(task);
    wasm_bindgen_futures::spawn_local(task);
}

fn open_window(config: &Config, session: &Session, method: Method) -> Result<Opening, SdkError> {
    let payment = TossPayments::new(&session.client_key)?.payment(&session.customer_key)?;
    let urls = &config.return_urls;
    let target = browser::window_target(config.window_target)?;
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
