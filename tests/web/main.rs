//! The page in a real browser.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "helpers of tests are no tests to clippy"
)]

mod consent;
mod direct;
mod early;
mod events;
mod form;
#[expect(clippy::disallowed_types, reason = "the stub is JavaScript")]
mod host;
mod in_app;
mod misuse;
mod outcome;
mod returning;
mod seen;
mod sessions;
mod subscription;
mod window;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
