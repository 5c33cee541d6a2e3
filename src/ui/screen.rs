//! What every screen but the form is made of: a mark, a heading, a sentence, facts, and one action.

use toss_checkout_contract::Session;

use super::{El, el};
use crate::{effects::Page, flow::Event, text::Text};

/// The mark above a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Done.
    Done,
    /// The buyer has something to do.
    Waiting,
    /// Interrupted; nothing is lost.
    Held,
    /// It did not work.
    Failed,
    /// Under way.
    Busy,
}

/// A screen under construction.
#[must_use]
pub(crate) struct Screen {
    main: El,
    result: El,
    actions: El,
}

impl Screen {
    /// A screen with a mark and a heading that says it all. The heading can take the focus, so that
    /// a screen reader begins there.
    #[inline(never)]
    pub(crate) fn new(mark: Mark, heading: &str) -> Self {
        let mark = match mark {
            Mark::Done => "mark done",
            Mark::Waiting => "mark waiting",
            Mark::Held => "mark held",
            Mark::Failed => "mark failed",
            Mark::Busy => "mark busy",
        };
        let result = el("div", "result")
            .child(el("div", mark).attr("aria-hidden", "true"))
            .child(el("h1", "").attr("tabindex", "-1").text(heading));
        let actions = el("div", "actions");
        let main = el("div", "page")
            .child(result.clone())
            .child(actions.clone());
        Self {
            main,
            result,
            actions,
        }
    }

    /// Says it in a sentence.
    pub(crate) fn lead(&self, words: &str) {
        self.paragraph("lead", words);
    }

    /// A paragraph below.
    #[inline(never)]
    pub(crate) fn paragraph(&self, class: &str, words: &str) {
        self.result.put(el("p", class).text(words));
    }

    /// Another part below.
    pub(crate) fn body(&self, part: El) {
        self.result.put(part);
    }

    /// Where further parts go.
    pub(crate) fn result(&self) -> &El {
        &self.result
    }

    /// A list of facts below.
    pub(crate) fn facts(&self) -> El {
        let facts = el("dl", "details");
        self.result.put(facts.clone());
        facts
    }

    /// A button or link, where there is one. The main one comes first.
    pub(crate) fn action(&self, action: Option<El>) {
        if let Some(action) = action {
            self.actions.put(action);
        }
    }

    /// What comes after the actions, which a phone keeps in sight until then.
    pub(crate) fn last(&self, part: El) {
        self.main.put(part);
    }

    /// The finished screen.
    pub(crate) fn done(self) -> El {
        self.main
    }
}

/// A fact: name on the left, words on the right.
#[inline(never)]
pub(crate) fn row(facts: &El, name: &str, words: &str) {
    row_of(facts, name, el("dd", "").text(words));
}

/// A fact whose value, a `dd`, is more than words.
#[inline(never)]
pub(crate) fn row_of(facts: &El, name: &str, value: El) {
    facts.put(el("div", "row").child(el("dt", "").text(name)).child(value));
}

/// The look of a button.
pub(super) fn class(main: bool) -> &'static str {
    if main {
        "button primary"
    } else {
        "button secondary"
    }
}

/// The button that tells the state machine that the buyer tries again.
pub(crate) fn button(page: &Page, label: &str) -> El {
    let again = page.clone();
    button_that(page, label, move || again.dispatch(Event::TryAgain))
}

/// The main button, that does something else.
pub(crate) fn button_that(page: &Page, label: &str, press: impl FnMut() + 'static) -> El {
    el("button", class(true))
        .attr("type", "button")
        .on(page, "click", press)
        .text(label)
}

/// A link that looks like a button.
#[inline(never)]
pub(crate) fn link(label: &str, href: &str, main: bool) -> El {
    el("a", class(main)).attr("href", href).text(label)
}

/// The way back to the shop, where the session names one.
#[inline(never)]
pub(crate) fn shop_link(session: &Session, text: &Text, main: bool) -> Option<El> {
    let href = session.return_url.as_deref()?;
    // Anything but an address of the web, such as `javascript:`, is no way back.
    (href.starts_with("https://") || href.starts_with("http://"))
        .then(|| link(text.back_to_shop(), href, main))
}
