//! Puts a text on the clipboard and says so.

use super::{El, el, screen::class};
use crate::{
    browser,
    effects::{Page, spawn},
};

/// A button that copies `value`, and where the outcome is shown; it is announced, too. `words` are the
/// button's, and what is said when it worked and when it did not.
pub(crate) fn copy_button(
    page: &Page,
    value: &str,
    main: bool,
    words: [&'static str; 3],
) -> (El, El) {
    let [label, done, failed] = words;
    let said = el("p", "said");
    let (value, outcome, host) = (value.to_owned(), said.clone(), page.host().clone());
    let copy = move || {
        let (value, outcome, host) = (value.clone(), outcome.clone(), host.clone());
        spawn(async move {
            let copied = browser::copy(&value).await.is_ok();
            let words = if copied { done } else { failed };
            outcome.say(words);
            browser::announce(&host, words);
        });
    };
    let button = el("button", class(main))
        .attr("type", "button")
        .on(page, "click", copy)
        .text(label);
    (button, said)
}
