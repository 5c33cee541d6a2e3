//! The clipboard.

use wasm_bindgen_futures::JsFuture;

use super::window;

/// Puts text on the clipboard; false where that fails or there is none, as in some in-app browsers
/// and on plain http.
pub(crate) async fn copy(text: &str) -> bool {
    if !window().is_secure_context() {
        return false;
    }
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}
