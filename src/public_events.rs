//! What the merchant's own page is told, and when. Pure; `runtime` tells it.

use serde::Serialize;
use toss_checkout_contract::{
    Amount, ChargeStatus, Currency, DecimalAmount, Method, OrderId, Session, SessionKind,
    SessionStatus, codes,
};

use crate::flow::{Notice, Sdk, State};

/// The beginning of all events' names.
pub const PREFIX: &str = "toss-checkout:";

/// Something that the merchant's page may want to know: the event `toss-checkout:NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicEvent {
    /// The buyer chose another method.
    Change,
    /// The buyer can press the button. Once for each page.
    Ready,
    /// The buyer pressed the button; Toss's window opens.
    Submit,
    /// The browser leaves for Toss's window.
    Redirect,
    /// It is not over: keys are on their way, an outcome is looked up, a deposit is awaited.
    Pending,
    /// Registered or paid. Once for each order, also after a refresh.
    Success,
    /// The buyer closed Toss's window or cancelled in it.
    Cancel,
    /// It did not work, or came too late.
    Fail,
    /// The page could not do its work.
    Error,
}

impl PublicEvent {
    /// Every event.
    pub const ALL: [Self; 9] = [
        Self::Ready,
        Self::Change,
        Self::Submit,
        Self::Redirect,
        Self::Pending,
        Self::Success,
        Self::Cancel,
        Self::Fail,
        Self::Error,
    ];

    /// Those that a state brings by itself, in the order in which they are told.
    const OF_STATES: [Self; 7] = [
        Self::Ready,
        Self::Submit,
        Self::Pending,
        Self::Success,
        Self::Cancel,
        Self::Fail,
        Self::Error,
    ];

    /// The event's name without its prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Ready => "ready",
            Self::Submit => "submit",
            Self::Redirect => "redirect",
            Self::Pending => "pending",
            Self::Success => "success",
            Self::Cancel => "cancel",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// What of a state matters to public events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Snapshot {
    /// The events that hold, a bit each.
    on: u16,
    method: Option<Method>,
}

impl Snapshot {
    /// Looks at a state.
    pub fn of(state: &State) -> Self {
        let mut seen = Self::default();
        let mut see = |event: PublicEvent, is_so: bool| {
            if is_so {
                seen.on |= event.bit();
            }
        };
        match state {
            State::Loading(_) => {}
            State::Checkout(form) => {
                see(PublicEvent::Ready, form.sdk == Sdk::Ready);
                see(PublicEvent::Submit, form.opening);
                see(PublicEvent::Cancel, form.notice == Some(Notice::Canceled));
                see(PublicEvent::Error, matches!(form.sdk, Sdk::Failed(_)));
                seen.method = Some(form.method);
            }
            State::Delivering(..) | State::LookingUp(..) => see(PublicEvent::Pending, true),
            State::Outcome(session, _) | State::Reversed(session) => {
                if let Some(event) = outcome(session) {
                    see(event, true);
                }
            }
            State::Failed(..) | State::Refused(..) => see(PublicEvent::Fail, true),
            State::Unreachable(..)
            | State::Undelivered(..)
            | State::NotFound
            | State::Misconfigured(_) => see(PublicEvent::Error, true),
        }
        seen
    }

    /// What is new since `before`, which then becomes this.
    pub fn events_since(self, before: &mut Self) -> impl Iterator<Item = PublicEvent> + use<> {
        let chosen = before.method.is_some() && self.method.is_some();
        let changed = (chosen && before.method != self.method).then_some(PublicEvent::Change);
        let new = self.on & !before.on;
        *before = Self {
            // Ready once is ready.
            on: self.on | before.on & PublicEvent::Ready.bit(),
            ..self
        };
        let told = PublicEvent::OF_STATES.into_iter();
        changed
            .into_iter()
            .chain(told.filter(move |event| new & event.bit() != 0))
    }
}

fn outcome(session: &Session) -> Option<PublicEvent> {
    let result = session.result.as_ref();
    let charge = result.and_then(|result| result.charge.as_ref());
    match session.status {
        SessionStatus::WaitingForDeposit => Some(PublicEvent::Pending),
        SessionStatus::Paid => Some(PublicEvent::Success),
        // Registered is registered; the event says what became of the first charge.
        SessionStatus::Registered | SessionStatus::Active => {
            Some(match charge.map(|charge| charge.status) {
                Some(ChargeStatus::Pending | ChargeStatus::Unknown) => PublicEvent::Pending,
                Some(ChargeStatus::Succeeded | ChargeStatus::Declined) | None => {
                    PublicEvent::Success
                }
            })
        }
        SessionStatus::Expired => Some(PublicEvent::Fail),
        // Cancelled by the shop, which knows; the others are no outcomes.
        _ => None,
    }
}

/// What went wrong, where something did.
pub fn code(state: &State) -> Option<&str> {
    Some(match state {
        State::Checkout(form) if matches!(form.sdk, Sdk::Failed(_)) => "CHECKOUT_SDK_NOT_LOADED",
        State::Outcome(session, _) if session.status == SessionStatus::Expired => {
            codes::SESSION_EXPIRED
        }
        State::Failed(_, code, _) => code.as_str(),
        State::Refused(_, refusal) => refusal.code(),
        State::Unreachable(..) => "CHECKOUT_UNREACHABLE",
        State::Undelivered(..) => "CHECKOUT_UNDELIVERED",
        State::NotFound => codes::SESSION_NOT_FOUND,
        State::Misconfigured(_) => "CHECKOUT_MISCONFIGURED",
        State::Loading(_)
        | State::Checkout(_)
        | State::Delivering(..)
        | State::LookingUp(..)
        | State::Outcome(..)
        | State::Reversed(_) => return None,
    })
}

/// What an event carries: what a shop's statistics need, and nothing that opens anything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// What the session is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<SessionKind>,
    /// The session's state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<SessionStatus>,
    /// The payment's, or that of a registration's first charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// What is being bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_name: Option<String>,
    /// What the buyer chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// What became of the first charge of a registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge: Option<ChargeStatus>,
    /// In units of the currency: 15000, or 12.5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<DecimalAmount>,
    /// What the amount is counted in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What went wrong: Toss's code, or one that begins with `CHECKOUT_`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl Detail {
    /// What there is to tell of a state.
    pub fn of(state: &State) -> Self {
        let code = code(state).map(str::to_owned);
        let Some(session) = state.session() else {
            return Self {
                code,
                ..Self::default()
            };
        };
        let result = session.result.as_ref();
        let charge = result.and_then(|result| result.charge.as_ref());
        let amount = session.amount.or(session.plan.map(|plan| plan.amount));
        Self {
            kind: Some(session.kind),
            status: Some(session.status),
            order_id: session
                .order_id
                .clone()
                .or_else(|| charge.map(|charge| charge.order_id.clone())),
            order_name: Some(session.order_name.clone()),
            method: match state {
                State::Checkout(form) => Some(form.method),
                _ => result.and_then(|result| result.method),
            },
            charge: charge.map(|charge| charge.status),
            amount: amount.map(Amount::decimal),
            currency: amount.map(Amount::currency),
            code,
        }
    }
}
