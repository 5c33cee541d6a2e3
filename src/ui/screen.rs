//! What every screen but the form is made of: a mark, a heading, a sentence, facts, and one action.

use leptos::prelude::*;
use toss_checkout_contract::Session;

use super::el;
use crate::{effects::Page, flow::Event, text::Text};

/// The mark above a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Done.
    Done,
    /// The buyer has something to do.
    Waiting,
    /// It did not work.
    Failed,
    /// Under way.
    Busy,
}

/// A screen.
#[derive(Debug)]
pub(crate) struct Screen {
    /// Above the heading.
    pub(crate) mark: Mark,
    /// Says it all.
    pub(crate) heading: &'static str,
    /// Says it in a sentence.
    pub(crate) lead: Option<&'static str>,
    /// Facts and parts below.
    pub(crate) body: Vec<AnyView>,
    /// Buttons and links, the main one first.
    pub(crate) actions: Vec<AnyView>,
}

impl Screen {
    /// The view. Its heading can take the focus, so that a screen reader begins there.
    pub(crate) fn view(self) -> AnyView {
        let mark = match self.mark {
            Mark::Done => "mark done",
            Mark::Waiting => "mark waiting",
            Mark::Failed => "mark failed",
            Mark::Busy => "mark busy",
        };
        let result = el("div", "result")
            .child(el("div", mark).attr("aria-hidden", "true").view())
            .child(
                el("h1", "")
                    .attr("tabindex", "-1")
                    .text(self.heading)
                    .view(),
            )
            .children(self.lead.map(|lead| el("p", "lead").text(lead).view()))
            .children(self.body);
        el("main", "page")
            .child(result.view())
            .child(el("div", "actions").children(self.actions).view())
            .view()
    }
}

/// A list of facts.
pub(crate) fn details(rows: Vec<AnyView>) -> AnyView {
    el("dl", "details").children(rows).view()
}

/// A fact: name on the left, words on the right.
pub(crate) fn row(name: &'static str, words: impl Into<String>) -> AnyView {
    row_of(name, vec![super::text(words)])
}

/// A fact whose value is more than words.
pub(crate) fn row_of(name: &'static str, value: Vec<AnyView>) -> AnyView {
    el("div", "row")
        .child(el("dt", "").text(name).view())
        .child(el("dd", "").children(value).view())
        .view()
}

fn class(main: bool) -> &'static str {
    if main {
        "button primary"
    } else {
        "button secondary"
    }
}

/// A button that tells the state machine something. A screen has one main one.
pub(crate) fn button(page: Page, label: &'static str, event: Event, main: bool) -> AnyView {
    el("button", class(main))
        .attr("type", "button")
        .on("click", move |_| page.dispatch(event.clone()))
        .text(label)
        .view()
}

/// A link that looks like a button.
pub(crate) fn link(label: &'static str, href: String, main: bool) -> AnyView {
    el("a", class(main)).attr("href", href).text(label).view()
}

/// The way back to the shop, where the session names one.
pub(crate) fn shop_link(session: &Session, text: &'static Text, main: bool) -> Option<AnyView> {
    let href = session.return_url.clone()?;
    // Anything but an address of the web, such as `javascript:`, is no way back.
    (href.starts_with("https://") || href.starts_with("http://"))
        .then(|| link(text.back_to_shop, href, main))
}
