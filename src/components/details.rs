//! Facts: names on the left, values on the right.

use leptos::prelude::*;

/// A list of [`Row`]s.
#[component]
pub(crate) fn Details(children: Children) -> impl IntoView {
    view! {
        <dl class="details" part="details">
            {children()}
        </dl>
    }
}

/// A fact.
#[component]
pub(crate) fn Row(
    /// What it is.
    name: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="row" part="row">
            <dt>{name}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
