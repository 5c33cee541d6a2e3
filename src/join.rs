//! Puts texts together.

/// One text of several. Not `format!` and not `[…].concat()`, whose general code the buyer would have
/// to download.
#[inline(never)]
pub(crate) fn join(parts: &[&str]) -> String {
    let mut whole = String::new();
    for part in parts {
        whole.push_str(part);
    }
    whole
}
