//! Puts a text on the clipboard and says so.

use super::{El, el};
use crate::{
    browser,
    effects::{Page, spawn},
    text::Text,
};

/// Adds a button that copies `value`; the outcome is announced below it.
pub(crate) fn copy_button(page: &Page, to: &El, value: &str, text: &'static Text) {
    let said = el("p", "said").attr("role", "status");
    let (value, outcome) = (value.to_owned(), said.clone());
    let copy = move || {
        let (value, outcome) = (value.clone(), outcome.clone());
        spawn(async move {
            let copied = browser::copy(&value).await.is_ok();
            outcome.say(if copied {
                text.copied
            } else {
                text.copy_failed
            });
        });
    };
    let button = el("button", "button secondary")
        .attr("type", "button")
        .on(page, "click", copy)
        .text(text.copy_account);
    to.put(button);
    to.put(said);
}
