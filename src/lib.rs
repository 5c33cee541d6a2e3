//! The checkout page: shows what is being bought, opens Toss's payment window, and brings the keys
//! that Toss hands back to the merchant's backend.
//!
//! Pure rooms, tested on the host: [`flow`] (the page as one state machine), [`config`], [`text`],
//! [`in_app`].
//! The rest touches the browser. [`start`] is the one door for JavaScript: the standalone page, the
//! custom element and `mount()` all go through it.

pub mod config;
pub mod flow;
#[cfg(feature = "gallery")]
pub mod gallery;
pub mod in_app;
pub mod news;
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

use leptos::mount::mount_to_renderer;
use wasm_bindgen::{JsError, prelude::wasm_bindgen};
use web_sys::HtmlElement;

pub use browser::{Callback, Options};

/// Shows the page in `host`, in the place of what is there, and answers a function that takes it
/// away again: requests, timers, streams and listeners end, and an open window is closed.
///
/// `options` holds strings by the names that [`config::Config`] documents, and a function
/// `sentences(lang, whole)` that answers the promise of a language's files; `sentences` is the first
/// file of the language to begin with.
///
/// # Errors
/// `sentences` is no file of sentences.
#[wasm_bindgen]
#[expect(
    clippy::needless_pass_by_value,
    reason = "JavaScript hands over what it passes"
)]
pub fn start(host: HtmlElement, options: Options, sentences: &str) -> Result<Callback, JsError> {
    let text = text::Text::read(sentences).ok_or_else(|| JsError::new("no file of sentences"))?;
    let element = host.clone().into();
    let page = mount_to_renderer(&host, move || views::App::start(element, options, text));
    Ok(browser::once(move || drop(page)))
}
