//! What the browser keeps for the tab and for the site. It may refuse either, even to look at them.

use serde::{Serialize, de::DeserializeOwned};
use web_sys::Storage;

use super::{json, window};

fn of_tab() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Keeps a text for as long as the tab is open.
pub(crate) fn keep_text(name: &str, text: &str) {
    if let Some(storage) = of_tab() {
        // Where it fails, nothing is kept.
        let _ = storage.set_item(name, text);
    }
}

/// The text that the tab's storage holds under this name.
pub(crate) fn kept_text(name: &str) -> Option<String> {
    of_tab()?.get_item(name).ok()?
}

/// Keeps a value for as long as the tab is open.
pub(crate) fn keep<T: Serialize>(name: &str, value: &T) {
    keep_text(name, &json::write(value));
}

/// What the tab's storage holds under this name.
pub(crate) fn kept<T: DeserializeOwned>(name: &str) -> Option<T> {
    json::read(&kept_text(name)?)
}

/// Erases a value from the tab's storage.
pub(crate) fn forget(name: &str) {
    if let Some(storage) = of_tab() {
        // What cannot be erased could not be kept.
        let _ = storage.remove_item(name);
    }
}

/// Whether this is the first time in this browser that a name is asked about. Without a storage it
/// always is.
pub(crate) fn is_first_time(name: &str) -> bool {
    let Ok(Some(storage)) = window().local_storage() else {
        return true;
    };
    let seen = storage.get_item(name).ok().flatten().is_some();
    // Where nothing can be kept, once is once for each page.
    let _ = storage.set_item(name, "1");
    !seen
}
