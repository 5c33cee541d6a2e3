//! Throws bytes at the reader of return addresses.
#![no_main]

mod check;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| check::address(bytes));
