//! What Trunk compiles. It only begins when JavaScript calls [`toss_checkout::start`].

/// Smaller than the standard library's allocator, which saves the buyer 0.7 KB.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

fn main() {
    toss_checkout::initialize();
}
