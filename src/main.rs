//! Trunk's binary: the standalone page.

fn main() {
    console_error_panic_hook::set_once();
    toss_checkout::mount_page();
}
