//! What `cargo xtask gallery` compiles. JavaScript calls [`toss_checkout::gallery`].

fn main() {
    toss_checkout::initialize();
}
