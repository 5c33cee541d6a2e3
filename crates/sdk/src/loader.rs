//! Brings the SDK's script into the page.

use std::{cell::RefCell, future::Future, pin::Pin};

use futures_util::{
    FutureExt,
    future::{Either, Shared, select},
};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Promise, Reflect};
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlScriptElement;

const NAMESPACE: &str = "TossPayments";

/// How to load the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadOptions {
    /// Address of the script.
    pub src: String,
    /// How long one try may take, in milliseconds.
    pub timeout_ms: u32,
    /// How often a failed try is repeated.
    pub retries: u32,
}

impl Default for LoadOptions {
    /// Toss's script, 8 seconds, two retries.
    fn default() -> Self {
        Self {
            src: "https://js.tosspayments.com/v2/standard".to_owned(),
            timeout_ms: 8_000,
            retries: 2,
        }
    }
}

/// Why the script could not be loaded. Each try may be repeated by calling [`load`] again.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The browser could not fetch it: no network, a blocker, or a content security policy.
    #[error("the script {src} could not be loaded: check the network, blockers and the page's CSP")]
    Failed {
        /// The script.
        src: String,
    },
    /// It loaded, but did not define `window.TossPayments`.
    #[error("the script {src} did not define window.TossPayments: check its address")]
    NoNamespace {
        /// The script.
        src: String,
    },
    /// It took too long.
    #[error("the script {src} did not arrive within {timeout_ms} ms")]
    Timeout {
        /// The script.
        src: String,
        /// The limit of one try.
        timeout_ms: u32,
    },
    /// There is no document to load it into.
    #[error("there is no document: the SDK runs in a browser's page only")]
    NoDocument,
}

type Loading = Shared<Pin<Box<dyn Future<Output = Result<(), LoadError>>>>>;

thread_local! {
    /// Loads that are under way, by source: two callers share one script.
    static UNDER_WAY: RefCell<Vec<(String, Loading)>> = const { RefCell::new(Vec::new()) };
}

/// Makes `window.TossPayments` available. Returns at once when it is there already; two calls for the
/// same source share one script; a failed load leaves nothing behind, so the next call starts anew.
///
/// # Errors
/// The last try's [`LoadError`].
pub async fn load(options: &LoadOptions) -> Result<(), LoadError> {
    if has_namespace() {
        return Ok(());
    }
    let loading = UNDER_WAY.with_borrow_mut(|all| {
        if let Some((_, loading)) = all.iter().find(|(src, _)| *src == options.src) {
            return loading.clone();
        }
        let loading: Loading = FutureExt::shared(Box::pin(tries(options.clone())));
        all.push((options.src.clone(), loading.clone()));
        loading
    });
    let result = loading.await;
    UNDER_WAY.with_borrow_mut(|all| all.retain(|(src, _)| *src != options.src));
    result
}

async fn tries(options: LoadOptions) -> Result<(), LoadError> {
    let mut tried = 0;
    loop {
        match one_try(&options).await {
            Err(_) if has_namespace() => return Ok(()),
            Err(error) if tried == options.retries => return Err(error),
            Ok(()) => return Ok(()),
            Err(_) => {
                TimeoutFuture::new(pause(tried)).await;
                tried += 1;
            }
        }
    }
}

/// Milliseconds before the next try: 300, 600, 1200, … and up to half of that again, so that a
/// crowd of buyers does not come back in one wave.
fn pause(tried: u32) -> u32 {
    let base = 300 << tried.min(4);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number between 0 and base / 2"
    )]
    let jitter = (js_sys::Math::random() * f64::from(base) / 2.0) as u32;
    base + jitter
}

async fn one_try(options: &LoadOptions) -> Result<(), LoadError> {
    if has_namespace() {
        return Ok(());
    }
    let src = || options.src.clone();
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or(LoadError::NoDocument)?;
    let head = document.head().ok_or(LoadError::NoDocument)?;
    let script = document
        .create_element("script")
        .ok()
        .and_then(|element| element.dyn_into::<HtmlScriptElement>().ok())
        .ok_or(LoadError::NoDocument)?;
    script.set_src(&options.src);
    script.set_async(true);
    // The promise owns the handlers, so nothing has to be released when it settles.
    let settled = Promise::new(&mut |resolve, reject| {
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&reject));
        if head.append_child(&script).is_err() {
            script.set_onload(None);
        }
    });
    let arrival = JsFuture::from(settled);
    let outcome = match select(arrival, TimeoutFuture::new(options.timeout_ms)).await {
        Either::Left((Ok(_), _)) if has_namespace() => return Ok(()),
        Either::Left((Ok(_), _)) => LoadError::NoNamespace { src: src() },
        Either::Left((Err(_), _)) => LoadError::Failed { src: src() },
        Either::Right(_) => LoadError::Timeout {
            src: src(),
            timeout_ms: options.timeout_ms,
        },
    };
    script.remove();
    Err(outcome)
}

fn has_namespace() -> bool {
    Reflect::get(&js_sys::global(), &JsValue::from_str(NAMESPACE))
        .is_ok_and(|value| value.is_function())
}
