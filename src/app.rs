//! The page: what is said aloud, and one screen.
#![expect(unreachable_pub, reason = "`#[component]` writes public items")]

use std::any::Any;

use leptos::{mount::mount_to, prelude::*};
use toss_checkout_contract::SessionStatus;
use web_sys::HtmlElement;

use crate::{
    components::Page,
    crash::LastWords,
    flow::State,
    i18n::Messages,
    mounted::Mounted,
    pages::{CheckoutPage, DepositPage, InfoPage, LoadingPage, announcement},
    platform::document,
    public_events::{Detail, PREFIX, PublicEvent},
    runtime::Dispatcher,
    screen::screen,
};

/// Shows the page of this dispatcher in `host`.
pub(crate) fn show(host: HtmlElement, dispatcher: Dispatcher) -> Mounted {
    let words = LastWords {
        text: |lang| {
            let text = Messages::of_lang(lang);
            [text.crashed, text.crashed_hint, text.reload]
        },
        tell: |page| {
            let detail = Detail {
                code: Some("CHECKOUT_CRASHED".to_owned()),
                ..Detail::default()
            };
            document::tell(page, &[PREFIX, PublicEvent::Error.name()].concat(), &detail);
        },
    };
    let page = dispatcher.clone();
    let draw = move |host| {
        let shown = page.clone();
        let handle = mount_to(host, move || view! { <App dispatcher=shown /> });
        page.drawn();
        Box::new(handle) as Box<dyn Any>
    };
    Mounted::new(host, words, draw, move || dispatcher.end())
}

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
