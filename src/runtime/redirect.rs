//! How the buyer came here.

use toss_checkout_contract::SessionId;
use toss_payments_sdk::{AbsoluteUrl, FailReturn, Query, Return};

use super::pending_delivery;
use crate::{
    config::{Config, FAIL_URL, MARKER, Misconfiguration, SUCCESS_URL},
    flow::{Keys, Redirect},
    platform::{address, host_options::HostOptions},
};

/// Reads options and address. Keys leave the address bar here, before anything else happens, and
/// wait in the tab's storage.
pub(crate) fn read(options: &HostOptions) -> Result<(Config, Redirect), Misconfiguration> {
    let query = address::query();
    let parameter = |name| {
        let query = Query::new(&query).and_then(|query| query.one(name));
        query.ok().flatten()
    };
    let option = |name: &str| options.text(name);
    let configured = |name| option(name).is_some_and(|url| address::is_at(&url));
    let returned = parameter(MARKER).is_some() || configured(SUCCESS_URL) || configured(FAIL_URL);
    let here = address::own(returned);
    let config = Config::read(&option, &here, parameter(SessionId::FIELD))?;

    let at = |url: &AbsoluteUrl| address::is_at(url.as_str());
    let redirect = if at(&config.return_urls.success) {
        Return::parse(&query).map(|back| match Keys::try_from(back) {
            Ok(keys) => {
                let (keys, kept) = pending_delivery::keep(&config.session, keys);
                if kept {
                    show_form_address(&config);
                }
                Redirect::Keys(keys)
            }
            Err(fail) => Redirect::Failed(fail),
        })
    } else if at(&config.return_urls.fail) {
        FailReturn::parse(&query).map(Redirect::Failed)
    } else {
        let kept = pending_delivery::kept(&config.session);
        Ok(kept.map_or(Redirect::None, Redirect::Keys))
    };
    Ok((config, redirect.unwrap_or_else(Redirect::Invalid)))
}

/// Puts the form's address into the address bar when it is a return address: a refresh asks the
/// session, not Toss's keys.
pub(crate) fn show_form_address(config: &Config) {
    let urls = &config.return_urls;
    if [&urls.success, &urls.fail]
        .into_iter()
        .any(|url| address::is_at(url.as_str()))
    {
        address::replace(&config.form_url);
    }
}
