//! The page cannot work. A sentence for the buyer, the fix for the merchant's developer.

use super::working::help;
use crate::{
    config::Misconfiguration,
    effects::Page,
    join::join,
    text::Text,
    ui::{El, Mark, Screen, el},
};

/// Says what is wrong and how to mend it.
pub(crate) fn misconfigured(page: &Page, what: &Misconfiguration, text: &Text) -> El {
    let fix = what.fix(text);
    leptos::leptos_dom::logging::console_error(&join(&["toss-checkout: ", &fix]));
    let for_developers = el("section", "developers")
        .child(el("h2", "").text(text.for_developers()))
        .child(el("p", "").attr("lang", "en").text(&fix));
    let screen = Screen::new(Mark::Failed, text.misconfigured());
    screen.lead(text.misconfigured_hint());
    screen.body(for_developers);
    screen.action(help(page, text, true));
    screen.done()
}
