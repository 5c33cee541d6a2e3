//! The page as one state machine. Pure: [`step`] takes a state and an event and answers the next
//! state and what is to be done; the effects module does it.

use std::{mem, sync::Arc};

use toss_checkout_contract::{
    ApiError, ChargeStatus, ConfirmRequest, Consent, FailureCode, FailureReport, IssueRequest,
    Method, Session, SessionStatus, codes,
};
use toss_payments_sdk::{
    BillingReturn, FailReturn, LoadError, PaymentReturn, Return, ReturnError, SdkError,
};

use crate::config::Misconfiguration;

/// How the buyer came to this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landing {
    /// From the shop, or by a refresh.
    Form,
    /// From Toss's window with keys, or by a refresh while they were on their way.
    Keys(Keys),
    /// From Toss's window with an address that cannot be right.
    Broken(ReturnError),
    /// From Toss's window without keys.
    Fail(FailReturn),
}

/// Toss's one-time keys, as the backend takes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// Of a payment.
    Confirm(ConfirmRequest),
    /// Of a registration.
    Issue(IssueRequest),
}

impl TryFrom<Return> for Keys {
    type Error = FailReturn;

    fn try_from(back: Return) -> Result<Self, FailReturn> {
        match back {
            Return::Billing(BillingReturn {
                customer_key,
                auth_key,
            }) => Ok(Self::Issue(IssueRequest {
                auth_key,
                customer_key,
                consent: None,
            })),
            Return::Payment(PaymentReturn {
                payment_key,
                order_id,
                amount,
            }) => Ok(Self::Confirm(ConfirmRequest {
                payment_key,
                order_id,
                amount: amount.value(),
            })),
            Return::Fail(fail) => Err(fail),
        }
    }
}

/// Everything that the page can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The session is being read.
    Loading(Landing),
    /// The session could not be read. Nothing is lost; the buyer can try again.
    Unreachable(Landing, Trouble),
    /// The form, also while Toss's window is open.
    Checkout(Checkout),
    /// The keys are on their way to the backend.
    Delivering(Arc<Session>, Keys),
    /// The keys did not reach the backend. They are kept; the buyer can try again.
    Undelivered(Arc<Session>, Keys, Trouble),
    /// The backend has the keys and does not know the outcome yet.
    LookingUp(Arc<Session>, Patience),
    /// It is over, or waits for the buyer's deposit: the session says how.
    Outcome(Arc<Session>, When),
    /// The bank took the deposit back: the money is owed again.
    Reversed(Arc<Session>),
    /// It did not work. The buyer can try again.
    Failed(Arc<Session>, FailureCode, Stage),
    /// The address does not fit the order. Nothing was confirmed.
    Refused(Arc<Session>, Refusal),
    /// There is no such session.
    NotFound,
    /// The page cannot work. For the merchant's developer.
    Misconfigured(Misconfiguration),
}

impl State {
    /// The session, as soon as it is known.
    pub fn session(&self) -> Option<&Session> {
        match self {
            Self::Checkout(checkout) => Some(&checkout.session),
            Self::Delivering(session, _)
            | Self::Undelivered(session, ..)
            | Self::LookingUp(session, _)
            | Self::Outcome(session, _)
            | Self::Reversed(session)
            | Self::Failed(session, ..)
            | Self::Refused(session, _) => Some(session),
            Self::Loading(_) | Self::Unreachable(..) | Self::NotFound | Self::Misconfigured(_) => {
                None
            }
        }
    }
}

/// The form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// What is being bought.
    pub session: Arc<Session>,
    /// What the buyer chose.
    pub method: Method,
    /// Whether Toss's script is there.
    pub sdk: Sdk,
    /// Something to say above the button.
    pub notice: Option<Notice>,
    /// Whether Toss's window is open or opening.
    pub opening: bool,
    /// What the buyer agreed to, as it was shown; none while the box is not ticked.
    pub consent: Option<Consent>,
    /// Keys that the backend takes with a consent only. Toss's window need not open again for them.
    pub held: Option<Keys>,
}

impl Checkout {
    /// `None` for a session that offers no method.
    fn new(session: Arc<Session>, notice: Option<Notice>) -> Option<Self> {
        Some(Self {
            method: *session.methods.first()?,
            session,
            sdk: Sdk::Loading,
            notice,
            opening: false,
            consent: None,
            held: None,
        })
    }

    /// Whether the buyer has to agree to something: what is registered is charged again and again.
    pub fn asks_consent(&self) -> bool {
        self.session.plan.is_some()
    }
}

/// Toss's script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sdk {
    /// On its way.
    Loading,
    /// Here.
    Ready,
    /// Not here, after all retries.
    Failed(LoadError),
}

/// Something to say above the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The buyer closed the window or cancelled in it.
    Canceled,
    /// The buyer has not agreed yet.
    ConsentMissing,
}

/// How long the outcome has been looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It may come at any moment.
    Short,
    /// So long that the buyer may go: see [`LONG_MS`].
    Long,
}

/// Whether the outcome is news to whoever sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It is.
    Now,
    /// It was there when the page was opened.
    Before,
}

/// Where it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// In Toss's window: nothing has been asked of the card or account.
    Window,
    /// When the backend asked Toss to confirm or to register.
    Confirm,
}

/// Why the backend could not be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The browser says that it has no network.
    Offline,
    /// No answer: no network, no server, or a refused origin.
    Network,
    /// No answer in time.
    Timeout,
    /// An answer that is not what the contract says, such as a proxy's error page.
    Garbled {
        /// The HTTP status.
        status: u16,
    },
    /// The backend's own error.
    Api(ApiError),
    /// The session names a client key that must not be used.
    Misconfigured(Misconfiguration),
}

/// What in the address does not fit the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A parameter is missing, repeated, too long, or cannot be read.
    Address(ReturnError),
    /// `amount` is not what was to be paid.
    Amount,
    /// `orderId` is another order's.
    Order,
    /// `customerKey` is another customer's.
    Customer,
    /// Keys of a payment on a registration, or the reverse.
    Kind,
}

impl Refusal {
    /// The code under which it is reported and shown.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address(_) => codes::INVALID_REQUEST,
            Self::Amount => codes::AMOUNT_MISMATCH,
            Self::Order => codes::ORDER_MISMATCH,
            Self::Customer => codes::CUSTOMER_MISMATCH,
            Self::Kind => codes::WRONG_KIND,
        }
    }

    /// The parameter at fault, where it is one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Address(error) => error.field(),
            Self::Amount => Some("amount"),
            Self::Order => Some("orderId"),
            Self::Customer => Some("customerKey"),
            Self::Kind => None,
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        match code {
            codes::AMOUNT_MISMATCH => Some(Self::Amount),
            codes::ORDER_MISMATCH => Some(Self::Order),
            codes::CUSTOMER_MISMATCH => Some(Self::Customer),
            codes::WRONG_KIND => Some(Self::Kind),
            _ => None,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The answer to [`Effect::ReadSession`].
    SessionRead(Result<Session, Trouble>),
    /// News about the session that was not asked for.
    SessionChanged(Session),
    /// The answer to [`Effect::LoadSdk`].
    SdkLoaded(Result<(), LoadError>),
    /// The buyer chose.
    MethodChosen(Method),
    /// The buyer ticked the box beside these words, or took the tick away.
    Agreed(Option<Consent>),
    /// The buyer pressed the button.
    Submitted,
    /// Toss's window closed, or did not open.
    WindowClosed(SdkError),
    /// The answer to [`Effect::Deliver`].
    Delivered(Result<Session, Trouble>),
    /// The buyer pressed 다시 시도 or 다른 방법 선택.
    TryAgain,
    /// The browser brought the page back from its back-forward cache.
    Restored,
    /// The browser has a network again.
    Online,
    /// [`LONG_MS`] have passed since [`Effect::WaitLong`].
    WaitedLong,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// `GET` the session.
    ReadSession,
    /// Bring Toss's script in.
    LoadSdk,
    /// Open Toss's window.
    OpenWindow(Arc<Session>, Method),
    /// Keep what the buyer agreed to until the backend has it, in the place of what was kept before.
    KeepConsent(Option<Consent>),
    /// Tick the box if the buyer has agreed to the same words before, in this tab.
    RecallConsent(Arc<Session>),
    /// Put the focus on the box.
    FocusConsent,
    /// `POST` the keys.
    Deliver(Keys),
    /// Erase the keys from the tab's storage: the backend has them, or they are worth nothing.
    ForgetKeys,
    /// Tell the backend of a failure.
    Report(FailureReport),
    /// Follow the session.
    Watch,
    /// Tell after [`LONG_MS`].
    WaitLong,
    /// Put the form's address into the address bar.
    ShowFormAddress,
}

/// Milliseconds after which the buyer is told not to wait for an outcome.
pub const LONG_MS: u32 = 60_000;

/// What the page begins with.
pub fn begin(landing: Landing) -> (State, Vec<Effect>) {
    let mut effects = Vec::new();
    (start(landing, &mut effects), effects)
}

/// One step. What does not fit the state, such as the second half of a double click, changes nothing.
pub fn step(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let mut effects = Vec::new();
    // Changed in place: a state is large, and every arm that hands one on would copy it.
    advance(&mut state, event, &mut effects);
    (state, effects)
}

fn advance(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    match (&mut *state, event) {
        (State::Loading(landing), Event::SessionRead(result)) => {
            let landing = mem::replace(landing, Landing::Form);
            *state = match result {
                Ok(session) => session_read(landing, Arc::new(session), effects),
                Err(trouble) => not_read(landing, trouble, effects),
            };
        }
        (_, Event::SessionChanged(news)) => session_changed(state, Arc::new(news), effects),
        (State::Checkout(form), Event::SdkLoaded(result)) => {
            form.sdk = match result {
                Ok(()) => Sdk::Ready,
                Err(error) => Sdk::Failed(error),
            };
        }
        (State::Checkout(form), Event::MethodChosen(method))
            if !form.opening && form.session.methods.contains(&method) =>
        {
            form.method = method;
            form.notice = form.notice.filter(|it| *it == Notice::ConsentMissing);
        }
        (State::Checkout(form), Event::Agreed(consent)) if !form.opening => {
            if consent.is_some() {
                form.notice = form.notice.filter(|it| *it != Notice::ConsentMissing);
            } else {
                effects.push(Effect::KeepConsent(None));
            }
            form.consent = consent;
        }
        (State::Checkout(form), Event::Submitted)
            if !form.opening && matches!(form.sdk, Sdk::Ready) =>
        {
            let asked = form.asks_consent();
            if asked && form.consent.is_none() {
                form.notice = Some(Notice::ConsentMissing);
                effects.push(Effect::FocusConsent);
                return;
            }
            if asked {
                effects.push(Effect::KeepConsent(form.consent.clone()));
            }
            form.notice = None;
            let session = form.session.clone();
            match form.held.take() {
                None => {
                    form.opening = true;
                    effects.push(Effect::OpenWindow(session, form.method));
                }
                Some(mut keys) => {
                    if let Keys::Issue(issue) = &mut keys {
                        issue.consent = form.consent.take();
                    }
                    effects.push(Effect::Deliver(keys.clone()));
                    *state = State::Delivering(session, keys);
                }
            }
        }
        (State::Checkout(form), Event::WindowClosed(error)) if form.opening => {
            let code = error.failure_code();
            effects.push(Effect::Report(FailureReport {
                code: code.clone(),
                message: error.message.clone(),
                order_id: None,
            }));
            if error.is_cancel() {
                form.opening = false;
                form.notice = Some(Notice::Canceled);
            } else {
                *state = match Misconfiguration::from_sdk(&error) {
                    Some(what) => State::Misconfigured(what),
                    None => State::Failed(form.session.clone(), code, Stage::Window),
                };
            }
        }
        (State::Delivering(session, keys), Event::Delivered(result)) => {
            let session = session.clone();
            *state = match result {
                Ok(session) => {
                    let next = resume(Arc::new(session), effects);
                    acknowledged(effects);
                    next
                }
                Err(Trouble::Api(error)) => not_delivered(session, keys, error, effects),
                Err(trouble) => State::Undelivered(session, keys.clone(), trouble),
            };
        }
        (_, Event::TryAgain)
        | (State::Unreachable(..) | State::Undelivered(..) | State::Checkout(_), Event::Online) => {
            try_again(state, effects);
        }
        (State::LookingUp(_, patience), Event::WaitedLong) => *patience = Patience::Long,
        (
            State::Undelivered(..) | State::Delivering(..) | State::Misconfigured(_),
            Event::Restored,
        ) => {}
        (State::Checkout(form), Event::Restored) if form.held.is_some() => {}
        (_, Event::Restored) => *state = start(Landing::Form, effects),
        _ => {}
    }
}

fn start(landing: Landing, effects: &mut Vec<Effect>) -> State {
    effects.push(Effect::ReadSession);
    State::Loading(landing)
}

/// What follows once the keys are the backend's, or worth nothing.
fn acknowledged(effects: &mut Vec<Effect>) {
    effects.extend([Effect::ForgetKeys, Effect::ShowFormAddress]);
}

fn not_read(landing: Landing, trouble: Trouble, effects: &mut Vec<Effect>) -> State {
    match trouble {
        Trouble::Misconfigured(what) => State::Misconfigured(what),
        Trouble::Api(error) if error.code == codes::SESSION_NOT_FOUND => {
            effects.push(Effect::ForgetKeys);
            State::NotFound
        }
        trouble => State::Unreachable(landing, trouble),
    }
}

fn session_read(landing: Landing, session: Arc<Session>, effects: &mut Vec<Effect>) -> State {
    // An expired session still takes keys: the buyer may have been in Toss's window when it expired,
    // and the backend decides.
    if session.status.is_finished() {
        acknowledged(effects);
        let when = match landing {
            Landing::Keys(_) => When::Now,
            Landing::Form | Landing::Broken(_) | Landing::Fail(_) => When::Before,
        };
        return outcome(session, when, effects);
    }
    let can_start = matches!(session.status, SessionStatus::Open | SessionStatus::Failed);
    match landing {
        Landing::Keys(keys) => match compare(&keys, &session) {
            None => {
                effects.push(Effect::Deliver(keys.clone()));
                State::Delivering(session, keys)
            }
            Some(refusal) => refused(session, refusal, effects),
        },
        Landing::Broken(error) if can_start => refused(session, Refusal::Address(error), effects),
        Landing::Fail(back) if can_start => {
            let code = back.code.clone();
            let next = if code.is_cancel() {
                form(session, Some(Notice::Canceled), effects)
            } else {
                State::Failed(session, code, Stage::Window)
            };
            let report = Effect::Report(FailureReport {
                code: back.code,
                message: back.message,
                order_id: back.order_id,
            });
            effects.extend([report, Effect::ShowFormAddress]);
            next
        }
        Landing::Form | Landing::Broken(_) | Landing::Fail(_) => resume(session, effects),
    }
}

/// Shows a session that is not settled and that the buyer brought nothing new for.
fn resume(session: Arc<Session>, effects: &mut Vec<Effect>) -> State {
    match session.status {
        SessionStatus::Open => form(session, None, effects),
        SessionStatus::Failed => {
            let code = failure_of(&session);
            State::Failed(session, code, Stage::Confirm)
        }
        SessionStatus::Authenticated
        | SessionStatus::Confirming
        | SessionStatus::Issuing
        | SessionStatus::Unknown => {
            effects.extend([Effect::Watch, Effect::WaitLong]);
            State::LookingUp(session, Patience::Short)
        }
        SessionStatus::WaitingForDeposit
        | SessionStatus::Paid
        | SessionStatus::PartiallyCanceled
        | SessionStatus::Canceled
        | SessionStatus::Registered
        | SessionStatus::Active
        | SessionStatus::Expired => outcome(session, When::Now, effects),
    }
}

fn outcome(session: Arc<Session>, when: When, effects: &mut Vec<Effect>) -> State {
    let result = session.result.as_ref();
    let reversed = result.is_some_and(|result| result.reversed_at.is_some());
    let charge = result.and_then(|result| result.charge.as_ref());
    let charging =
        charge.is_some_and(|c| matches!(c.status, ChargeStatus::Pending | ChargeStatus::Unknown));
    // A deposit can also be taken back by the bank.
    let may_change = matches!(
        session.status,
        SessionStatus::WaitingForDeposit | SessionStatus::Paid
    );
    if charging || may_change {
        effects.push(Effect::Watch);
    }
    if reversed && session.status == SessionStatus::WaitingForDeposit {
        State::Reversed(session)
    } else {
        State::Outcome(session, when)
    }
}

fn form(session: Arc<Session>, notice: Option<Notice>, effects: &mut Vec<Effect>) -> State {
    let Some(form) = Checkout::new(session, notice) else {
        return State::Misconfigured(Misconfiguration::NoMethod);
    };
    effects.push(Effect::LoadSdk);
    if form.asks_consent() {
        effects.push(Effect::RecallConsent(form.session.clone()));
    }
    State::Checkout(form)
}

/// Says which part of the address is not the order's. The backend compares again.
fn compare(keys: &Keys, session: &Session) -> Option<Refusal> {
    match keys {
        Keys::Confirm(confirm) => {
            let (Some(order_id), Some(amount)) = (&session.order_id, session.amount) else {
                return Some(Refusal::Kind);
            };
            if confirm.order_id != *order_id {
                Some(Refusal::Order)
            } else if confirm.amount != amount.value() {
                Some(Refusal::Amount)
            } else {
                None
            }
        }
        Keys::Issue(_) if session.plan.is_none() => Some(Refusal::Kind),
        Keys::Issue(issue) if issue.customer_key == session.customer_key => None,
        Keys::Issue(_) => Some(Refusal::Customer),
    }
}

fn refused(session: Arc<Session>, refusal: Refusal, effects: &mut Vec<Effect>) -> State {
    acknowledged(effects);
    effects.push(Effect::Report(FailureReport {
        code: FailureCode::from(refusal.code()),
        message: refusal.field().unwrap_or_default().to_owned(),
        order_id: None,
    }));
    State::Refused(session, refusal)
}

/// The backend took the keys and said no, or could not take them.
fn not_delivered(
    session: Arc<Session>,
    keys: &Keys,
    error: ApiError,
    effects: &mut Vec<Effect>,
) -> State {
    let code = error.code.as_str();
    let is_ours = code.starts_with("CHECKOUT_");
    if let Some(refusal) = Refusal::from_code(code) {
        return refused(session, refusal, effects);
    }
    // The keys stay good: the buyer is asked, and they are sent again. `compare` let them through, so
    // there is a plan to agree to.
    if let (codes::CONSENT_REQUIRED, Keys::Issue(_), Some(form)) = (
        code,
        keys,
        Checkout::new(session.clone(), Some(Notice::ConsentMissing)),
    ) {
        return State::Checkout(Checkout {
            sdk: Sdk::Ready,
            held: Some(keys.clone()),
            ..form
        });
    }
    let next = match code {
        codes::SESSION_NOT_FOUND => State::NotFound,
        // The session knows better than we do what became of it.
        codes::ALREADY_FINISHED | codes::SESSION_EXPIRED => start(Landing::Form, effects),
        _ if is_ours && error.retryable => {
            return State::Undelivered(session, keys.clone(), Trouble::Api(error));
        }
        // Ours without a cure, or Toss's own.
        code => State::Failed(session, FailureCode::from(code), Stage::Confirm),
    };
    acknowledged(effects);
    next
}

fn session_changed(state: &mut State, news: Arc<Session>, effects: &mut Vec<Effect>) {
    match state {
        State::LookingUp(old, patience) if news.revision > old.revision => {
            let patience = *patience;
            *state = resume(news, effects);
            // It is still the same wait.
            if let State::LookingUp(_, next) = state {
                *next = patience;
            }
        }
        State::Outcome(old, _) | State::Reversed(old) if news.revision > old.revision => {
            // Not every backend says so itself.
            let was_paid = old.status == SessionStatus::Paid || matches!(state, State::Reversed(_));
            *state = if was_paid && news.status == SessionStatus::WaitingForDeposit {
                State::Reversed(news)
            } else {
                outcome(news, When::Now, effects)
            };
        }
        // Finished in another tab, or too late.
        State::Checkout(form)
            if !form.opening
                && (news.status.is_finished() || news.status == SessionStatus::Expired) =>
        {
            *state = outcome(news, When::Now, effects);
        }
        _ => {}
    }
}

fn try_again(state: &mut State, effects: &mut Vec<Effect>) {
    match state {
        State::Unreachable(landing, _) => {
            *state = start(mem::replace(landing, Landing::Form), effects);
        }
        State::Undelivered(session, keys, _) => {
            effects.push(Effect::Deliver(keys.clone()));
            *state = State::Delivering(session.clone(), keys.clone());
        }
        State::Checkout(form) if matches!(form.sdk, Sdk::Failed(_)) => {
            form.sdk = Sdk::Loading;
            effects.push(Effect::LoadSdk);
        }
        State::Failed(session, ..) | State::Refused(session, _) => {
            *state = form(session.clone(), None, effects);
            effects.push(Effect::ShowFormAddress);
        }
        _ => {}
    }
}

fn failure_of(session: &Session) -> FailureCode {
    session
        .result
        .as_ref()
        .and_then(|result| result.failure.as_ref())
        .map_or(FailureCode::Unknown, |failure| failure.code.clone())
}

/// Milliseconds before the keys are sent again by themselves, `None` when the buyer is to be asked.
/// Sending them twice is safe: the backend acts once per key.
pub fn pause_before_retry(tried: u32, trouble: &Trouble) -> Option<u32> {
    let may_pass = match trouble {
        Trouble::Network | Trouble::Timeout => true,
        Trouble::Garbled { status } => *status >= 500,
        Trouble::Api(error) => error.retryable && error.code.starts_with("CHECKOUT_"),
        // What comes back is told by the browser.
        Trouble::Offline | Trouble::Misconfigured(_) => false,
    };
    (may_pass && tried < 2).then_some(1_000 << tried)
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
