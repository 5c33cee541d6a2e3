//! What is shown where nothing can be: while it is read, and why it cannot be.

use leptos::prelude::*;

use super::super::{
    context::Page,
    flow::{Event, Fault},
};
use crate::{
    components::{Button, LinkButton},
    platform::document,
};

// In a list, since `view!` sets elements without anything in braces by `innerHTML`, which a page that
// enforces Trusted Types refuses.
const BONES: [&str; 4] = ["bone title", "bone price", "bone choice", "bone choice"];

/// Boxes in the page's shape.
#[component]
pub(crate) fn LoadingPage() -> impl IntoView {
    let page = Page::get();
    let text = page.text;
    view! {
        <div class="page" part="page" role=page.role() aria-busy="true">
            <div class="skeleton" aria-hidden="true">
                <p class="note">{text.loading}</p>
                {BONES.map(|class| view! { <div class=class></div> }).collect_view()}
            </div>
            <h1 class="visually-hidden" tabindex="-1">
                {text.loading}
            </h1>
        </div>
    }
}

/// Why nothing can be shown, and the one thing to do.
#[component]
pub(crate) fn FaultPage(
    /// Why.
    fault: Fault,
) -> impl IntoView {
    let page = Page::get();
    let text = page.text;
    let (mark, heading, hint) = match &fault {
        Fault::NoLink => ("mark held", text.no_link, text.no_link_hint),
        Fault::LinkEnded => ("mark held", text.link_ended, text.link_ended_hint),
        Fault::Unreachable => ("mark failed", text.unreachable, text.unreachable_hint),
        Fault::Offline => ("mark held", text.offline, text.offline_hint),
        Fault::Misconfigured(_) => ("mark failed", text.misconfigured, text.misconfigured_hint),
    };
    let fix = match &fault {
        Fault::Misconfigured(fix) => Some(view! {
            <section class="developers">
                <p lang="en">{fix.clone()}</p>
            </section>
        }),
        _ => None,
    };
    view! {
        <div class="page" part="page" role=page.role()>
            <div class="result" part="result">
                <div class=mark part=mark aria-hidden="true"></div>
                <h1 tabindex="-1">{heading}</h1>
                <p class="lead" part="lead">
                    {hint}
                </p>
                {fix}
            </div>
            <div class="actions" part="actions">
                {action(page, &fault)}
            </div>
        </div>
    }
}

/// Trying again helps where a connection is missing; otherwise the shop does.
fn action(page: Page, fault: &Fault) -> Option<AnyView> {
    let text = page.text;
    if matches!(fault, Fault::Unreachable | Fault::Offline) {
        let again = page.on_press(Event::TryAgain);
        return Some(
            view! { <Button label=text.try_again primary=true on_press=again /> }.into_any(),
        );
    }
    if let Some(href) = page.shop() {
        let label = text.back_to_shop;
        return Some(view! { <LinkButton label href primary=true /> }.into_any());
    }
    let back = Callback::new(|()| document::go_back());
    document::can_go_back()
        .then(|| view! { <Button label=text.back primary=true on_press=back /> }.into_any())
}
