//! What `cargo xtask gallery` compiles. JavaScript calls [`toss_checkout::gallery`].

use toss_checkout as _;

fn main() {
    console_error_panic_hook::set_once();
}
