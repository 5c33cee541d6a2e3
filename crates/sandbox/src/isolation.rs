//! Pages with `Cross-Origin-Embedder-Policy: require-corp` load only what says that it may be loaded. Whether Toss's
//! content delivery network and window say so is not documented: by default the sandbox's do not.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// Lets a page of any origin load this.
pub(crate) fn allow_embedding(headers: &mut HeaderMap) {
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
}

/// The same for a document in a frame, which must keep to the policy itself.
pub(crate) fn allow_framing(headers: &mut HeaderMap) {
    allow_embedding(headers);
    headers.insert(
        HeaderName::from_static("cross-origin-embedder-policy"),
        HeaderValue::from_static("require-corp"),
    );
}
