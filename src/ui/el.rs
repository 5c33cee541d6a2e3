//! Elements of one type. `view!` gives every element a type of its own, and each type its own code
//! for building, rebuilding and removing it: three times the bytes for a page of this size. Here all
//! elements, attributes and handlers share one.

use leptos::{
    attr::{
        any_attribute::{AnyAttribute, IntoAnyAttribute},
        custom::custom_attribute,
    },
    ev::{Custom, Event},
    html::{ElementChild, custom},
    prelude::*,
    tachys::html::{event::on, property::prop},
};

type Handler = Box<dyn FnMut(Event)>;

/// An element under construction.
#[derive(Debug)]
#[must_use = "call `view`"]
pub(crate) struct El {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// An element with a class; no class attribute when it is empty.
pub(crate) fn el(tag: &'static str, class: &'static str) -> El {
    let el = El {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
    };
    if class.is_empty() {
        el
    } else {
        el.attr("class", class)
    }
}

/// Text.
pub(crate) fn text(text: impl Into<String>) -> AnyView {
    text.into().into_any()
}

/// A part that is drawn anew whenever what it reads changes.
pub(crate) fn live(draw: impl FnMut() -> AnyView + Send + 'static) -> AnyView {
    let draw: Box<dyn FnMut() -> AnyView + Send> = Box::new(draw);
    draw.into_any()
}

/// Text that changes.
pub(crate) fn live_text(mut read: impl FnMut() -> String + Send + 'static) -> AnyView {
    live(move || text(read()))
}

impl El {
    /// An attribute.
    pub(crate) fn attr(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value: String = value.into();
        self.attributes
            .push(custom_attribute(name, value).into_any_attr());
        self
    }

    /// A boolean attribute that changes.
    pub(crate) fn live_attr(
        mut self,
        name: &'static str,
        read: impl FnMut() -> bool + Send + 'static,
    ) -> Self {
        let read: Box<dyn FnMut() -> bool + Send> = Box::new(read);
        self.attributes
            .push(custom_attribute(name, read).into_any_attr());
        self
    }

    /// A boolean property that changes, such as `checked`, which the buyer changes too.
    pub(crate) fn live_property(
        mut self,
        name: &'static str,
        read: impl FnMut() -> bool + Send + 'static,
    ) -> Self {
        let read: Box<dyn FnMut() -> bool + Send> = Box::new(read);
        self.attributes.push(prop(name, read).into_any_attr());
        self
    }

    /// A handler.
    pub(crate) fn on(mut self, event: &'static str, handler: impl FnMut(Event) + 'static) -> Self {
        let handler: Handler = Box::new(handler);
        self.attributes
            .push(on(Custom::new(event), handler).into_any_attr());
        self
    }

    /// Another child.
    pub(crate) fn child(mut self, child: AnyView) -> Self {
        self.children.push(child);
        self
    }

    /// More children.
    pub(crate) fn children(mut self, children: impl IntoIterator<Item = AnyView>) -> Self {
        self.children.extend(children);
        self
    }

    /// Text as a child.
    pub(crate) fn text(self, words: impl Into<String>) -> Self {
        self.child(text(words))
    }

    /// The finished view.
    pub(crate) fn view(self) -> AnyView {
        custom(self.tag)
            .child(self.children)
            .add_any_attr(self.attributes)
            .into_any()
    }
}
