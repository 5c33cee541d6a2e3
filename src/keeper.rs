//! Keeps Toss's one-time keys in the tab's storage until the backend has acknowledged them, so that
//! a failed request or a refresh loses nothing. They are erased then.

use toss_checkout_contract::SessionId;

use crate::{browser, flow::Keys, join::join, wire};

/// Names of the two kinds in the storage.
const CONFIRM: &str = "confirm";
const ISSUE: &str = "issue";

fn slot(kind: &str, session: &SessionId) -> String {
    join(&["toss-checkout.", kind, ".", session.expose()])
}

/// Names that a success was told. Shorter than the session's name, which opens the session, since it
/// stays for ever.
pub(crate) fn success(session: &SessionId) -> String {
    let name = session.expose();
    join(&["toss-checkout.success.", name.get(..12).unwrap_or(name)])
}

/// Keeps the keys. False when the browser has no storage: then the address bar must keep them.
pub(crate) fn keep(session: &SessionId, keys: &Keys) -> bool {
    let kind = match keys {
        Keys::Confirm(_) => CONFIRM,
        Keys::Issue(_) => ISSUE,
    };
    browser::keep(&slot(kind, session), &wire::keys(keys))
}

/// The keys that were kept and not yet acknowledged.
pub(crate) fn kept(session: &SessionId) -> Option<Keys> {
    let confirm = wire::confirm_request(&browser::kept(&slot(CONFIRM, session)));
    confirm.map(Keys::Confirm).or_else(|| {
        let issue = wire::issue_request(&browser::kept(&slot(ISSUE, session)));
        issue.map(Keys::Issue)
    })
}

/// Erases the keys.
pub(crate) fn forget(session: &SessionId) {
    for kind in [CONFIRM, ISSUE] {
        browser::forget(&slot(kind, session));
    }
}
