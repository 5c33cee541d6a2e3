//! The crate in a real browser, with a stub in the place of Toss's script.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "helpers of tests are no tests to clippy"
)]

mod calls;
mod loader;
mod redirect;
mod stub;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
