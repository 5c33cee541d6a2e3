//! Every screen that the page can show, to be looked at and to be checked: `cargo xtask gallery`. Only
//! in builds with the feature `gallery`; what buyers download knows nothing of it.

mod examples;
mod forms;
mod list;
mod place;

use wasm_bindgen::{JsError, prelude::wasm_bindgen};
use web_sys::HtmlElement;

use self::list::all;
use crate::{
    HostOptions, Mounted, app, config::Config, runtime::Dispatcher,
    subscription::gallery as subscription,
};

const SESSION: &str = "cs_0123456789abcdefABCDEF";
const MOMENT: &str = "2026-11-21T14:03:00+09:00";
const PAST: &str = "2020-01-01T00:00:00+09:00";

/// The names of all screens.
#[wasm_bindgen]
pub fn screens() -> Vec<String> {
    let checkout = all(PAST).into_iter().map(|(name, _)| name);
    let subscription = subscription::all().into_iter().map(|(name, _)| name);
    checkout.chain(subscription).map(str::to_owned).collect()
}

/// Shows a screen in `host`. `due` is when an account that waits for its deposit closes. Nothing that is
/// pressed has an effect.
///
/// # Errors
/// There is no such screen.
#[wasm_bindgen]
pub fn show(
    host: HtmlElement,
    options: HostOptions,
    name: &str,
    due: &str,
) -> Result<Mounted, JsError> {
    if name.starts_with(subscription::PREFIX) {
        let shown = subscription::show(host, &options, name);
        return shown.ok_or_else(|| JsError::new("no such screen"));
    }
    let screen = all(due).into_iter().find(|(screen, _)| *screen == name);
    let (_, state) = screen.ok_or_else(|| JsError::new("no such screen"))?;
    let dispatcher = Dispatcher::frozen(host.clone().into(), options, config(), state);
    Ok(app::show(host, dispatcher))
}

/// Fails as a program with a fault does.
///
/// # Panics
/// Always.
#[wasm_bindgen]
#[expect(clippy::panic, reason = "it is what is to be looked at")]
pub fn crash() {
    panic!("a fault, to be looked at");
}

/// What must not fail: it is written below, and a test walks through all of it.
fn sure<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| unreachable!("{error:?}"))
}

fn config() -> Config {
    let option = |name: &str| match name {
        "session" => Some(SESSION.to_owned()),
        "form-url" | "success-url" | "fail-url" => Some("https://shop.example/pay".to_owned()),
        "support-url" => Some("https://shop.example/help".to_owned()),
        _ => None,
    };
    sure(Config::read(&option))
}
