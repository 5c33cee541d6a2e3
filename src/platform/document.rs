//! The document around the page.

use gloo_timers::callback::Timeout;
use serde::Serialize;
use wasm_bindgen::JsCast;
use web_sys::{CustomEvent, CustomEventInit, Document, Element, HtmlElement, Node};

use super::{json, window};

fn document() -> Option<Document> {
    window().document()
}

/// Whether the document is the page's own. In a shadow root it is a shop's.
pub(crate) fn is_own(host: &Element) -> bool {
    let root = host.get_root_node();
    document().is_some_and(|document| &root == document.unchecked_ref::<Node>())
}

/// Tells in which language the page is, so that it is read aloud and hyphenated rightly. A document of
/// its own speaks the page's language; a shop's document keeps its own.
pub(crate) fn set_language(host: &Element, lang: &str) {
    let set = |element: &Element| {
        // Fails for names with spaces.
        let _ = element.set_attribute("lang", lang);
    };
    set(host);
    if is_own(host)
        && let Some(root) = document().and_then(|document| document.document_element())
    {
        set(&root);
    }
}

/// Puts the focus on what a selector finds, once it is there, unless what is answered is dropped before.
pub(crate) fn focus(host: &Element, selector: &'static str) -> Timeout {
    let host = host.clone();
    Timeout::new(0, move || {
        if let Ok(Some(found)) = host.query_selector(selector) {
            // Fails for what takes no focus.
            let _ = found.unchecked_into::<HtmlElement>().focus();
        }
    })
}

/// Tells whoever listens on `host` or above, also from inside a shadow root.
pub(crate) fn tell<T: Serialize>(host: &Element, name: &str, detail: &T) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(&json::to_js(detail));
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        // Fails for events that are under way already.
        let _ = host.dispatch_event(&event);
    }
}

/// Opens the browser's print dialog, where it has one.
pub(crate) fn print() {
    let _ = window().print();
}

/// The document's address without what stands behind `#`.
pub(crate) fn own_address() -> String {
    let address = window().location().href().unwrap_or_default();
    address
        .split_once('#')
        .map(|(address, _)| address.to_owned())
        .unwrap_or(address)
}

/// Leads to an address.
pub(crate) fn go(url: &str) {
    // Fails for what is no address.
    let _ = window().location().set_href(url);
}

/// Whether there is a page before this one.
pub(crate) fn can_go_back() -> bool {
    let length = window().history().and_then(|history| history.length());
    length.is_ok_and(|length| length > 1)
}

/// Leads to the page before this one.
pub(crate) fn go_back() {
    if let Ok(history) = window().history() {
        // Fails where there is none.
        let _ = history.back();
    }
}

/// Replaces everything in `host` by a heading, a sentence and a link that loads the document again.
/// Without Leptos: it is for when the program has failed.
pub(crate) fn replace_with_notice(host: &Element, [heading, sentence, reload]: [&str; 3]) {
    let Some(document) = document() else { return };
    let make = |tag: &str, class: &str, words: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(words));
        // Fails for names with spaces.
        let _ = element.set_attribute("part", class);
        Some(element)
    };
    let tag = if is_own(host) { "main" } else { "div" };
    let parts = [
        make("h1", "", heading),
        make("p", "lead", sentence),
        make("a", "button primary", reload),
    ];
    let (Some(page), [Some(heading), Some(sentence), Some(link)]) = (make(tag, "page", ""), parts)
    else {
        return;
    };
    let _ = sentence.set_attribute("role", "alert");
    let _ = link.set_attribute("href", &window().location().href().unwrap_or_default());
    // Fails for elements that hold one another.
    let _ = page.append_with_node_3(&heading, &sentence, &link);
    host.replace_children_with_node_1(&page);
}
