//! What makes the page draw another screen.

use std::mem::{Discriminant, discriminant};

use toss_checkout_contract::Locale;

use crate::flow::{State, Wait};

/// What is drawn: which screen, in which language, of which revision of the session. The form counts as
/// one drawing whatever the buyer does in it, so that focus and choice are not lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    screen: Discriminant<State>,
    has_waited_long: bool,
    revision: u64,
    locale: Locale,
}

impl Shown {
    pub(crate) fn of(state: &State, locale: Locale) -> Self {
        Self {
            screen: discriminant(state),
            has_waited_long: matches!(state, State::LookingUp(_, Wait::Long)),
            revision: state.session().map_or(0, |session| session.revision),
            locale,
        }
    }
}
