//! How the buyer came here.

use toss_checkout_contract::SessionId;
use toss_payments_sdk::{AbsoluteUrl, FailReturn, Query, Return};

use crate::{
    browser::{self, Options},
    config::{Config, FAIL_URL, MARKER, Misconfiguration, SUCCESS_URL},
    flow::{Keys, Landing},
    keeper,
};

/// Reads options and address. Keys leave the address bar here, before anything else happens, and
/// wait in the tab's storage.
pub(crate) fn arrive(options: &Options) -> Result<(Box<Config>, Landing), Misconfiguration> {
    let query = browser::query();
    let parameter = |name| {
        let query = Query::new(&query).and_then(|query| query.one(name));
        query.ok().flatten()
    };
    let option = |name: &str| browser::text(options, name);
    let configured = |name| option(name).is_some_and(|url| browser::is_at(&url));
    let returned = parameter(MARKER).is_some() || configured(SUCCESS_URL) || configured(FAIL_URL);
    let here = browser::own_address(returned);
    let config = Config::read(&option, &here, parameter(SessionId::FIELD))?;

    let at = |url: &AbsoluteUrl| browser::is_at(url.as_str());
    let landing = if at(&config.return_urls.success) {
        Return::parse(&query).map(|back| match Keys::try_from(back) {
            Ok(keys) => {
                let (keys, kept) = keeper::keep(&config.session, keys);
                if kept {
                    show_form_address(&config);
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

/// Puts the form's address into the address bar when it is a return address: a refresh asks the
/// session, not Toss's keys.
pub(crate) fn show_form_address(config: &Config) {
    let urls = &config.return_urls;
    if [&urls.success, &urls.fail]
        .into_iter()
        .any(|url| browser::is_at(url.as_str()))
    {
        browser::replace_address(&config.form_url);
    }
}
