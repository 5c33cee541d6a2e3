//! Buttons, and links that look like them.

use leptos::prelude::*;

/// The look of a button.
fn class(primary: bool) -> &'static str {
    if primary {
        "button primary"
    } else {
        "button secondary"
    }
}

/// A button that does something.
#[component]
pub(crate) fn Button(
    /// The words.
    label: &'static str,
    /// Whether it is the main one of its screen.
    primary: bool,
    /// What it does.
    on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=class(primary)
            part=class(primary)
            on:click=move |_| on_press.run(())
        >
            {label}
        </button>
    }
}

/// A link.
#[component]
pub(crate) fn LinkButton(
    /// The words.
    label: &'static str,
    /// Where it leads.
    href: String,
    /// Whether it is the main one of its screen.
    primary: bool,
) -> impl IntoView {
    view! {
        <a class=class(primary) part=class(primary) href=href>
            {label}
        </a>
    }
}
