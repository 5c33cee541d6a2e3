//! What every section of the page needs: whom it is for, and its small parts.

use maud::{Markup, html};

use super::text::Text;

/// Whom the page is for.
#[derive(Clone, Copy)]
pub(super) struct View {
    pub(super) text: &'static Text,
    /// The language was chosen in the address; links and buttons keep it.
    pub(super) chosen: bool,
    /// Reload every so many seconds, for browsers without JavaScript.
    pub(super) refresh: Option<u16>,
}

impl View {
    /// An address of the console in the same language.
    pub(super) fn href(self, path: &str) -> String {
        if self.chosen {
            format!("{path}?lang={}", self.text.code)
        } else {
            path.to_owned()
        }
    }

    /// A button that does something.
    pub(super) fn button(self, path: &str, label: &str, applies: bool) -> Markup {
        html! {
            form method="post" action=(self.href(path)) {
                button type="submit" disabled[!applies] { (label) }
            }
        }
    }
}

/// A section whose `items` the console's script keeps up to date one by one, by their ids.
pub(super) fn section(id: &str, title: &str, items: &Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } { (title) }
            (items)
        }
    }
}

/// Enough to tell two secrets apart, too little to use one.
pub(super) fn masked(secret: &str) -> String {
    let start: String = secret.chars().take(4).collect();
    format!("{start}…")
}

/// `2026-11-21T09:00:00+09:00` for people: everything here is Korean time.
pub(super) fn plain(at: &str) -> String {
    at.chars().take(19).collect::<String>().replace('T', " ")
}
