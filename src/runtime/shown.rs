//! What makes the page draw another screen.

use toss_checkout_contract::Locale;

use crate::flow::{State, Wait};

/// What is drawn: which screen, in which language, of which revision of the session. The form counts as
/// one drawing whatever the buyer does in it, so that focus and choice are not lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    screen: u8,
    revision: u64,
    locale: Locale,
}

impl Shown {
    pub(crate) fn of(state: &State, locale: Locale) -> Self {
        Self {
            screen: match state {
                State::Loading(_) => 0,
                State::Unreachable(..) => 1,
                State::Checkout(_) => 2,
                State::Delivering(..) => 3,
                State::Undelivered(..) => 4,
                State::LookingUp(_, Wait::Short) => 5,
                State::LookingUp(_, Wait::Long) => 6,
                State::Outcome(..) => 7,
                State::Reversed(_) => 8,
                State::Failed(..) => 9,
                State::Refused(..) => 10,
                State::NotFound => 11,
                State::Misconfigured(_) => 12,
            },
            revision: state.session().map_or(0, |session| session.revision),
            locale,
        }
    }
}
