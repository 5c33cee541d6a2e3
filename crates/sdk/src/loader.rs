//! Brings the SDK's script into the page.

use thiserror::Error;

use crate::sys;

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

/// Makes `window.TossPayments` available. Returns at once when it is there already; two calls for the
/// same source share one script; a failed load leaves nothing behind, so the next call starts anew.
///
/// # Errors
/// The last try's [`LoadError`].
pub async fn load(options: &LoadOptions) -> Result<(), LoadError> {
    let LoadOptions {
        src,
        timeout_ms,
        retries,
    } = options;
    let outcome = sys::load(src, NAMESPACE, *timeout_ms, *retries).await;
    let src = src.clone();
    // The numbers are those of `loader.js`.
    match outcome.ok().and_then(|outcome| outcome.as_f64()) {
        Some(0.0) => Ok(()),
        Some(2.0) => Err(LoadError::NoNamespace { src }),
        Some(3.0) => Err(LoadError::Timeout {
            src,
            timeout_ms: *timeout_ms,
        }),
        Some(4.0) => Err(LoadError::NoDocument),
        _ => Err(LoadError::Failed { src }),
    }
}
