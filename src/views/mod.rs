//! One file per screen; [`app`] chooses.

mod billing_done;
mod checkout;
mod deposit;
mod failed;
mod misconfigured;
mod working;

use leptos::{ev, prelude::*};
use toss_checkout_contract::{KeyMode, Session, SessionStatus};
use wasm_bindgen::JsCast;

use crate::{
    effects::Page,
    flow::{Event, Notice, Sdk, State},
    text::Text,
    ui::{Node, Screen, el, live, render},
};

/// The page.
pub(crate) fn app() -> Vec<AnyView> {
    let page = Page::start();
    listen(page);
    let state = page.state();
    // The form stays as it is while its parts change, so that focus and choice are not lost.
    let shown = Memo::new(move |_| state.with(drawing));
    let screen = live(move || {
        // Reading it, not tracking it: only a memo that is read is computed.
        shown.get();
        state.with_untracked(|state| show(page, state))
    });
    let status = live(move || Node::Text(state.with(|state| announcement(page, state)).to_owned()));
    let status = el("p", "visually-hidden")
        .attr("role", "status")
        .child(status);
    vec![render(status.into()), render(screen)]
}

/// Coming back to the tab asks the session again; coming back by the Back button begins anew.
fn listen(page: Page) {
    let shown = window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            page.dispatch(Event::Restored);
        }
    });
    let visible = window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() {
            page.refresh();
        }
    });
    on_cleanup(move || {
        shown.remove();
        visible.remove();
    });
}

/// Names what is drawn: which screen, and of which revision of the session. The form counts as one
/// drawing whatever the buyer does in it.
fn drawing(state: &State) -> (u8, u64) {
    let screen = match state {
        State::Loading(_) => 0,
        State::Unreachable(..) => 1,
        State::Checkout(_) => 2,
        State::Delivering(..) => 3,
        State::Undelivered(..) => 4,
        State::LookingUp(_) => 5,
        State::Outcome(_) => 6,
        State::Failed(..) => 7,
        State::Refused(..) => 8,
        State::NotFound => 9,
        State::Misconfigured(_) => 10,
    };
    (
        screen,
        session_of(state).map_or(0, |session| session.revision),
    )
}

fn show(page: Page, state: &State) -> Node {
    speak(page.text(session_of(state)));
    if !matches!(state, State::Loading(_)) {
        request_animation_frame(focus_heading);
    }
    match state {
        State::Loading(_) => working::loading(page),
        State::Delivering(session, keys) => working::delivering(page, session, keys),
        State::LookingUp(session) => working::looking_up(page, session),
        State::Unreachable(..) => working::unreachable(page),
        State::Undelivered(session, ..) => working::undelivered(page, session),
        State::Checkout(checkout) => checkout::checkout(page, &checkout.session),
        State::Outcome(session) => outcome(page, session),
        State::Failed(session, code) => failed::failed(page, session, code),
        State::Refused(session, refusal) => failed::refused(page, session, refusal),
        State::NotFound => failed::not_found(page),
        State::Misconfigured(what) => misconfigured::misconfigured(page, what),
    }
}

fn outcome(page: Page, session: &Session) -> Node {
    match session.status {
        SessionStatus::Registered | SessionStatus::Active => billing_done::done(page, session),
        SessionStatus::WaitingForDeposit => deposit::waiting(page, session),
        SessionStatus::Paid => deposit::paid(page, session),
        SessionStatus::Canceled | SessionStatus::PartiallyCanceled => {
            deposit::canceled(page, session)
        }
        SessionStatus::Expired => deposit::expired(page, session),
        // Not outcomes; the state machine keeps them apart.
        SessionStatus::Open
        | SessionStatus::Authenticated
        | SessionStatus::Confirming
        | SessionStatus::Issuing
        | SessionStatus::Failed
        | SessionStatus::Unknown => working::looking_up(page, session),
    }
}

fn session_of(state: &State) -> Option<&Session> {
    match state {
        State::Checkout(checkout) => Some(&checkout.session),
        State::Delivering(session, _)
        | State::Undelivered(session, ..)
        | State::LookingUp(session)
        | State::Outcome(session)
        | State::Failed(session, _)
        | State::Refused(session, _) => Some(session),
        State::Loading(_) | State::Unreachable(..) | State::NotFound | State::Misconfigured(_) => {
            None
        }
    }
}

/// What a screen reader is told beyond the headings, which take the focus.
fn announcement(page: Page, state: &State) -> &'static str {
    let text = page.text(session_of(state));
    match state {
        State::Loading(_) => text.loading,
        State::Checkout(checkout) => match (&checkout.notice, &checkout.sdk) {
            _ if checkout.opening => text.window_open,
            (Some(Notice::Canceled), _) => text.canceled_notice,
            (None, Sdk::Failed(_)) => text.sdk_failed,
            (None, Sdk::Loading | Sdk::Ready) => "",
        },
        _ => "",
    }
}

/// The document's language, so that it is read aloud and hyphenated rightly.
fn speak(text: &Text) {
    if let Some(root) = document().document_element() {
        // Fails for an attribute name that is none only.
        let _ = root.set_attribute("lang", text.lang);
    }
}

/// A new screen is read from its heading on.
fn focus_heading() {
    if let Ok(Some(heading)) = document().query_selector("#checkout h1") {
        // A heading that cannot take the focus is still read.
        let _ = heading.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// Says that no money moves, where that is so.
fn test_mark(screen: &mut Screen, session: &Session, text: &Text) {
    if session.client_key.mode() == KeyMode::Test {
        screen.body(el("p", "test-mode").text(text.test_mode));
    }
}
