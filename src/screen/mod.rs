//! Screens that only tell something, as data: a mark, a heading, what is said, and what can be
//! pressed. Pure; one component draws them all.

mod failure;
mod outcome;
mod parts;
mod working;

use toss_checkout_contract::{KeyMode, Session, SessionStatus};

pub use parts::{Action, Code, Fact, Mark, Part, Screen, Tone, Value};

use crate::{
    flow::{State, Wait, When},
    i18n::Messages,
};

/// What every screen may need beside the state.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The sentences.
    pub messages: &'static Messages,
    /// Where the buyer finds help, where the merchant says so.
    pub support_url: Option<&'a str>,
}

/// The screen of a state; `None` for those that have a page of their own: the skeleton, the form, and
/// an account that waits for its deposit.
pub fn screen(state: &State, around: Surroundings<'_>) -> Option<Screen> {
    Some(match state {
        State::Loading(_) | State::Checkout(_) | State::Reversed(_) => return None,
        State::Delivering(_, keys) => working::delivering(keys, around),
        State::LookingUp(session, wait) => working::looking_up(session, *wait, around),
        State::Unreachable(_, error) => working::unreachable(error, around),
        State::Undelivered(_, _, error) => working::undelivered(error, around),
        State::Outcome(session, when) => return of_outcome(session, *when, around),
        State::Failed(session, code, at) => failure::failed(session, code, *at, around),
        State::Refused(session, refusal) => failure::refused(session, refusal, around),
        State::NotFound => failure::not_found(around),
        State::Misconfigured(what) => failure::misconfigured(what, around),
    })
}

fn of_outcome(session: &Session, when: When, around: Surroundings<'_>) -> Option<Screen> {
    match session.status {
        SessionStatus::WaitingForDeposit => None,
        SessionStatus::Registered | SessionStatus::Active => {
            Some(outcome::registered(session, when, around))
        }
        SessionStatus::Paid => Some(outcome::paid(session, when, around)),
        SessionStatus::Canceled | SessionStatus::PartiallyCanceled | SessionStatus::Expired => {
            Some(outcome::over(session, around))
        }
        // Not outcomes; the state machine keeps them apart.
        SessionStatus::Open
        | SessionStatus::Authenticated
        | SessionStatus::Confirming
        | SessionStatus::Issuing
        | SessionStatus::Failed
        | SessionStatus::Unknown => Some(working::looking_up(session, Wait::Short, around)),
    }
}

impl Surroundings<'_> {
    /// The way to help, where the merchant names one.
    fn help(self, primary: bool) -> Option<Action> {
        let href = self.support_url?.to_owned();
        Some(Action::Link {
            label: self.messages.help,
            href,
            primary,
        })
    }

    /// The way back to the shop, where the session names one.
    pub(crate) fn shop(self, session: &Session, primary: bool) -> Option<Action> {
        Some(Action::Link {
            label: self.messages.back_to_shop,
            href: shop_url(session)?.to_owned(),
            primary,
        })
    }
}

/// Says that no money moves, where that is so.
fn test_mode(session: &Session) -> Option<Part> {
    let is_test = session.client_key.mode() == KeyMode::Test;
    is_test.then_some(Part::TestMode)
}

/// Where the shop is. Anything but an address of the web, such as `javascript:`, is no way back.
pub fn shop_url(session: &Session) -> Option<&str> {
    let href = session.return_url.as_deref()?;
    (href.starts_with("https://") || href.starts_with("http://")).then_some(href)
}

#[cfg(test)]
mod tests;
