//! What Trunk compiles. It only begins when JavaScript calls [`toss_checkout::start`].

/// A sixth of the standard library's allocator, which saves the buyer 2.4 KB.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    toss_checkout::initialize();
}
