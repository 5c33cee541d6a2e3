//! What requests may be at the most.

/// The largest body of any request, in bytes.
pub(crate) const MAX_BODY: usize = 64 * 1024;
