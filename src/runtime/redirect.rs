//! How the buyer came here. `assets/redirect.js` has read the address bar, and has taken out of it what
//! Toss has added.

use toss_payments_sdk::{FailReturn, Return};

use super::pending_delivery;
use crate::{
    config::{Config, Misconfiguration},
    flow::{Keys, Redirect},
    platform::host_options::HostOptions,
};

/// Reads the options, and what Toss has sent the buyer back with.
pub(crate) fn read(options: &HostOptions) -> Result<(Config, Redirect), Misconfiguration> {
    let config = Config::read(&|name| options.text(name))?;
    let Some(returned) = options.returned() else {
        return Ok((config, Redirect::None));
    };
    let back = if returned.starts_with("fail") {
        FailReturn::parse(&returned).map(Return::Fail)
    } else {
        Return::parse(&returned)
    };
    let redirect = back.map(|back| match Keys::try_from(back) {
        Ok(keys) => Redirect::Keys(pending_delivery::with_consent(&config.session, keys)),
        Err(fail) => Redirect::Failed(fail),
    });
    Ok((config, redirect.unwrap_or_else(Redirect::Invalid)))
}
