//! The code, for whoever helps the buyer.

use leptos::prelude::*;

use super::Page;
use crate::screen::Code;

/// The code, and the parameter of the address at fault.
#[component]
pub(crate) fn SmallPrint(
    /// What to show.
    code: Code,
) -> impl IntoView {
    let field = code.field.map(|field| {
        view! {
            " · "
            <code>{field}</code>
        }
    });
    view! {
        <p class="code" part="code">
            {Page::get().text().code}
            " "
            <code>{code.code}</code>
            {field}
        </p>
    }
}
