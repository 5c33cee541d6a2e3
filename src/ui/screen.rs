//! What every screen but the form is made of: a mark, a heading, a sentence, facts, and one action.

use toss_checkout_contract::Session;

use super::{Node, el};
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

/// A screen under construction.
#[must_use]
pub(crate) struct Screen {
    mark: Mark,
    heading: &'static str,
    body: Vec<Node>,
    actions: Vec<Node>,
}

impl Screen {
    /// A screen with a mark and a heading that says it all.
    pub(crate) fn new(mark: Mark, heading: &'static str) -> Self {
        Self {
            mark,
            heading,
            body: Vec::new(),
            actions: Vec::new(),
        }
    }

    /// Says it in a sentence.
    pub(crate) fn lead(&mut self, words: &str) {
        self.body(el("p", "lead").text(words));
    }

    /// A fact or part below.
    pub(crate) fn body(&mut self, part: impl Into<Node>) {
        self.body.push(part.into());
    }

    /// A button or link, where there is one. The main one comes first.
    pub(crate) fn action(&mut self, action: Option<Node>) {
        self.actions.extend(action);
    }

    /// The finished screen. Its heading can take the focus, so that a screen reader begins there.
    #[inline(never)]
    pub(crate) fn node(self) -> Node {
        let mark = match self.mark {
            Mark::Done => "mark done",
            Mark::Waiting => "mark waiting",
            Mark::Failed => "mark failed",
            Mark::Busy => "mark busy",
        };
        let result = el("div", "result")
            .child(el("div", mark).attr("aria-hidden", "true"))
            .child(el("h1", "").attr("tabindex", "-1").text(self.heading))
            .children(self.body);
        el("main", "page")
            .child(result)
            .child(el("div", "actions").children(self.actions))
            .into()
    }
}

/// A list of facts.
pub(crate) fn details(rows: Vec<Node>) -> Node {
    el("dl", "details").children(rows).into()
}

/// A fact: name on the left, words on the right.
#[inline(never)]
pub(crate) fn row(name: &str, words: &str) -> Node {
    row_of(name, vec![Node::Text(words.to_owned())])
}

/// A fact whose value is more than words.
#[inline(never)]
pub(crate) fn row_of(name: &str, value: Vec<Node>) -> Node {
    el("div", "row")
        .child(el("dt", "").text(name))
        .child(el("dd", "").children(value))
        .into()
}

fn class(main: bool) -> &'static str {
    if main {
        "button primary"
    } else {
        "button secondary"
    }
}

/// The button that tells the state machine that the buyer tries again.
#[inline(never)]
pub(crate) fn button(page: Page, label: &str) -> Node {
    el("button", class(true))
        .attr("type", "button")
        .on("click", move |_| page.dispatch(Event::TryAgain))
        .text(label)
        .into()
}

/// A link that looks like a button.
#[inline(never)]
pub(crate) fn link(label: &str, href: &str, main: bool) -> Node {
    el("a", class(main)).attr("href", href).text(label).into()
}

/// The way back to the shop, where the session names one.
#[inline(never)]
pub(crate) fn shop_link(session: &Session, text: &Text, main: bool) -> Option<Node> {
    let href = session.return_url.as_deref()?;
    // Anything but an address of the web, such as `javascript:`, is no way back.
    (href.starts_with("https://") || href.starts_with("http://"))
        .then(|| link(text.back_to_shop, href, main))
}
