//! What becomes of a page whose program has a fault. WebAssembly ends there, so every page on the
//! document is dead: each says so in place of its screen, and offers to load the document again. A key
//! that was under way is in the tab's storage and is delivered then.

use std::{cell::RefCell, panic};

use web_sys::{Element, console};

use crate::{i18n::Messages, platform::document, public_events::Detail};

thread_local! {
    static PAGES: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

/// A page that is replaced when the program ends by a fault, until this is dropped.
#[derive(Debug)]
pub(crate) struct Guard(Element);

impl Guard {
    pub(crate) fn new(host: Element) -> Self {
        PAGES.with_borrow_mut(|pages| pages.push(host.clone()));
        Self(host)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        PAGES.with_borrow_mut(|pages| pages.retain(|page| *page != self.0));
    }
}

/// Once for the program.
pub(crate) fn install() {
    panic::set_hook(Box::new(|fault| {
        // What `Display` would add, the place in the source, is in the browser's own stack trace.
        let why = fault.payload_as_str().unwrap_or_default();
        console::error_1(&["toss-checkout: ", why].concat().into());
        let pages = PAGES.try_with(|pages| pages.try_borrow().map(|pages| pages.clone()));
        for page in pages.ok().and_then(Result::ok).unwrap_or_default() {
            let lang = page.get_attribute("lang").unwrap_or_default();
            let text = Messages::of_lang(&lang);
            document::replace_with_notice(&page, [text.crashed, text.crashed_hint, text.reload]);
            let detail = Detail {
                code: Some("CHECKOUT_CRASHED".to_owned()),
                ..Detail::default()
            };
            document::tell(&page, "error", &detail);
        }
    }));
}
