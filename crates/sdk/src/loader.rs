//! Brings the SDK's script into the page.

use thiserror::Error;

use crate::sys;

pub(crate) const NAMESPACE: &str = "TossPayments";

/// How to load the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadOptions {
    /// Address of the script.
    pub src: String,
    /// How long one try may take, in milliseconds; also how long a missing network is waited for.
    pub timeout_ms: u32,
    /// How often a failed try is repeated.
    pub retries: u32,
    /// The script element's `integrity`. Toss's script changes without notice, so this is for a
    /// copy of one's own.
    pub integrity: Option<String>,
    /// The script element's `nonce`, for a content security policy with nonces.
    pub nonce: Option<String>,
}

impl Default for LoadOptions {
    /// Toss's script, 8 seconds, two retries.
    fn default() -> Self {
        Self {
            src: "https://js.tosspayments.com/v2/standard".to_owned(),
            timeout_ms: 8_000,
            retries: 2,
            integrity: None,
            nonce: None,
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
    /// The browser says that there is no network, and none came back in time.
    #[error("no network within {timeout_ms} ms, so the script {src} was not asked for")]
    Offline {
        /// The script.
        src: String,
        /// How long a network was waited for.
        timeout_ms: u32,
    },
    /// There is no document to load it into.
    #[error("there is no document: the SDK runs in a browser's page only")]
    NoDocument,
}

/// Makes `window.TossPayments` available. Returns at once when it is there already, and waits for a
/// script element with the same source that somebody else has put into the page. Two calls for the
/// same source share one script; a failed load leaves nothing behind, so the next call starts anew.
/// A browser that is offline is waited for.
///
/// # Errors
/// The last try's [`LoadError`].
pub async fn load(options: &LoadOptions) -> Result<(), LoadError> {
    let LoadOptions {
        src,
        timeout_ms,
        retries,
        integrity,
        nonce,
    } = options;
    let outcome = sys::load(
        src,
        NAMESPACE,
        *timeout_ms,
        *retries,
        integrity.as_deref(),
        nonce.as_deref(),
    )
    .await;
    let (src, timeout_ms) = (src.clone(), *timeout_ms);
    // The numbers are those of `loader.js`.
    match outcome.ok().and_then(|outcome| outcome.as_f64()) {
        Some(0.0) => Ok(()),
        Some(2.0) => Err(LoadError::NoNamespace { src }),
        Some(3.0) => Err(LoadError::Timeout { src, timeout_ms }),
        Some(4.0) => Err(LoadError::NoDocument),
        Some(5.0) => Err(LoadError::Offline { src, timeout_ms }),
        _ => Err(LoadError::Failed { src }),
    }
}

/// Takes the SDK out of the page again: the script elements that [`load`] added and
/// `window.TossPayments`. The next [`load`] starts anew. Whoever waits for a load that is under way
/// still gets its answer.
pub fn clear() {
    sys::clear(NAMESPACE);
}
