//! Screens without an outcome yet: under way, or interrupted.

use toss_checkout_contract::Session;

use super::{Action, Mark, Screen, Surroundings};
use crate::flow::{Keys, RequestError, Wait};

/// The keys are on their way.
pub(super) fn delivering(keys: &Keys, around: Surroundings<'_>) -> Screen {
    let text = around.messages;
    let heading = match keys {
        Keys::Confirm(_) => text.delivering_payment,
        Keys::Issue(_) => text.delivering_card,
    };
    Screen::new(Mark::Busy, heading).lead(text.do_not_close)
}

/// The backend has the keys and looks the outcome up.
pub(super) fn looking_up(session: &Session, wait: Wait, around: Surroundings<'_>) -> Screen {
    let text = around.messages;
    let is_long = wait == Wait::Long;
    let lead = if is_long {
        text.looking_up_long
    } else {
        text.looking_up_hint
    };
    Screen::new(Mark::Busy, text.looking_up)
        .lead(lead)
        .offer(around.shop(session, is_long))
        .offer(around.help(false))
}

/// The session could not be read.
pub(super) fn unreachable(error: &RequestError, around: Surroundings<'_>) -> Screen {
    let text = around.messages;
    let (mark, heading, hint) = if *error == RequestError::Offline {
        (Mark::Held, text.offline, text.offline_hint)
    } else {
        (Mark::Failed, text.unreachable, text.unreachable_hint)
    };
    Screen::new(mark, heading)
        .lead(hint)
        .offer([Action::TryAgain(text.try_again)])
        .offer(around.help(false))
}

/// The keys could not be delivered and are kept.
pub(super) fn undelivered(error: &RequestError, around: Surroundings<'_>) -> Screen {
    let text = around.messages;
    let (heading, hint) = if *error == RequestError::Offline {
        (text.offline, text.undelivered_offline)
    } else {
        (text.undelivered, text.undelivered_hint)
    };
    Screen::new(Mark::Held, heading)
        .lead(hint)
        .offer([Action::TryAgain(text.try_again)])
        .offer(around.help(false))
}
