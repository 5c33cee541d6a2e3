//! What Trunk compiles. It only begins when JavaScript calls `start`, see [`toss_checkout::start`].

use toss_checkout as _;

/// A sixth of the standard library's allocator, which saves the buyer 2.4 KB.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    // The message costs the buyer 400 bytes, and says little without names.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
}
