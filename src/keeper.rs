//! Keeps Toss's one-time keys in the tab's storage until the backend has acknowledged them, so that
//! a failed request or a refresh loses nothing. They are erased then.

use js_sys::JSON;
use leptos::prelude::window;
use toss_checkout_contract::SessionId;
use web_sys::Storage;

use crate::{backend::to_json, flow::Keys, wire};

/// Names of the two kinds in the storage.
const CONFIRM: &str = "confirm";
const ISSUE: &str = "issue";

fn storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn slot(kind: &str, session: &SessionId) -> String {
    format!("toss-checkout.{kind}.{}", session.expose())
}

/// Keeps the keys. False when the browser has no storage: then the address bar must keep them.
pub(crate) fn keep(session: &SessionId, keys: &Keys) -> bool {
    let (kind, json) = match keys {
        Keys::Confirm(confirm) => (CONFIRM, to_json(confirm)),
        Keys::Issue(issue) => (ISSUE, to_json(issue)),
    };
    let Some((storage, json)) = storage().zip(json) else {
        return false;
    };
    storage.set_item(&slot(kind, session), &json).is_ok()
}

/// The keys that were kept and not yet acknowledged.
pub(crate) fn kept(session: &SessionId) -> Option<Keys> {
    let storage = storage()?;
    let read = |kind| {
        let json = storage.get_item(&slot(kind, session)).ok().flatten()?;
        JSON::parse(&json).ok()
    };
    match read(CONFIRM) {
        Some(confirm) => wire::confirm_request(&confirm).map(Keys::Confirm),
        None => wire::issue_request(&read(ISSUE)?).map(Keys::Issue),
    }
}

/// Erases the keys.
pub(crate) fn forget(session: &SessionId) {
    if let Some(storage) = storage() {
        for kind in [CONFIRM, ISSUE] {
            // Removing what is not there is no error, and a storage that refuses holds nothing.
            let _ = storage.remove_item(&slot(kind, session));
        }
    }
}
