//! The page as one state machine. Pure: [`step`] takes a state and an event and answers the next
//! state and what is to be done; the effects module does it.

use std::sync::Arc;

use toss_checkout_contract::{
    ApiError, ChargeStatus, ConfirmRequest, FailureCode, FailureReport, IssueRequest, Method,
    Session, SessionStatus, codes,
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

impl From<Return> for Keys {
    fn from(back: Return) -> Self {
        match back {
            Return::Billing(BillingReturn {
                customer_key,
                auth_key,
            }) => Self::Issue(IssueRequest {
                auth_key,
                customer_key,
            }),
            Return::Payment(PaymentReturn {
                payment_key,
                order_id,
                amount,
            }) => Self::Confirm(ConfirmRequest {
                payment_key,
                order_id,
                amount: amount.value(),
            }),
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
    LookingUp(Arc<Session>),
    /// It is over, or waits for the buyer's deposit: the session says how.
    Outcome(Arc<Session>),
    /// Toss said no. The buyer can try again.
    Failed(Arc<Session>, FailureCode),
    /// The address does not fit the order. Nothing was confirmed.
    Refused(Arc<Session>, Refusal),
    /// There is no such session.
    NotFound,
    /// The page cannot work. For the merchant's developer.
    Misconfigured(Misconfiguration),
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
}

/// Why the backend could not be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
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
    /// `POST` the keys.
    Deliver(Keys),
    /// Erase the keys from the tab's storage: the backend has them, or they are worth nothing.
    ForgetKeys,
    /// Tell the backend of a failure.
    Report(FailureReport),
    /// Follow the session.
    Watch,
    /// Put the form's address into the address bar.
    ShowFormAddress,
}

/// What the page begins with.
pub fn begin(landing: Landing) -> (State, Vec<Effect>) {
    (State::Loading(landing), vec![Effect::ReadSession])
}

/// One step. What does not fit the state, such as the second half of a double click, changes nothing.
pub fn step(state: State, event: Event) -> (State, Vec<Effect>) {
    match event {
        Event::SessionRead(result) => match state {
            State::Loading(landing) => session_read(landing, result),
            other => stay(other),
        },
        Event::SessionChanged(session) => session_changed(state, session),
        Event::SdkLoaded(result) => match state {
            State::Checkout(checkout) => {
                let sdk = match result {
                    Ok(()) => Sdk::Ready,
                    Err(error) => Sdk::Failed(error),
                };
                stay(State::Checkout(Checkout { sdk, ..checkout }))
            }
            other => stay(other),
        },
        Event::MethodChosen(method) => match state {
            State::Checkout(checkout)
                if !checkout.opening && checkout.session.methods.contains(&method) =>
            {
                let notice = None;
                stay(State::Checkout(Checkout {
                    method,
                    notice,
                    ..checkout
                }))
            }
            other => stay(other),
        },
        Event::Submitted => match state {
            State::Checkout(checkout) if checkout.sdk == Sdk::Ready && !checkout.opening => {
                let open = Effect::OpenWindow(checkout.session.clone(), checkout.method);
                let opened = Checkout {
                    opening: true,
                    notice: None,
                    ..checkout
                };
                (State::Checkout(opened), vec![open])
            }
            other => stay(other),
        },
        Event::WindowClosed(error) => match state {
            State::Checkout(checkout) if checkout.opening => window_closed(checkout, &error),
            other => stay(other),
        },
        Event::Delivered(result) => match state {
            State::Delivering(session, keys) => delivered(session, keys, result),
            other => stay(other),
        },
        Event::TryAgain => try_again(state),
        Event::Restored => match state {
            State::Undelivered(..) | State::Delivering(..) | State::Misconfigured(_) => stay(state),
            _ => begin(Landing::Form),
        },
    }
}

fn stay(state: State) -> (State, Vec<Effect>) {
    (state, Vec::new())
}

fn session_read(landing: Landing, result: Result<Session, Trouble>) -> (State, Vec<Effect>) {
    let session = match result {
        Ok(session) => Arc::new(session),
        Err(Trouble::Misconfigured(what)) => return stay(State::Misconfigured(what)),
        Err(Trouble::Api(error)) if error.code == codes::SESSION_NOT_FOUND => {
            return (State::NotFound, vec![Effect::ForgetKeys]);
        }
        Err(trouble) => return stay(State::Unreachable(landing, trouble)),
    };
    if is_settled(&session) {
        return outcome(session, vec![Effect::ForgetKeys, Effect::ShowFormAddress]);
    }
    let can_start = matches!(session.status, SessionStatus::Open | SessionStatus::Failed);
    match landing {
        Landing::Keys(keys) => match compare(&keys, &session) {
            Ok(()) => (
                State::Delivering(session, keys.clone()),
                vec![Effect::Deliver(keys)],
            ),
            Err(refusal) => refused(session, refusal),
        },
        Landing::Broken(error) if can_start => refused(session, Refusal::Address(error)),
        Landing::Fail(back) if can_start => {
            let report = Effect::Report(FailureReport {
                code: back.code.clone(),
                message: back.message,
                order_id: back.order_id,
            });
            let (state, mut effects) = if back.code.is_cancel() {
                form(session, Some(Notice::Canceled))
            } else {
                stay(State::Failed(session, back.code))
            };
            effects.extend([report, Effect::ShowFormAddress]);
            (state, effects)
        }
        Landing::Form | Landing::Broken(_) | Landing::Fail(_) => resume(session),
    }
}

/// Shows a session that is not settled and that the buyer brought nothing new for.
fn resume(session: Arc<Session>) -> (State, Vec<Effect>) {
    match session.status {
        SessionStatus::Open => form(session, None),
        SessionStatus::Failed => {
            let code = failure_of(&session);
            stay(State::Failed(session, code))
        }
        SessionStatus::Authenticated
        | SessionStatus::Confirming
        | SessionStatus::Issuing
        | SessionStatus::Unknown => (State::LookingUp(session), vec![Effect::Watch]),
        SessionStatus::WaitingForDeposit
        | SessionStatus::Paid
        | SessionStatus::PartiallyCanceled
        | SessionStatus::Canceled
        | SessionStatus::Registered
        | SessionStatus::Active
        | SessionStatus::Expired => outcome(session, Vec::new()),
    }
}

/// Whether nothing that the buyer could bring changes it any more. An expired session still takes
/// keys: the buyer may have been in Toss's window when it expired, and the backend decides.
fn is_settled(session: &Session) -> bool {
    match session.status {
        SessionStatus::WaitingForDeposit
        | SessionStatus::Paid
        | SessionStatus::PartiallyCanceled
        | SessionStatus::Canceled
        | SessionStatus::Registered
        | SessionStatus::Active => true,
        SessionStatus::Open
        | SessionStatus::Authenticated
        | SessionStatus::Confirming
        | SessionStatus::Issuing
        | SessionStatus::Failed
        | SessionStatus::Unknown
        | SessionStatus::Expired => false,
    }
}

fn outcome(session: Arc<Session>, mut effects: Vec<Effect>) -> (State, Vec<Effect>) {
    let charge = session
        .result
        .as_ref()
        .and_then(|result| result.charge.as_ref());
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
    (State::Outcome(session), effects)
}

fn form(session: Arc<Session>, notice: Option<Notice>) -> (State, Vec<Effect>) {
    let Some(method) = session.methods.first().copied() else {
        return stay(State::Misconfigured(Misconfiguration::NoMethod));
    };
    let checkout = Checkout {
        session,
        method,
        sdk: Sdk::Loading,
        notice,
        opening: false,
    };
    (State::Checkout(checkout), vec![Effect::LoadSdk])
}

/// Says which part of the address is not the order's. The backend compares again.
fn compare(keys: &Keys, session: &Session) -> Result<(), Refusal> {
    match keys {
        Keys::Confirm(confirm) => {
            let (Some(order_id), Some(amount)) = (&session.order_id, session.amount) else {
                return Err(Refusal::Kind);
            };
            if confirm.order_id != *order_id {
                Err(Refusal::Order)
            } else if confirm.amount != amount.value() {
                Err(Refusal::Amount)
            } else {
                Ok(())
            }
        }
        Keys::Issue(issue) => {
            if session.plan.is_none() {
                Err(Refusal::Kind)
            } else if issue.customer_key == session.customer_key {
                Ok(())
            } else {
                Err(Refusal::Customer)
            }
        }
    }
}

fn refused(session: Arc<Session>, refusal: Refusal) -> (State, Vec<Effect>) {
    let report = Effect::Report(FailureReport {
        code: FailureCode::from(refusal.code()),
        message: refusal.field().unwrap_or_default().to_owned(),
        order_id: None,
    });
    (
        State::Refused(session, refusal),
        vec![Effect::ForgetKeys, Effect::ShowFormAddress, report],
    )
}

fn window_closed(checkout: Checkout, error: &SdkError) -> (State, Vec<Effect>) {
    let code = error.failure_code();
    let report = Effect::Report(FailureReport {
        code: code.clone(),
        message: error.message.clone(),
        order_id: None,
    });
    let state = if error.is_cancel() {
        State::Checkout(Checkout {
            opening: false,
            notice: Some(Notice::Canceled),
            ..checkout
        })
    } else if let Some(what) = Misconfiguration::from_sdk(error) {
        State::Misconfigured(what)
    } else {
        State::Failed(checkout.session, code)
    };
    (state, vec![report])
}

fn delivered(
    session: Arc<Session>,
    keys: Keys,
    result: Result<Session, Trouble>,
) -> (State, Vec<Effect>) {
    let acknowledged = || vec![Effect::ForgetKeys, Effect::ShowFormAddress];
    let error = match result {
        Ok(session) => {
            let (state, mut effects) = resume(Arc::new(session));
            effects.extend(acknowledged());
            return (state, effects);
        }
        Err(Trouble::Api(error)) => error,
        Err(trouble) => return stay(State::Undelivered(session, keys, trouble)),
    };
    match error.code.as_str() {
        codes::SESSION_NOT_FOUND => (State::NotFound, acknowledged()),
        // The session knows better than we do what became of it.
        codes::ALREADY_FINISHED | codes::SESSION_EXPIRED => {
            let (state, mut effects) = begin(Landing::Form);
            effects.extend(acknowledged());
            (state, effects)
        }
        code if code.starts_with("CHECKOUT_") => match Refusal::from_code(code) {
            Some(refusal) => refused(session, refusal),
            None if error.retryable => stay(State::Undelivered(session, keys, Trouble::Api(error))),
            None => (
                State::Failed(session, FailureCode::from(code)),
                acknowledged(),
            ),
        },
        toss => (
            State::Failed(session, FailureCode::from(toss)),
            acknowledged(),
        ),
    }
}

fn session_changed(state: State, news: Session) -> (State, Vec<Effect>) {
    let news = Arc::new(news);
    match state {
        State::LookingUp(old) if news.revision > old.revision => resume(news),
        State::Outcome(old) if news.revision > old.revision => stay(State::Outcome(news)),
        // Finished in another tab.
        State::Checkout(checkout) if !checkout.opening && is_settled(&news) => {
            outcome(news, Vec::new())
        }
        State::Checkout(checkout) if news.status == SessionStatus::Expired && !checkout.opening => {
            stay(State::Outcome(news))
        }
        other => stay(other),
    }
}

fn try_again(state: State) -> (State, Vec<Effect>) {
    match state {
        State::Unreachable(landing, _) => begin(landing),
        State::Undelivered(session, keys, _) => (
            State::Delivering(session, keys.clone()),
            vec![Effect::Deliver(keys)],
        ),
        State::Checkout(checkout) if matches!(checkout.sdk, Sdk::Failed(_)) => {
            let sdk = Sdk::Loading;
            (
                State::Checkout(Checkout { sdk, ..checkout }),
                vec![Effect::LoadSdk],
            )
        }
        State::Failed(session, _) | State::Refused(session, _) => {
            let (state, mut effects) = form(session, None);
            effects.push(Effect::ShowFormAddress);
            (state, effects)
        }
        other => stay(other),
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
        Trouble::Misconfigured(_) => false,
    };
    (may_pass && tried < 2).then_some(1_000 << tried)
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
