//! The page: what is said aloud, and one screen.

use std::any::Any;

use leptos::{mount::mount_to, prelude::*};
use toss_checkout_contract::CustomerSubscription;
use web_sys::HtmlElement;

use super::{
    context::Page,
    dispatcher::{Dispatcher, tell_crash},
    flow::{Busy, Fault, Notice, Place, State},
    pages::{CancelPage, FaultPage, ListPage, LoadingPage, SummaryPage},
    texts::Texts,
};
use crate::{crash::LastWords, mounted::Mounted};

/// Shows the page of this dispatcher in `host`.
pub(super) fn show(host: HtmlElement, dispatcher: Dispatcher) -> Mounted {
    let words = LastWords {
        text: |lang| {
            let text = Texts::of_lang(lang);
            [text.crashed, text.crashed_hint, text.reload]
        },
        tell: tell_crash,
    };
    let page = dispatcher.clone();
    let draw = move |host| {
        let handle = mount_to(host, move || view! { <App dispatcher=page /> });
        Box::new(handle) as Box<dyn Any>
    };
    Mounted::new(host, words, draw, move || dispatcher.end())
}

/// What another screen is drawn for. What is under way and the payments change within one.
#[derive(Debug, Clone, PartialEq)]
enum Drawn {
    Loading,
    Failed(Fault),
    Shown {
        subscriptions: Vec<CustomerSubscription>,
        place: Place,
        notice: Option<Notice>,
    },
}

impl Drawn {
    fn of(state: &State) -> Self {
        match state {
            State::Loading => Self::Loading,
            State::Failed(fault) => Self::Failed(fault.clone()),
            State::Shown(shown) => Self::Shown {
                subscriptions: shown.subscriptions.clone(),
                place: shown.place.clone(),
                notice: shown.notice,
            },
        }
    }
}

/// The page as Leptos mounts it.
#[component]
fn App(
    /// The running page.
    dispatcher: Dispatcher,
) -> impl IntoView {
    let page = Page::provide(dispatcher);
    let drawn = Memo::new(move |_| page.state.with(Drawn::of));
    // The only live region, so that nothing is said twice: what came of something takes the focus.
    view! {
        <p class="visually-hidden" role="status">
            {move || page.busy().map(|busy| under_way(busy, page.text))}
        </p>
        {move || drawn.with(view_of)}
    }
}

fn view_of(drawn: &Drawn) -> AnyView {
    let (subscriptions, place, notice) = match drawn {
        Drawn::Loading => return view! { <LoadingPage /> }.into_any(),
        Drawn::Failed(fault) => {
            let fault = fault.clone();
            return view! { <FaultPage fault /> }.into_any();
        }
        Drawn::Shown {
            subscriptions,
            place,
            notice,
        } => (subscriptions, place, *notice),
    };
    let current = place.id().and_then(|id| {
        let mut all = subscriptions.iter();
        all.find(|subscription| subscription.id == id).cloned()
    });
    let several = subscriptions.len() > 1;
    match (place, current) {
        (Place::Subscription(_), Some(subscription)) => {
            view! { <SummaryPage subscription notice several /> }.into_any()
        }
        (Place::Cancel(_), Some(subscription)) if subscription.cancel.is_some() => {
            view! { <CancelPage subscription /> }.into_any()
        }
        // Canceled meanwhile, by the shop perhaps.
        (Place::Cancel(_), Some(subscription)) => {
            view! { <SummaryPage subscription notice several /> }.into_any()
        }
        _ => {
            let subscriptions = subscriptions.clone();
            view! { <ListPage subscriptions /> }.into_any()
        }
    }
}

/// What is under way, in words.
pub(super) fn under_way(busy: Busy, text: &Texts) -> &'static str {
    match busy {
        Busy::Canceling(..) => text.canceling,
        Busy::Uncanceling => text.uncanceling,
        Busy::Paying => text.paying,
        Busy::Agreeing => text.agreeing,
        Busy::ChangingMethod => text.opening,
    }
}
