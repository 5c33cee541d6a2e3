//! Small parts that several screens share.

use leptos::prelude::*;
use toss_checkout_contract::{Locale, Price};

use super::super::{
    context::Page,
    flow::{Busy, Event},
    words::Standing,
};
use crate::{format, screen::Tone};

/// What is paid and how often.
pub(super) fn price(page: Page, price: &Price) -> impl IntoView + use<> {
    let text = page.text;
    let amount = price.amount.map_or_else(
        || text.free.to_owned(),
        |amount| format::money_in(amount, text.locale),
    );
    let interval = text.interval(price);
    view! {
        <strong>{amount}</strong>
        <span class="interval">" · " {interval}</span>
    }
}

/// The same in one piece, for a list.
pub(super) fn price_text(page: Page, price: &Price) -> String {
    let text = page.text;
    let amount = price.amount.map_or_else(
        || text.free.to_owned(),
        |amount| format::money_in(amount, text.locale),
    );
    let interval = text.interval(price);
    let (first, last) = match text.locale {
        Locale::Ko => (&interval, &amount),
        Locale::En => (&amount, &interval),
    };
    [first, " ", last].concat()
}

/// How a subscription stands.
pub(super) fn standing(standing: Standing) -> impl IntoView {
    let says = standing
        .says
        .into_iter()
        .map(|says| view! { <p>{says}</p> });
    let code = standing.code.map(|code| {
        view! {
            <p class="code" part="code">
                <code>{code}</code>
            </p>
        }
    });
    let class = standing.tone.class();
    view! {
        <div class=class part=class>
            <p class="standing">{standing.heading}</p>
            {says.collect_view()}
            {code}
        </div>
    }
}

/// What came of what the customer did. It takes the focus, and so is read out.
pub(super) fn told((tone, says): (Tone, &'static str)) -> impl IntoView {
    let class = tone.class();
    view! {
        <div class=class part=class data-notice="" tabindex="-1">
            <p>{says}</p>
        </div>
    }
}

/// A button that asks for something. While that is under way it says so, and no other can be pressed.
#[component]
pub(crate) fn AskButton(
    /// The words.
    label: &'static str,
    /// The words while it is under way.
    busy_label: &'static str,
    /// Whether it is what is under way.
    is_mine: fn(Busy) -> bool,
    /// How it looks.
    class: &'static str,
    /// What it asks for.
    #[prop(into)]
    event: Signal<Event>,
) -> impl IntoView {
    let page = Page::get();
    let mine = move || page.busy().is_some_and(is_mine);
    view! {
        <button
            type="button"
            class=class
            part=class
            // Not disabled, which would take the focus away from whoever has pressed it.
            aria-disabled=move || page.busy().map(|_| "true")
            on:click=move |_| page.dispatch(event.get_untracked())
        >
            {move || if mine() { busy_label } else { label }}
        </button>
    }
}
