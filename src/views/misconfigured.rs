//! The page cannot work. A sentence for the buyer, the fix for the merchant's developer.

use leptos::prelude::*;

use crate::{
    config::Misconfiguration,
    effects::Page,
    ui::{Mark, Screen, el, link},
};

/// Says what is wrong and how to mend it.
pub(crate) fn misconfigured(page: Page, what: &Misconfiguration) -> AnyView {
    let text = page.text(None);
    let fix = what.to_string();
    leptos::logging::error!("toss-checkout: {fix}");
    let help = page.support_url().map(|url| link(text.help, url, true));
    let for_developers = el("section", "developers")
        .child(el("h2", "").text(text.for_developers).view())
        .child(el("p", "").attr("lang", "en").text(fix).view());
    Screen {
        mark: Mark::Failed,
        heading: text.misconfigured,
        lead: Some(text.misconfigured_hint),
        body: vec![for_developers.view()],
        actions: help.into_iter().collect(),
    }
    .view()
}
