//! What becomes of a page whose program has a fault. WebAssembly ends there, so every page on the
//! document is dead: each says so in place of its screen, and offers to load the document again. A key
//! that was under way is in the tab's storage and is delivered then.

use std::{cell::RefCell, panic};

use web_sys::{Element, console};

use crate::platform::document;

thread_local! {
    static PAGES: RefCell<Vec<(Element, LastWords)>> = const { RefCell::new(Vec::new()) };
}

/// What a kind of page says and tells in the end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LastWords {
    /// A heading, a sentence, and what loads the document again, in the language with this tag.
    pub(crate) text: fn(lang: &str) -> [&'static str; 3],
    /// Tells the merchant's page.
    pub(crate) tell: fn(&Element),
}

/// A page that is replaced when the program ends by a fault, until this is dropped.
#[derive(Debug)]
pub(crate) struct Guard(Element);

impl Guard {
    pub(crate) fn new(host: Element, words: LastWords) -> Self {
        PAGES.with_borrow_mut(|pages| pages.push((host.clone(), words)));
        Self(host)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        PAGES.with_borrow_mut(|pages| pages.retain(|(page, _)| *page != self.0));
    }
}

/// Once for the program.
pub(crate) fn install() {
    panic::set_hook(Box::new(|fault| {
        // What `Display` would add, the place in the source, is in the browser's own stack trace.
        let why = fault.payload_as_str().unwrap_or_default();
        console::error_1(&["toss-checkout: ", why].concat().into());
        let pages = PAGES.try_with(|pages| pages.try_borrow().map(|pages| pages.clone()));
        for (page, words) in pages.ok().and_then(Result::ok).unwrap_or_default() {
            let lang = page.get_attribute("lang").unwrap_or_default();
            document::replace_with_notice(&page, (words.text)(&lang));
            (words.tell)(&page);
        }
    }));
}
