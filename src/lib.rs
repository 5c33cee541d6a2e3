//! The checkout page: shows what is being bought, opens Toss's payment window, and brings the keys
//! that Toss hands back to the merchant's backend.
//!
//! Pure rooms, tested on the host: [`flow`] (the page as one state machine), [`config`], [`text`].
//! The rest touches the browser.

pub mod config;
pub mod flow;
pub mod text;

mod backend;
mod browser;
mod effects;
mod join;
mod keeper;
mod landing;
mod ui;
mod views;
mod wire;

use leptos::{mount::mount_to_renderer, prelude::document};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Shows the page in `host`, in the place of what is there, until the handle is dropped.
#[must_use = "the page is taken down when this is dropped"]
#[expect(
    clippy::needless_pass_by_value,
    reason = "from here on the host is the page's"
)]
pub fn mount(host: HtmlElement) -> impl Sized + 'static {
    host.set_inner_html("");
    mount_to_renderer(&host, views::App::start)
}

/// Shows the page in `#checkout` for good. Does nothing in a document without one.
pub fn mount_page() {
    if let Some(host) = document().get_element_by_id("checkout") {
        std::mem::forget(mount(host.unchecked_into()));
    }
}
