//! A page as a tree of plain values. `view!` gives every element a type of its own, and each type its
//! own code for building, rebuilding and removing it; here all share one, which makes the download a
//! third smaller. [`render`] hands the finished tree to Leptos.

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

type Read<T> = Box<dyn FnMut() -> T + Send>;

/// A piece of a page.
pub(crate) enum Node {
    /// An element.
    El(El),
    /// Text.
    Text(String),
    /// A piece that is drawn anew whenever what it reads changes.
    Live(Read<Node>),
    /// Nothing.
    Nothing,
}

/// An element under construction. A pointer, so that building it up moves little.
#[must_use]
pub(crate) struct El(Box<Parts>);

struct Parts {
    tag: &'static str,
    attributes: Vec<Attribute>,
    children: Vec<Node>,
}

enum Attribute {
    Fixed(&'static str, String),
    Flag(&'static str, Read<bool>),
    Property(&'static str, Read<bool>),
    On(&'static str, Box<dyn FnMut(Event)>),
}

/// An element with a class; without a class attribute when it is empty.
#[inline(never)]
pub(crate) fn el(tag: &'static str, class: &'static str) -> El {
    let el = El(Box::new(Parts {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
    }));
    if class.is_empty() {
        el
    } else {
        el.attr("class", class)
    }
}

/// A piece that changes.
pub(crate) fn live(draw: impl FnMut() -> Node + Send + 'static) -> Node {
    Node::Live(Box::new(draw))
}

impl El {
    /// An attribute.
    #[inline(never)]
    pub(crate) fn attr(mut self, name: &'static str, value: &str) -> Self {
        self.0
            .attributes
            .push(Attribute::Fixed(name, value.to_owned()));
        self
    }

    /// A boolean attribute that changes.
    pub(crate) fn flag(
        self,
        name: &'static str,
        read: impl FnMut() -> bool + Send + 'static,
    ) -> Self {
        self.push(Attribute::Flag(name, Box::new(read)))
    }

    /// A boolean property that changes, such as `checked`, which the buyer changes too.
    pub(crate) fn property(
        self,
        name: &'static str,
        read: impl FnMut() -> bool + Send + 'static,
    ) -> Self {
        self.push(Attribute::Property(name, Box::new(read)))
    }

    /// A handler.
    pub(crate) fn on(self, event: &'static str, handler: impl FnMut(Event) + 'static) -> Self {
        self.push(Attribute::On(event, Box::new(handler)))
    }

    #[inline(never)]
    fn push(mut self, attribute: Attribute) -> Self {
        self.0.attributes.push(attribute);
        self
    }

    /// Another child.
    #[inline(never)]
    pub(crate) fn child(mut self, child: impl Into<Node>) -> Self {
        self.0.children.push(child.into());
        self
    }

    /// More children.
    #[inline(never)]
    pub(crate) fn children(mut self, children: Vec<Node>) -> Self {
        self.0.children.extend(children);
        self
    }

    /// Text as a child.
    #[inline(never)]
    pub(crate) fn text(self, words: &str) -> Self {
        self.child(Node::Text(words.to_owned()))
    }
}

impl From<El> for Node {
    fn from(el: El) -> Self {
        Self::El(el)
    }
}

/// Makes a view of a tree.
pub(crate) fn render(node: Node) -> AnyView {
    match node {
        Node::El(El(parts)) => {
            let children: Vec<AnyView> = parts.children.into_iter().map(render).collect();
            let attributes: Vec<AnyAttribute> =
                parts.attributes.into_iter().map(attribute).collect();
            custom(parts.tag)
                .child(children)
                .add_any_attr(attributes)
                .into_any()
        }
        Node::Text(words) => words.into_any(),
        Node::Live(mut draw) => {
            let draw: Read<AnyView> = Box::new(move || render(draw()));
            draw.into_any()
        }
        Node::Nothing => ().into_any(),
    }
}

fn attribute(attribute: Attribute) -> AnyAttribute {
    match attribute {
        Attribute::Fixed(name, value) => custom_attribute(name, value).into_any_attr(),
        Attribute::Flag(name, read) => custom_attribute(name, read).into_any_attr(),
        Attribute::Property(name, read) => prop(name, read).into_any_attr(),
        Attribute::On(event, handler) => on(Custom::new(event), handler).into_any_attr(),
    }
}
