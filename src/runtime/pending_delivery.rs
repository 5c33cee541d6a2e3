//! What the tab's storage keeps beside what Toss has sent, which `assets/redirect.js` keeps there until the
//! backend has acknowledged it: so a failed request or a refresh loses nothing.

use toss_checkout_contract::{Consent, Method, SessionId};

use crate::{flow::Keys, platform::storage};

/// Where the consent is. `assets/redirect.js` reads it by this name, and erases it with the keys.
fn slot(session: &SessionId) -> String {
    ["toss-checkout.consent.", session.expose()].concat()
}

/// Where the method is. It opens nothing, so it stays: also a failure leads back to the form.
fn method_slot(session: &SessionId) -> String {
    ["toss-checkout.method.", session.expose()].concat()
}

/// Keeps the method that was chosen: after Toss's window or a refresh the page begins anew.
pub(crate) fn keep_method(session: &SessionId, method: Method) {
    storage::keep_text(&method_slot(session), method.as_str());
}

/// The method that was chosen last; none where nothing was, or the browser has no storage.
pub(crate) fn method(session: &SessionId) -> Option<Method> {
    Method::from_name(&storage::kept_text(&method_slot(session))?)
}

/// Whether a success of this session is told for the first time in this browser. The name that stays
/// for it is shorter than the session's, which opens the session.
pub(crate) fn is_first_success(session: &SessionId) -> bool {
    let name = session.expose();
    let name = name.get(..12).unwrap_or(name);
    storage::is_first_time(&["toss-checkout.success.", name].concat())
}

/// Keeps what the buyer agreed to while Toss's window is open; `None` erases it.
pub(crate) fn keep_consent(session: &SessionId, consent: Option<&Consent>) {
    let slot = slot(session);
    match consent {
        Some(consent) => storage::keep(&slot, consent),
        None => storage::forget(&slot),
    }
}

/// What the buyer agreed to before Toss's window opened; none where the browser has no storage.
pub(crate) fn consent(session: &SessionId) -> Option<Consent> {
    storage::kept(&slot(session))
}

/// Puts what the buyer agreed to beside the keys.
pub(crate) fn with_consent(session: &SessionId, mut keys: Keys) -> Keys {
    if let Keys::Issue(issue) = &mut keys {
        issue.consent = consent(session);
    }
    keys
}
