//! Elements. `view!` gives every element a type of its own, and each type its own code for building,
//! rebuilding and removing it; here all share one, and what changes on a screen is said by the few
//! lines that change it. It takes a quarter off the download.

use web_sys::Element;

use crate::{browser, effects::Page};

/// An element of the page.
#[derive(Debug, Clone)]
#[must_use]
pub(crate) struct El(Element);

/// An element with a class; without a class attribute when it is empty.
pub(crate) fn el(tag: &str, class: &str) -> El {
    El(browser::create(tag, class))
}

// None is inlined: they are called from everywhere, and calls are short.
impl El {
    /// One that is in the document already.
    pub(crate) fn of(element: Element) -> Self {
        Self(element)
    }

    /// An attribute.
    #[inline(never)]
    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        self.set_attr(name, value);
        self
    }

    /// Changes an attribute.
    pub(crate) fn set_attr(&self, name: &str, value: &str) {
        browser::set_attribute(&self.0, name, value);
    }

    /// A handler in the place of what the browser would do.
    pub(crate) fn on(self, page: &Page, event: &str, mut handler: impl FnMut() + 'static) -> Self {
        let handler = page.callback(move |_| handler());
        browser::listen(&self.0, event, &handler, page.scope());
        self
    }

    /// Another child.
    #[inline(never)]
    pub(crate) fn child(self, child: El) -> Self {
        self.put(child);
        self
    }

    /// Text as a child.
    #[inline(never)]
    pub(crate) fn text(self, words: &str) -> Self {
        browser::append_text(&self.0, words);
        self
    }

    /// Another child of an element that stands already.
    #[inline(never)]
    pub(crate) fn put(&self, child: El) {
        browser::append(&self.0, child.0);
    }

    /// Replaces what it says.
    pub(crate) fn say(&self, words: &str) {
        browser::set_text(&self.0, words);
    }

    /// Sets a property, such as `disabled`.
    pub(crate) fn set(&self, name: &str, value: bool) {
        browser::assign(&self.0, name, value);
    }

    /// Puts another in its place.
    pub(crate) fn replace(&self, other: &El) {
        browser::replace(&self.0, &other.0);
    }

    /// The element in the document.
    pub(crate) fn element(&self) -> &Element {
        &self.0
    }
}
