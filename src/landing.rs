//! How the buyer came here.

use toss_checkout_contract::SessionId;
use toss_payments_sdk::{AbsoluteUrl, FailReturn, Query, Return};

use crate::{
    browser,
    config::{Config, Misconfiguration},
    flow::{Keys, Landing},
    join::join,
    keeper,
};

/// Reads options and address. Keys leave the address bar here, before anything else happens, and
/// wait in the tab's storage.
pub(crate) fn arrive() -> Result<(Box<Config>, Landing), Misconfiguration> {
    let query = browser::query();
    let session = Query::new(&query).and_then(|query| query.one(SessionId::FIELD));
    let session = session.ok().flatten();
    let config = Config::read(&browser::option, &browser::folder(), session)?;

    let here = browser::address();
    let at = |url: &AbsoluteUrl| {
        let path = url.as_str().split('?').next().unwrap_or_default();
        here.trim_end_matches('/') == path.trim_end_matches('/')
    };
    let landing = if at(&config.return_urls.success) {
        Return::parse(&query).map(|back| match Keys::try_from(back) {
            Ok(keys) => {
                if keeper::keep(&config.session, &keys) {
                    show_form_address(&config.session);
                }
                Landing::Keys(keys)
            }
            Err(fail) => Landing::Fail(fail),
        })
    } else if at(&config.return_urls.fail) {
        FailReturn::parse(&query).map(Landing::Fail)
    } else {
        let kept = keeper::kept(&config.session);
        Ok(kept.map_or(Landing::Form, Landing::Keys))
    };
    Ok((config, landing.unwrap_or_else(Landing::Broken)))
}

/// Puts the form's address into the address bar: a refresh asks the session, not Toss's keys.
pub(crate) fn show_form_address(session: &SessionId) {
    browser::replace_address(&join(&[&browser::folder(), "?session=", session.expose()]));
}
