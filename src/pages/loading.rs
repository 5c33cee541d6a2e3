//! The session is being read: the skeleton of the form.

use leptos::prelude::*;

use crate::components::Page;

// In a list, since `view!` sets elements without anything in braces by `innerHTML`, which a page that
// enforces Trusted Types refuses.
const BONES: [&str; 4] = ["bone title", "bone price", "bone choice", "bone choice"];

/// Boxes in the form's shape. Boxes without words do not count as painted, neither for browsers nor for
/// people.
#[component]
pub(crate) fn LoadingPage() -> impl IntoView {
    let page = Page::get();
    let text = page.text();
    view! {
        <div class="page" part="page" role=page.role() aria-busy="true">
            <div class="skeleton" aria-hidden="true">
                <p class="note">
                    {text.loading}
                </p>
                {BONES.map(|class| view! { <div class=class></div> }).collect_view()}
            </div>
            <h1 class="visually-hidden">
                {text.loading}
            </h1>
        </div>
    }
}
