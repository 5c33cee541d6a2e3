//! The checkout page: shows what is being bought, opens Toss's payment window, and brings the keys
//! that Toss hands back to the merchant's backend. And the page of a customer's subscriptions: [`subscription`].
//!
//! Pure modules, tested on the host: [`flow`] (the page as one state machine), [`screen`], [`config`],
//! [`i18n`], [`public_events`], [`in_app`]. The rest is a Leptos app. `start` is the one door for
//! JavaScript: the standalone page, the custom element and `mount()` all go through it.
//!
//! Each page is a program of its own, so that the other costs its buyers nothing: the features `checkout` and
//! `subscription` say what JavaScript finds in it.
#![cfg_attr(
    not(all(feature = "checkout", feature = "subscription")),
    allow(
        dead_code,
        unused_imports,
        reason = "a program of one page uses a part of what both share"
    )
)]

pub mod config;
pub mod flow;
#[cfg(feature = "gallery")]
pub mod gallery;
pub mod i18n;
pub mod in_app;
pub mod public_events;
pub mod screen;
pub mod subscription;

mod app;
mod components;
mod crash;
mod format;
mod mounted;
mod pages;
mod platform;
mod runtime;
mod terms;

use any_spawner::Executor;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::HtmlElement;

pub use mounted::Mounted;
pub use platform::host_options::HostOptions;

/// Shows the page in `host`, in the place of what is there, until [`Mounted::unmount`].
///
/// `options` holds strings by the names that [`config::Config`] documents.
#[cfg(feature = "checkout")]
#[wasm_bindgen]
pub fn start(host: HtmlElement, options: HostOptions) -> Mounted {
    // An error says that an earlier page has done it.
    let _ = Executor::init_wasm_bindgen();
    let dispatcher = runtime::Dispatcher::start(host.clone().into(), options);
    app::show(host, dispatcher)
}

/// Once, when the program begins: a fault shows a plain sentence in the place of every page.
pub fn initialize() {
    crash::install();
}
