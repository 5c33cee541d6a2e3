//! Keeps Toss's one-time keys in the tab's storage until the backend has acknowledged them, so that
//! a failed request or a refresh loses nothing. They are erased then.

use toss_checkout_contract::{Consent, SessionId};

use crate::{flow::Keys, platform::storage};

/// Names of the kinds in the storage.
const CONFIRM: &str = "confirm";
const ISSUE: &str = "issue";
const CONSENT: &str = "consent";

fn slot(kind: &str, session: &SessionId) -> String {
    ["toss-checkout.", kind, ".", session.expose()].concat()
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
    let slot = slot(CONSENT, session);
    match consent {
        Some(consent) => {
            storage::keep(&slot, consent);
        }
        None => storage::forget(&slot),
    }
}

/// What the buyer agreed to before Toss's window opened; none where the browser has no storage.
pub(crate) fn consent(session: &SessionId) -> Option<Consent> {
    storage::kept(&slot(CONSENT, session))
}

/// Puts what the buyer agreed to beside the keys, unless something is there.
fn with_consent(session: &SessionId, mut keys: Keys) -> Keys {
    if let Keys::Issue(issue) = &mut keys
        && issue.consent.is_none()
    {
        issue.consent = consent(session);
    }
    keys
}

/// Keeps new keys, with what the buyer agreed to, and answers both; false when the browser has no
/// storage: then the address bar must keep them.
pub(crate) fn keep(session: &SessionId, keys: Keys) -> (Keys, bool) {
    let keys = with_consent(session, keys);
    let kept = match &keys {
        Keys::Confirm(confirm) => storage::keep(&slot(CONFIRM, session), confirm),
        Keys::Issue(issue) => storage::keep(&slot(ISSUE, session), issue),
    };
    if kept {
        keep_consent(session, None);
    }
    (keys, kept)
}

/// The keys that were kept and not yet acknowledged.
pub(crate) fn kept(session: &SessionId) -> Option<Keys> {
    let confirm = storage::kept(&slot(CONFIRM, session)).map(Keys::Confirm);
    confirm.or_else(|| {
        let issue = storage::kept(&slot(ISSUE, session))?;
        Some(with_consent(session, Keys::Issue(issue)))
    })
}

/// Erases the keys, and what the buyer agreed to.
pub(crate) fn forget(session: &SessionId) {
    for kind in [CONFIRM, ISSUE, CONSENT] {
        storage::forget(&slot(kind, session));
    }
}
