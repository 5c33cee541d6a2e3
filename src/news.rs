//! What the merchant's own page is told, and when. Pure; the page's effects tell it.

use toss_checkout_contract::{ChargeStatus, Method, Session, SessionStatus, codes};

use crate::flow::{Notice, Sdk, State};

/// Something that the merchant's page may want to know: the event `toss-checkout:NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
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

impl News {
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

/// What of a state matters to the news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// The news that are so, a bit each.
    on: u16,
    method: Option<Method>,
}

impl Seen {
    /// Looks at a state.
    pub fn of(state: &State) -> Self {
        let mut seen = Self::default();
        let mut see = |news: News, is_so: bool| {
            if is_so {
                seen.on |= news.bit();
            }
        };
        match state {
            State::Loading(_) => {}
            State::Checkout(form) => {
                see(News::Ready, form.sdk == Sdk::Ready);
                see(News::Submit, form.opening);
                see(News::Cancel, form.notice == Some(Notice::Canceled));
                see(News::Error, matches!(form.sdk, Sdk::Failed(_)));
                seen.method = Some(form.method);
            }
            State::Delivering(..) | State::LookingUp(..) => see(News::Pending, true),
            State::Outcome(session, _) | State::Reversed(session) => {
                if let Some(news) = outcome(session) {
                    see(news, true);
                }
            }
            State::Failed(..) | State::Refused(..) => see(News::Fail, true),
            State::Unreachable(..)
            | State::Undelivered(..)
            | State::NotFound
            | State::Misconfigured(_) => see(News::Error, true),
        }
        seen
    }

    /// What is new since `before`, which then becomes this.
    pub fn news_since(self, before: &mut Self) -> impl Iterator<Item = News> + use<> {
        let chosen = before.method.is_some() && self.method.is_some();
        let changed = (chosen && before.method != self.method).then_some(News::Change);
        let new = self.on & !before.on;
        *before = Self {
            // Ready once is ready.
            on: self.on | before.on & News::Ready.bit(),
            ..self
        };
        let told = News::OF_STATES.into_iter();
        changed
            .into_iter()
            .chain(told.filter(move |news| new & news.bit() != 0))
    }
}

fn outcome(session: &Session) -> Option<News> {
    let result = session.result.as_ref();
    let charge = result.and_then(|result| result.charge.as_ref());
    match session.status {
        SessionStatus::WaitingForDeposit => Some(News::Pending),
        SessionStatus::Paid => Some(News::Success),
        // Registered is registered; the event says what became of the first charge.
        SessionStatus::Registered | SessionStatus::Active => {
            Some(match charge.map(|charge| charge.status) {
                Some(ChargeStatus::Pending | ChargeStatus::Unknown) => News::Pending,
                Some(ChargeStatus::Succeeded | ChargeStatus::Declined) | None => News::Success,
            })
        }
        SessionStatus::Expired => Some(News::Fail),
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
        _ => return None,
    })
}
