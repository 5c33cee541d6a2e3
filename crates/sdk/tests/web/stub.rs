//! See `stub.js`. All tests share one document, so a [`Guard`] puts everything back.

use serde_json::Value;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/web/stub.js")]
extern "C" {
    fn install(behaviour: &str);
    fn calls() -> String;
    pub(crate) fn good() -> String;
    pub(crate) fn empty() -> String;
    pub(crate) fn ran() -> u32;
    pub(crate) fn elements(src: &str) -> u32;
    pub(crate) fn host_adds(src: &str);
    pub(crate) fn host_failures() -> u32;
    pub(crate) fn was_fetched(src: &str) -> bool;
    fn attributes(src: &str) -> String;
    pub(crate) fn intercept(kind: &str, ms: i32);
    fn asked() -> String;
    pub(crate) fn offline(is: bool);
    fn restore();
    fn written(base: &str, pairs: &str) -> String;
}

/// Puts everything back when it is dropped.
pub(crate) struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        toss_payments_sdk::clear();
        restore();
    }
}

/// The stub, with functions that behave as told.
pub(crate) fn stub(behaviour: &Value) -> Guard {
    install(&behaviour.to_string());
    Guard
}

fn read(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

/// What was called, in order.
pub(crate) fn called() -> Vec<Value> {
    read(&calls()).as_array().unwrap().clone()
}

/// The addresses that were asked for.
pub(crate) fn asked_for() -> Vec<String> {
    serde_json::from_str(&asked()).unwrap()
}

pub(crate) fn attributes_of(src: &str) -> Value {
    read(&attributes(src))
}

/// An address as the browser's URL API writes it.
pub(crate) fn address(base: &str, pairs: &[(&str, &str)]) -> String {
    written(base, &serde_json::to_string(pairs).unwrap())
}
