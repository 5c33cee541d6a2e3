//! What the page shows, and what a buyer does with it.

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Waits until the page has done what it can do without time passing.
pub(crate) async fn settle() {
    wait(60).await;
    until("the page has read its session", || {
        element("#checkout > [aria-busy]").is_none()
    })
    .await;
}

/// Waits for something to become true, six seconds at the most.
pub(crate) async fn until(what: &str, mut happened: impl FnMut() -> bool) {
    for _ in 0..120 {
        if happened() {
            return;
        }
        wait(50).await;
    }
    panic!("waited in vain: {what}; the page says {:?}", text());
}

pub(crate) async fn wait(ms: u32) {
    TimeoutFuture::new(ms).await;
}

/// Waits for words to appear.
pub(crate) async fn see(words: &str) {
    until(words, || text().contains(words)).await;
}

pub(crate) fn element(selector: &str) -> Option<Element> {
    let document = web_sys::window().unwrap().document().unwrap();
    document.query_selector(selector).unwrap()
}

/// Everything the page says.
pub(crate) fn text() -> String {
    element("#checkout")
        .unwrap()
        .text_content()
        .unwrap_or_default()
}

/// The button or link with these words.
pub(crate) fn button(words: &str) -> HtmlElement {
    find(words).unwrap_or_else(|| panic!("no button {words:?} in {:?}", text()))
}

pub(crate) fn find(words: &str) -> Option<HtmlElement> {
    let all = element("#checkout")
        .unwrap()
        .query_selector_all("button, a")
        .unwrap();
    (0..all.length())
        .filter_map(|at| all.get(at))
        .find(|node| node.text_content().as_deref() == Some(words))
        .map(JsCast::unchecked_into)
}

/// The words of what has the focus.
pub(crate) fn focused() -> Option<String> {
    let document = web_sys::window().unwrap().document().unwrap();
    document.active_element()?.text_content()
}

/// Clicks what the selector finds first.
pub(crate) fn click(selector: &str) {
    let found = element(selector).unwrap();
    found.unchecked_into::<HtmlElement>().click();
}

/// Waits for a button that can be pressed.
pub(crate) async fn enabled(words: &str) -> HtmlElement {
    until(words, || {
        find(words).is_some_and(|button| !button.has_attribute("disabled"))
    })
    .await;
    button(words)
}

/// Presses a button as soon as it can be pressed.
pub(crate) async fn press(words: &str) {
    enabled(words).await.click();
    settle().await;
}

/// The box that the buyer ticks.
pub(crate) fn consent() -> HtmlInputElement {
    let found = element("#checkout input[type=checkbox]");
    found.unwrap().unchecked_into()
}

/// Agrees, and presses the button as soon as it can be pressed.
pub(crate) async fn register(words: &str) {
    until("a box to tick", || {
        element("#checkout input[type=checkbox]").is_some()
    })
    .await;
    if !consent().checked() {
        consent().click();
        settle().await;
    }
    press(words).await;
}
