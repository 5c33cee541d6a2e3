//! One file per screen; [`app`] chooses.

mod billing_done;
mod checkout;
mod deposit;
mod failed;
mod misconfigured;
mod working;

pub(crate) use checkout::CONSENT;

use std::{cell::RefCell, rc::Rc};

use leptos::{
    prelude::*,
    tachys::view::{Mountable, Render},
};
use toss_checkout_contract::{KeyMode, Session, SessionStatus};
use web_sys::{Element, Node};

use crate::{
    browser::{self, Options},
    effects::{Page, spawn},
    flow::{Landing, Notice, Patience, Sdk, State, When},
    text::Text,
    ui::{El, Screen, el},
};

/// The page as Leptos mounts it: what is said aloud, and one screen.
pub(crate) struct App {
    page: Page,
    host: Option<El>,
    draws: Rc<RefCell<Option<RenderEffect<()>>>>,
}

impl App {
    /// Begins.
    pub(crate) fn start(host: Element, options: Options, text: &'static Text) -> Self {
        Self::of(Page::start(host, options, text))
    }

    /// Shows a page that has begun.
    pub(crate) fn of(page: Page) -> Self {
        Self {
            page,
            host: None,
            draws: Rc::default(),
        }
    }
}

impl Render for App {
    type State = Self;

    fn build(self) -> Self {
        self
    }

    fn rebuild(self, state: &mut Self) {
        *state = self;
    }
}

impl Mountable for App {
    fn mount(&mut self, parent: &Element, _: Option<&Node>) {
        let host = El::of(parent.clone());
        let (page, draws) = (self.page.clone(), Rc::downgrade(&self.draws));
        self.host = Some(host.clone());
        // After what the page has begun with: keys leave first, and a session that is there already is
        // what is drawn first.
        spawn(async move {
            // It only ever resolves.
            let _ = browser::sleep(0).await;
            // It may have been taken away meanwhile.
            if let Some(draws) = draws.upgrade() {
                draws.replace(Some(draw(&page, &host)));
            }
        });
    }

    fn unmount(&mut self) {
        self.page.end();
        self.draws.take();
        if let Some(host) = self.host.take() {
            browser::clear(host.element());
        }
    }

    /// It has its host for itself.
    fn insert_before_this(&self, _: &mut dyn Mountable) -> bool {
        false
    }

    fn elements(&self) -> Vec<Element> {
        self.host
            .iter()
            .map(|host| host.element().clone())
            .collect()
    }
}

/// A screen, and what keeps it up to date while it is shown, where it changes.
type Drawn = (El, Option<RenderEffect<()>>);

/// Draws in `host` what the page's state says, and again whenever it becomes another screen. The form
/// stays as it is while its parts change, so that focus and choice are not lost.
fn draw(page: &Page, host: &El) -> RenderEffect<()> {
    let (page, host) = (page.clone(), host.clone());
    let status = el("p", "visually-hidden").attr("role", "status");
    let mut drawn_as = None;
    let mut shown = false;
    // Until there is something to draw, what was there before stays.
    let mut drawn: Option<Drawn> = None;
    RenderEffect::new(move |_| {
        page.state().with(|state| {
            let text = page.text();
            status.say(announcement(state, text));
            let is_late = !text.is_whole() && needs_whole_text(state);
            if is_late && !page.text_is_late() {
                page.fetch_whole_text();
                return;
            }
            if !text.is_whole() && will_need_whole_text(state) {
                page.fetch_whole_text();
            }
            let drawing = if is_late {
                (TEXT_IS_LATE, 0)
            } else {
                drawing(state)
            };
            if drawn_as.replace(drawing) != Some(drawing) {
                browser::speak(host.element(), text.lang());
                let next = if is_late {
                    (working::text_is_late(&page, text), None)
                } else {
                    show(&page, state, text)
                };
                browser::place(host.element(), next.0.element());
                if let Some((old, _)) = &drawn {
                    old.replace(&next.0);
                } else {
                    browser::clear(host.element());
                    host.put(status.clone());
                    host.put(next.0.clone());
                }
                drawn = Some(next);
                // A new screen is read from its heading on, but for an error. The form that comes first takes
                // the focus from nobody.
                let focused = match state {
                    State::Loading(_) => None,
                    State::Checkout(form) if form.held.is_some() => Some(CONSENT),
                    State::Checkout(_) if !shown => None,
                    _ => Some("h1"),
                };
                shown |= !matches!(state, State::Loading(_));
                if let Some(focused) = focused {
                    browser::focus(host.element(), focused);
                }
            }
        });
    })
}

/// Whether a screen says more than the first file of sentences holds.
fn needs_whole_text(state: &State) -> bool {
    !matches!(
        state,
        State::Loading(_)
            | State::Checkout(_)
            | State::Delivering(..)
            | State::Unreachable(..)
            | State::Undelivered(..)
    )
}

/// Whether the next screen will, as far as can be said.
fn will_need_whole_text(state: &State) -> bool {
    match state {
        State::Delivering(..) => true,
        State::Loading(landing) => !matches!(landing, Landing::Form),
        _ => false,
    }
}

/// What [`drawing`] answers for no state.
const TEXT_IS_LATE: u8 = 13;

/// Names what is drawn: which screen, and of which revision of the session. The form counts as one
/// drawing whatever the buyer does in it.
fn drawing(state: &State) -> (u8, u64) {
    let screen = match state {
        State::Loading(_) => 0,
        State::Unreachable(..) => 1,
        State::Checkout(_) => 2,
        State::Delivering(..) => 3,
        State::Undelivered(..) => 4,
        State::LookingUp(_, Patience::Short) => 5,
        State::LookingUp(_, Patience::Long) => 11,
        State::Outcome(..) => 6,
        State::Reversed(_) => 12,
        State::Failed(..) => 7,
        State::Refused(..) => 8,
        State::NotFound => 9,
        State::Misconfigured(_) => 10,
    };
    (
        screen,
        state.session().map_or(0, |session| session.revision),
    )
}

fn show(page: &Page, state: &State, text: &'static Text) -> Drawn {
    let screen = match state {
        State::Loading(_) => working::loading(text),
        State::Delivering(_, keys) => working::delivering(keys, text),
        State::LookingUp(session, patience) => working::looking_up(page, session, *patience, text),
        State::Unreachable(_, trouble) => working::unreachable(page, trouble, text),
        State::Undelivered(_, _, trouble) => working::undelivered(page, trouble, text),
        State::Checkout(form) => {
            let (screen, follow) = checkout::checkout(page, &form.session, text);
            return (screen, Some(follow));
        }
        State::Outcome(session, when) => outcome(page, session, *when, text),
        State::Reversed(session) => deposit::waiting(page, session, true, text),
        State::Failed(session, code, at) => failed::failed(page, session, code, *at, text),
        State::Refused(session, refusal) => failed::refused(page, session, refusal, text),
        State::NotFound => failed::not_found(page, text),
        State::Misconfigured(what) => misconfigured::misconfigured(page, what, text),
    };
    (screen, None)
}

fn outcome(page: &Page, session: &Session, when: When, text: &'static Text) -> El {
    match session.status {
        SessionStatus::Registered | SessionStatus::Active => {
            billing_done::done(session, when, text)
        }
        SessionStatus::WaitingForDeposit => deposit::waiting(page, session, false, text),
        SessionStatus::Paid => deposit::paid(session, when, text),
        SessionStatus::Canceled | SessionStatus::PartiallyCanceled | SessionStatus::Expired => {
            deposit::over(page, session, text)
        }
        // Not outcomes; the state machine keeps them apart.
        SessionStatus::Open
        | SessionStatus::Authenticated
        | SessionStatus::Confirming
        | SessionStatus::Issuing
        | SessionStatus::Failed
        | SessionStatus::Unknown => working::looking_up(page, session, Patience::Short, text),
    }
}

/// What a screen reader is told beyond the headings, which take the focus.
fn announcement(state: &State, text: &Text) -> &'static str {
    match state {
        State::Loading(_) => text.loading(),
        State::Checkout(checkout) => match (&checkout.notice, &checkout.sdk) {
            _ if checkout.opening => text.window_open(),
            (Some(Notice::Canceled), _) => text.canceled_notice(),
            (Some(Notice::ConsentMissing), _) => text.consent_missing(),
            (None, Sdk::Failed(error)) => checkout::not_loaded(error, text),
            (None, Sdk::Loading | Sdk::Ready) => "",
        },
        State::Reversed(_) => text.reversed(),
        _ => "",
    }
}

/// Says that nothing is left to be done, where the buyer opened what was done before.
fn done_before(screen: &Screen, when: When, text: &Text) {
    if when == When::Before {
        screen.lead(text.done_before());
    }
}

/// Says that no money moves, where that is so.
fn test_mark(to: &El, session: &Session, text: &Text) {
    if session.client_key.mode() == KeyMode::Test {
        to.put(el("p", "test-mode").text(text.test_mode()));
    }
}
