//! Test keys.

use leptos::prelude::*;

use super::Page;

/// Says that no money moves.
#[component]
pub(crate) fn TestMode() -> impl IntoView {
    view! {
        <p class="test-mode" part="test-mode">
            {Page::get().text().test_mode}
        </p>
    }
}
