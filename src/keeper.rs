//! Keeps Toss's one-time keys in the tab's storage until the backend has acknowledged them, so that
//! a failed request or a refresh loses nothing. They are erased then.

use toss_checkout_contract::{Consent, SessionId};

use crate::{browser, flow::Keys, join::join, wire};

/// Names of the kinds in the storage.
const CONFIRM: &str = "confirm";
const ISSUE: &str = "issue";
const CONSENT: &str = "consent";

fn slot(kind: &str, session: &SessionId) -> String {
    join(&["toss-checkout.", kind, ".", session.expose()])
}

/// Names that a success was told. Shorter than the session's name, which opens the session, since it
/// stays for ever.
pub(crate) fn success(session: &SessionId) -> String {
    let name = session.expose();
    join(&["toss-checkout.success.", name.get(..12).unwrap_or(name)])
}

/// Keeps what the buyer agreed to while Toss's window is open; `None` erases it.
pub(crate) fn keep_consent(session: &SessionId, consent: Option<&Consent>) {
    let slot = slot(CONSENT, session);
    match consent {
        Some(consent) => {
            browser::keep(&slot, &wire::consent_value(consent));
        }
        None => browser::forget(&slot),
    }
}

/// What the buyer agreed to before Toss's window opened; none where the browser has no storage.
pub(crate) fn consent(session: &SessionId) -> Option<Consent> {
    wire::consent(&browser::kept(&slot(CONSENT, session)))
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
    let kind = match keys {
        Keys::Confirm(_) => CONFIRM,
        Keys::Issue(_) => ISSUE,
    };
    let kept = browser::keep(&slot(kind, session), &wire::keys(&keys));
    if kept {
        keep_consent(session, None);
    }
    (keys, kept)
}

/// The keys that were kept and not yet acknowledged.
pub(crate) fn kept(session: &SessionId) -> Option<Keys> {
    let confirm = wire::confirm_request(&browser::kept(&slot(CONFIRM, session)));
    confirm.map(Keys::Confirm).or_else(|| {
        let issue = wire::issue_request(&browser::kept(&slot(ISSUE, session)))?;
        Some(with_consent(session, Keys::Issue(issue)))
    })
}

/// Erases the keys, and what the buyer agreed to.
pub(crate) fn forget(session: &SessionId) {
    for kind in [CONFIRM, ISSUE, CONSENT] {
        browser::forget(&slot(kind, session));
    }
}
