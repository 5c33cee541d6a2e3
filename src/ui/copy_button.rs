//! Puts a text on the clipboard and says so.

use leptos::prelude::*;

use super::{el, live_text};
use crate::{browser, effects::spawn, text::Text};

/// A button that copies `value`; the outcome is announced beside it.
pub(crate) fn copy_button(value: String, text: &'static Text) -> Vec<AnyView> {
    let (outcome, set_outcome) = signal("");
    let copy = move |_| {
        let value = value.clone();
        spawn(async move {
            let copied = browser::copy(&value).await;
            let said = if copied {
                text.copied
            } else {
                text.copy_failed
            };
            // The screen may be gone by now.
            let _ = set_outcome.try_set(said);
        });
    };
    let button = el("button", "button secondary")
        .attr("type", "button")
        .on("click", copy)
        .text(text.copy_account);
    let said = el("p", "said")
        .attr("role", "status")
        .child(live_text(move || outcome.get().to_owned()));
    vec![button.view(), said.view()]
}
