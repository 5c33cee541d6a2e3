//! The browser, as far as the page needs it: thin wrappers over web-sys and gloo. JavaScript's
//! untyped values stay here and in the bindings; clippy refuses them elsewhere.
#![expect(
    clippy::disallowed_types,
    reason = "this is where JavaScript's values become typed ones"
)]

pub(crate) mod clipboard;
pub(crate) mod clock;
pub(crate) mod device;
pub(crate) mod document;
mod from_js;
pub(crate) mod host_options;
pub(crate) mod intl;
pub(crate) mod json;
pub(crate) mod lifecycle;
pub(crate) mod storage;

/// The window. There always is one: the page is never built for a worker.
pub(crate) fn window() -> web_sys::Window {
    leptos::prelude::window()
}
