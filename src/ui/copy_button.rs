//! Puts a text on the clipboard and says so.

use leptos::prelude::*;

use super::{Node, el, live};
use crate::{browser, effects::spawn, text::Text};

/// A button that copies `value`; the outcome is announced beside it.
pub(crate) fn copy_button(value: String, text: &'static Text) -> [Node; 2] {
    let outcome = RwSignal::new("");
    let copy = move |_| {
        let value = value.clone();
        spawn(async move {
            let copied = browser::copy(&value).await;
            // The screen may be gone by now.
            let _ = outcome.try_set(if copied {
                text.copied
            } else {
                text.copy_failed
            });
        });
    };
    let button = el("button", "button secondary")
        .attr("type", "button")
        .on("click", copy)
        .text(text.copy_account);
    let said = el("p", "said")
        .attr("role", "status")
        .child(live(move || Node::Text(outcome.get().to_owned())));
    [button.into(), said.into()]
}
