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

use leptos::{mount::mount_to_renderer, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{effects::Page, ui::El};

/// A running page.
struct Mounted<T> {
    page: Page,
    host: HtmlElement,
    _leptos: T,
}

impl<T> Drop for Mounted<T> {
    fn drop(&mut self) {
        self.page.end();
        self.host.set_inner_html("");
    }
}

/// Shows the page in `host`, in the place of what is there, until the handle is dropped.
#[must_use = "the page is taken down when this is dropped"]
pub fn mount(host: HtmlElement) -> impl Sized + 'static {
    host.set_inner_html("");
    let page = Page::start();
    let (drawn, place) = (page.clone(), El::of(host.clone().into()));
    // The page puts its elements into the host itself, see `ui::el`.
    let leptos = mount_to_renderer(&host, move || drawn.draws(views::draw(&drawn, &place)));
    Mounted {
        page,
        host,
        _leptos: leptos,
    }
}

/// Shows the page in `#checkout` for good. Does nothing in a document without one.
pub fn mount_page() {
    if let Some(host) = document().get_element_by_id("checkout") {
        std::mem::forget(mount(host.unchecked_into()));
    }
}
