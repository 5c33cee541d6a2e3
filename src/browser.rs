//! The few things of the browser that the page needs. See `browser.js` for how.
#![expect(
    clippy::disallowed_types,
    reason = "the imports' own types; the rest of the page sees none of them by name"
)]

use toss_payments_sdk::{Surroundings, WindowTarget, WindowTargetError};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Response};

#[wasm_bindgen(module = "/src/browser.js")]
extern "C" {
    /// Everything that is asked of the browser with a scope ends with it.
    #[derive(Debug, Clone)]
    pub(crate) type Scope;
    /// One for each page.
    pub(crate) fn scope() -> Scope;
    /// Ends it.
    pub(crate) fn end(scope: &Scope);

    /// Whether the address bar shows this address: the same place, with all its parameters.
    #[wasm_bindgen(js_name = isAt)]
    pub(crate) fn is_at(address: &str) -> bool;
    /// The address bar without our parameters, and without Toss's where the buyer `returned` from it.
    #[wasm_bindgen(js_name = ownAddress)]
    pub(crate) fn own_address(returned: bool) -> String;
    /// The address bar's query, with its `?`.
    pub(crate) fn query() -> String;
    /// Puts an address into the address bar without loading it, and without leaving the old one
    /// behind.
    #[wasm_bindgen(js_name = replaceAddress)]
    pub(crate) fn replace_address(address: &str);
    #[wasm_bindgen(catch, js_name = sentences)]
    async fn sentences_value(
        options: &Options,
        lang: &str,
        whole: bool,
    ) -> Result<JsValue, JsValue>;
    /// What the browser calls itself.
    #[wasm_bindgen(js_name = userAgent)]
    pub(crate) fn user_agent() -> String;
    fn width() -> u32;
    #[wasm_bindgen(js_name = hasCoarsePointer)]
    fn has_coarse_pointer() -> bool;
    #[wasm_bindgen(js_name = isFramed)]
    fn is_framed() -> bool;
    /// Text as it stands in a parameter of an address.
    pub(crate) fn encoded(text: &str) -> String;
    /// Tells the developer what is not as it should be, though the buyer can go on, see `develop.js`.
    pub(crate) fn develop(options: &Options, host: &Element, is_test: bool, scope: &Scope);

    /// Keeps a value in the tab's storage; false where the browser has none.
    pub(crate) fn keep(name: &str, value: &JsValue) -> bool;
    /// What was kept, `undefined` or `null` when nothing was.
    pub(crate) fn kept(name: &str) -> JsValue;
    /// Erases what was kept.
    pub(crate) fn forget(name: &str);

    /// A `GET`, or a `POST` of JSON where there is a body, that is given up after `timeout`
    /// milliseconds.
    #[wasm_bindgen(catch)]
    pub(crate) fn request(
        url: &str,
        body: &JsValue,
        timeout: u32,
        scope: &Scope,
    ) -> Result<web_sys::Request, JsValue>;
    #[wasm_bindgen(catch, js_name = answer)]
    async fn answer_value(
        options: &Options,
        request: &web_sys::Request,
        timeout: u32,
    ) -> Result<JsValue, JsValue>;
    /// Reads JSON; `undefined` when it is none.
    pub(crate) fn parse(text: &str) -> JsValue;
    /// An object's field; `undefined` when it has none, or is no object.
    pub(crate) fn field(of: &JsValue, name: &str) -> JsValue;
    /// A field that is text.
    pub(crate) fn text(of: &JsValue, name: &str) -> Option<String>;
    /// A field that is a list of words; with commas between them.
    pub(crate) fn words(of: &JsValue, name: &str) -> Option<String>;
    /// A field that is true or false.
    pub(crate) fn flag(of: &JsValue, name: &str) -> Option<bool>;
    /// A field that is a whole number, not negative, that JavaScript holds exactly.
    pub(crate) fn whole(of: &JsValue, name: &str) -> Option<f64>;

    /// Waits.
    #[wasm_bindgen(catch)]
    pub(crate) async fn sleep(ms: u32) -> Result<JsValue, JsValue>;
    /// Follows a stream of `session` events. While it is down, calls `ask` every few seconds.
    pub(crate) fn follow(
        options: &Options,
        address: &str,
        news: &Callback,
        ask: &Callback,
        scope: &Scope,
    );
    /// Whether the browser says that it has no network. What it says otherwise is no promise.
    #[wasm_bindgen(js_name = isOffline)]
    pub(crate) fn is_offline() -> bool;
    /// Calls back with `true` when the browser brings the page back from its back-forward cache,
    /// with `false` when the buyer comes back to the tab, and with nothing when the browser has a
    /// network again.
    #[wasm_bindgen(js_name = onReturn)]
    pub(crate) fn on_return(returned: &Callback, scope: &Scope);

    /// An element; without a class attribute for an empty class.
    pub(crate) fn create(tag: &str, class: &str) -> Element;
    /// Another child.
    pub(crate) fn append(parent: &Element, child: Element);
    /// Text as another child.
    #[wasm_bindgen(js_name = append)]
    pub(crate) fn append_text(parent: &Element, words: &str);
    /// Puts an element in the place of another.
    pub(crate) fn replace(old: &Element, element: &Element);
    #[wasm_bindgen(js_name = setAttribute)]
    pub(crate) fn set_attribute(element: &Element, name: &str, value: &str);
    /// Replaces what an element says.
    #[wasm_bindgen(js_name = setText)]
    pub(crate) fn set_text(element: &Element, words: &str);
    /// Sets a property.
    pub(crate) fn assign(element: &Element, name: &str, value: bool);
    /// Calls back in the place of what the browser would do.
    pub(crate) fn listen(element: &Element, event: &str, handler: &Callback, scope: &Scope);
    /// Removes all children.
    pub(crate) fn clear(element: &Element);

    /// Tells whoever listens on `host` or above, also from inside a shadow root: the event
    /// `toss-checkout:NAME`. With a name for `once` only once for ever in this browser.
    pub(crate) fn tell(host: &Element, name: &str, detail: &JsValue, once: Option<&str>);
    /// Tells in which language the page is, so that it is read aloud and hyphenated rightly.
    pub(crate) fn speak(host: &Element, lang: &str);
    /// Says what a screen is in the document around it.
    pub(crate) fn place(host: &Element, screen: &Element);
    /// Says something aloud that is shown as well. By the only live region, so that nothing is said twice.
    pub(crate) fn announce(host: &Element, words: &str);
    /// Puts the focus on what a selector finds.
    pub(crate) fn focus(host: &Element, what: &str);
    /// Calls back every second for as long as the element is in the document.
    #[wasm_bindgen(js_name = everySecond)]
    pub(crate) fn every_second(element: &Element, tick: &Callback, scope: &Scope);

    /// Puts text on the clipboard. Fails where there is none, as in some in-app browsers.
    #[wasm_bindgen(catch)]
    pub(crate) async fn copy(text: &str) -> Result<JsValue, JsValue>;

    /// Opens the browser's print dialog, where it has one.
    pub(crate) fn print();

    /// A number with the separators of a language.
    pub(crate) fn digits(number: f64, lang: &str) -> String;
    /// `11월 24일 (화) 오후 11:59` in Korean time.
    #[wasm_bindgen(js_name = koreanTime)]
    pub(crate) fn korean_time(moment: &str, lang: &str) -> String;
    /// Milliseconds until a moment, `NaN` for a day that does not exist.
    #[wasm_bindgen(js_name = msUntil)]
    pub(crate) fn ms_until(moment: &str) -> f64;
}

/// The answer to a request that need not be sent: one that was sent before the page's code was there,
/// waited for no longer than `timeout` milliseconds, or that of direct mode.
pub(crate) async fn answer(
    options: &Options,
    request: &web_sys::Request,
    timeout: u32,
) -> Option<Response> {
    let answer = answer_value(options, request, timeout).await.ok()?;
    (!answer.is_undefined()).then(|| answer.unchecked_into())
}

/// The sentences of a language, by the page's options: those that the form needs, or the `whole` of
/// them; `None` when they do not arrive.
pub(crate) async fn sentences(options: &Options, lang: &str, whole: bool) -> Option<String> {
    sentences_value(options, lang, whole)
        .await
        .ok()?
        .as_string()
}

/// What JavaScript calls. One signature for all: each further one brings its own glue code.
pub type Callback = JsValue;

/// Keeps a [`Callback`] callable; what it holds is freed when this is dropped.
pub(crate) type Call = Closure<dyn FnMut(JsValue)>;

/// Makes a closure that JavaScript can call.
pub(crate) fn call(call: impl FnMut(JsValue) + 'static) -> Call {
    Closure::new(call)
}

/// The page's options: an object of strings.
pub type Options = JsValue;

/// Hands a closure to JavaScript that is called once, whose garbage collector frees it otherwise.
pub(crate) fn once(call: impl FnOnce() + 'static) -> Callback {
    Closure::once_into_js(call)
}

/// Where Toss's window can open here. `wanted` is what the merchant wants of a desktop: a phone gets
/// what Toss allows there.
///
/// # Errors
/// Toss's window cannot open here at all.
pub(crate) fn window_target(
    wanted: Option<WindowTarget>,
) -> Result<WindowTarget, WindowTargetError> {
    let user_agent = user_agent();
    let here = Surroundings {
        user_agent: &user_agent,
        width: width(),
        coarse_pointer: has_coarse_pointer(),
        framed: is_framed(),
    };
    WindowTarget::choose(here, wanted.filter(|_| !here.is_phone()))
}
