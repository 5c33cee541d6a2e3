//! What the loader or the element hands to the page: an object of options, and a few functions.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Request, Response};

#[wasm_bindgen]
extern "C" {
    /// The options: strings by the names that [`crate::config::Config`] documents.
    #[wasm_bindgen(extends = Object)]
    #[derive(Debug, Clone)]
    pub type HostOptions;

    /// Direct mode's answer to a request, see `assets/direct.js`.
    #[wasm_bindgen(method, catch, structural)]
    fn answer(this: &HostOptions, request: &Request) -> Result<Promise, JsValue>;

    /// The answer to a request that the loader has sent already, see `assets/prepare.js`; it hands each out
    /// once.
    #[wasm_bindgen(method, catch, structural)]
    fn early(this: &HostOptions, url: &str) -> Result<JsValue, JsValue>;

    /// An answer that the loader has waited for.
    #[derive(Debug)]
    pub type EarlyAnswer;

    /// Its status.
    #[wasm_bindgen(method, structural, getter)]
    pub(crate) fn status(this: &EarlyAnswer) -> u16;

    /// All that it says.
    #[wasm_bindgen(method, structural, getter)]
    pub(crate) fn text(this: &EarlyAnswer) -> String;

    /// Erases what Toss has sent, see `assets/redirect.js`.
    #[wasm_bindgen(method, catch, structural)]
    fn forget(this: &HostOptions) -> Result<(), JsValue>;

    /// The merchant's own sentences.
    #[wasm_bindgen(method, structural, getter)]
    fn texts(this: &HostOptions) -> Option<Object>;

    /// Tells the developer what is not as it should be, see `assets/develop.js`.
    #[wasm_bindgen(method, structural, getter)]
    fn develop(this: &HostOptions) -> Option<Function>;
}

impl HostOptions {
    /// An option that is text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let value = Reflect::get(self, &JsValue::from_str(name)).ok()?;
        value.as_string()
    }

    /// The merchant's own sentences by their names.
    pub(crate) fn overrides(&self) -> Vec<(String, String)> {
        let entries = self.texts().map(|texts| Object::entries(&texts));
        let entries = entries.unwrap_or_default();
        let pairs = entries.iter().filter_map(|entry| {
            let entry = Array::from(&entry);
            Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
        });
        pairs.collect()
    }

    /// Direct mode's answer.
    pub(crate) async fn direct_answer(&self, request: &Request) -> Option<Response> {
        let answer = self.answer(request).ok()?;
        some(JsFuture::from(answer).await.ok()?)
    }

    /// What Toss has sent the buyer back with: `success?` or `fail?`, and the query.
    pub(crate) fn returned(&self) -> Option<String> {
        self.text("returned")
    }

    /// Erases what Toss has sent the buyer back with.
    pub(crate) fn forget_return(&self) {
        // Fails where no loader has prepared the options: then there is nothing to erase.
        let _ = self.forget();
    }

    /// The answer to a request that was sent before the program was there; it does not wait for long.
    pub(crate) async fn early_answer(&self, url: &str) -> Option<EarlyAnswer> {
        // No detour where there is none: the request waits behind this.
        let answer: Promise = self.early(url).ok()?.dyn_into().ok()?;
        some(JsFuture::from(answer).await.ok()?)
    }

    /// Has the developer told, once the form can be used.
    pub(crate) fn tell_developer(&self, host: &Element, is_test: bool) {
        if let Some(develop) = self.develop() {
            // It reports its own failures, which are no buyer's affair.
            let _ = develop.call2(self, host, &is_test.into());
        }
    }
}

/// `undefined` stands for no answer.
fn some<T: JsCast>(answer: JsValue) -> Option<T> {
    answer.is_object().then(|| answer.unchecked_into())
}
