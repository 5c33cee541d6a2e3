//! What the page can show.

use std::sync::Arc;

use toss_checkout_contract::{
    ApiError, ConfirmRequest, Consent, FailureCode, IssueRequest, Method, Session, codes,
};
use toss_payments_sdk::{BillingReturn, FailReturn, LoadError, PaymentReturn, Return, ReturnError};

use crate::config::Misconfiguration;

/// How the buyer came to this page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redirect {
    /// From the shop, or by a refresh.
    None,
    /// From Toss's window with keys, or by a refresh while they were on their way.
    Keys(Keys),
    /// From Toss's window with an address that cannot be right.
    Invalid(ReturnError),
    /// From Toss's window without keys.
    Failed(FailReturn),
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
                amount,
            })),
            Return::Fail(fail) => Err(fail),
        }
    }
}

/// Everything that the page can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The session is being read.
    Loading(Redirect),
    /// The session could not be read. Nothing is lost; the buyer can try again.
    Unreachable(Redirect, RequestError),
    /// The form, also while Toss's window is open.
    Checkout(Checkout),
    /// The keys are on their way to the backend.
    Delivering(Arc<Session>, Keys),
    /// The keys did not reach the backend. They are kept; the buyer can try again.
    Undelivered(Arc<Session>, Keys, RequestError),
    /// The backend has the keys and does not know the outcome yet.
    LookingUp(Arc<Session>, Wait),
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
    pub(super) fn new(session: Arc<Session>, notice: Option<Notice>) -> Option<Self> {
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
pub enum Wait {
    /// It may come at any moment.
    Short,
    /// So long that the buyer may go: see [`LONG_MS`](super::LONG_MS).
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
pub enum RequestError {
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

    pub(super) fn from_code(code: &str) -> Option<Self> {
        match code {
            codes::AMOUNT_MISMATCH => Some(Self::Amount),
            codes::ORDER_MISMATCH => Some(Self::Order),
            codes::CUSTOMER_MISMATCH => Some(Self::Customer),
            codes::WRONG_KIND => Some(Self::Kind),
            _ => None,
        }
    }
}
