//! The few things of the browser that several rooms need.

use js_sys::Reflect;
use leptos::prelude::{document, window};
use toss_payments_sdk::{Surroundings, WindowTarget};
use wasm_bindgen::{JsCast, JsValue};

/// `<meta name="toss-checkout:NAME" content="…">`.
pub(crate) fn option(name: &str) -> Option<String> {
    document()
        .query_selector(&format!("meta[name='toss-checkout:{name}']"))
        .ok()??
        .get_attribute("content")
}

/// Origin and path of the address bar.
pub(crate) fn address() -> String {
    let location = window().location();
    let origin = location.origin().unwrap_or_default();
    let path = location.pathname().unwrap_or_default();
    format!("{origin}{path}")
}

/// The address bar's query, with its `?`.
pub(crate) fn query() -> String {
    window().location().search().unwrap_or_default()
}

/// Puts an address into the address bar without loading it, and without leaving the old one behind.
pub(crate) fn replace_address(address: &str) {
    if let Ok(history) = window().history() {
        // Fails for an address of another origin only, and ours never is.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// The browser's languages, best first.
pub(crate) fn languages() -> impl Iterator<Item = String> {
    window()
        .navigator()
        .languages()
        .iter()
        .filter_map(|tag| tag.as_string())
        .collect::<Vec<_>>()
        .into_iter()
}

/// Where Toss's window can open here.
pub(crate) fn window_target() -> WindowTarget {
    let window = window();
    let user_agent = window.navigator().user_agent().unwrap_or_default();
    let width = window
        .inner_width()
        .ok()
        .and_then(|width| width.as_f64())
        .unwrap_or_default();
    let coarse_pointer = window
        .match_media("(pointer: coarse)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a width in pixels"
    )]
    let width = width as u32;
    WindowTarget::choose(Surroundings {
        user_agent: &user_agent,
        width,
        coarse_pointer,
    })
}

/// Puts text on the clipboard; false where the browser has none, as some in-app browsers do.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &JsValue::from_str("clipboard"));
    let Ok(clipboard) = clipboard.map(JsCast::unchecked_into::<web_sys::Clipboard>) else {
        return false;
    };
    if clipboard.is_undefined() {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text))
        .await
        .is_ok()
}
