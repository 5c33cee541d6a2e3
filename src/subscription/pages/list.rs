//! All subscriptions of a customer.

use leptos::prelude::*;
use toss_checkout_contract::CustomerSubscription;

use super::{
    super::{
        context::Page,
        flow::Event,
        words::{BROWSER, standing},
    },
    parts::price_text,
};
use crate::{components::LinkButton, screen::Tone};

/// One line for each; none says that there are none.
#[component]
pub(crate) fn ListPage(
    /// What is listed.
    subscriptions: Vec<CustomerSubscription>,
) -> impl IntoView {
    let page = Page::get();
    let text = page.text;
    let none = subscriptions.is_empty().then(|| {
        view! {
            <p class="lead" part="lead">
                {text.none_hint}
            </p>
        }
    });
    let heading = if subscriptions.is_empty() {
        text.none
    } else {
        text.mine
    };
    let lines = subscriptions.into_iter().map(|it| line(page, &it));
    let shop = page.shop().map(|href| {
        view! { <LinkButton label=text.back_to_shop href primary=false /> }
    });
    view! {
        <div class="page" part="page" role=page.role()>
            <div class="result" part="result">
                {test_mode(page)}
                <h1 tabindex="-1">{heading}</h1>
                {none}
                <ul class="subscriptions">{lines.collect_view()}</ul>
            </div>
            <div class="ways">{shop}</div>
        </div>
    }
}

/// Says that no money moves.
pub(super) fn test_mode(page: Page) -> Option<impl IntoView> {
    let is_test = page.state.with_untracked(|state| match state {
        super::super::flow::State::Shown(shown) => shown.test_mode,
        _ => false,
    });
    is_test.then(|| {
        view! {
            <p class="test-mode" part="test-mode">
                {page.text.test_mode}
            </p>
        }
    })
}

fn line(page: Page, subscription: &CustomerSubscription) -> impl IntoView + use<> {
    let stands = standing(subscription, page.text, BROWSER);
    let trouble = stands.as_ref().is_some_and(|it| it.tone == Tone::Trouble);
    let stands = stands.map(|stands| {
        let class = if trouble { "stands trouble" } else { "stands" };
        view! { <span class=class>{stands.heading}</span> }
    });
    let id = subscription.id.clone();
    let open = move |_| page.dispatch(Event::Open(id.clone()));
    view! {
        <li>
            <button type="button" class="subscription" part="subscription" on:click=open>
                <span class="name">{subscription.order_name.clone()}</span>
                <span class="hint">{price_text(page, &subscription.price)}</span>
                {stands}
            </button>
        </li>
    }
}
