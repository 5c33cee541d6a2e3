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
mod keeper;
mod landing;
mod ui;
mod views;
mod watch;
mod wire;

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast;

/// Replaces the skeleton in `#checkout` (or the whole body, where there is none) by the page.
pub fn mount_page() {
    let document = document();
    let host = document
        .get_element_by_id("checkout")
        .or_else(|| document.body().map(JsCast::unchecked_into));
    let Some(host) = host else {
        return;
    };
    host.set_inner_html("");
    mount_to(host.unchecked_into(), views::app).forget();
}
