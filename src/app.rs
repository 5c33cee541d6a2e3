//! The page: what is said aloud, and one screen.
#![expect(unreachable_pub, reason = "`#[component]` writes public items")]

use leptos::prelude::*;
use toss_checkout_contract::SessionStatus;

use crate::{
    components::Page,
    flow::State,
    pages::{CheckoutPage, DepositPage, InfoPage, LoadingPage, announcement},
    runtime::Dispatcher,
    screen::screen,
};

/// The page as Leptos mounts it.
#[component]
pub(crate) fn App(
    /// The running page.
    dispatcher: Dispatcher,
) -> impl IntoView {
    let page = Page::provide(dispatcher);
    // The only live region, so that nothing is said twice.
    view! {
        <p class="visually-hidden" role="status">
            {move || announced(page)}
        </p>
        {move || {
            page.shown.track();
            page.state.with_untracked(|state| view_of(state, page))
        }}
    }
}

fn view_of(state: &State, page: Page) -> AnyView {
    match state {
        State::Loading(_) => view! { <LoadingPage /> }.into_any(),
        State::Checkout(form) => {
            let session = form.session.clone();
            view! { <CheckoutPage session /> }.into_any()
        }
        State::Reversed(session) => {
            let session = session.clone();
            view! { <DepositPage session reversed=true /> }.into_any()
        }
        State::Outcome(session, _) if session.status == SessionStatus::WaitingForDeposit => {
            let session = session.clone();
            view! { <DepositPage session reversed=false /> }.into_any()
        }
        state => {
            let screen = page.surroundings(|around| screen(state, around));
            screen
                .map(|screen| view! { <InfoPage screen /> })
                .into_any()
        }
    }
}

/// What a screen reader is told beyond the headings, which take the focus.
fn announced(page: Page) -> Option<&'static str> {
    let done = page.announced.get();
    if done.is_some() {
        return done;
    }
    let text = page.messages.get();
    page.state.with(|state| match state {
        State::Loading(_) => Some(text.loading),
        State::Checkout(form) => announcement(form, text),
        State::Reversed(_) => Some(text.reversed),
        _ => None,
    })
}
