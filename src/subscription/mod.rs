//! The page of a customer's subscriptions: what they pay, when and how much next; another card, paying what
//! is owed, canceling and taking that back, payments with receipts, and consents. A program of its own, with
//! parts, styles and the platform of the checkout.
//!
//! Pure modules, tested on the host: [`flow`] (the page as one state machine), [`config`], [`texts`],
//! [`words`].

pub mod config;
pub mod flow;
pub mod public_events;
pub mod texts;
pub mod words;

mod api;
mod app;
mod context;
mod dispatcher;
#[cfg(feature = "gallery")]
pub mod gallery;
mod pages;

#[cfg(feature = "subscription")]
pub use self::door::start_subscription;

#[cfg(feature = "subscription")]
mod door {
    use any_spawner::Executor;
    use wasm_bindgen::prelude::wasm_bindgen;
    use web_sys::HtmlElement;

    use super::{app, dispatcher::Dispatcher};
    use crate::{mounted::Mounted, platform::host_options::HostOptions};

    /// Shows the page in `host`, in the place of what is there, until [`Mounted::unmount`].
    ///
    /// `options` holds strings by the names that [`super::config::Config`] documents.
    #[wasm_bindgen(js_name = "startSubscription")]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "JavaScript hands the options over"
    )]
    pub fn start_subscription(host: HtmlElement, options: HostOptions) -> Mounted {
        // An error says that an earlier page has done it.
        let _ = Executor::init_wasm_bindgen();
        let dispatcher = Dispatcher::start(host.clone().into(), &options);
        app::show(host, dispatcher)
    }
}
