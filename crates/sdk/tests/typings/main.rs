//! Writes requests as TypeScript, for a compiler to hold them against Toss's own typings. `cargo
//! xtask test --only typings` does both; it says where to write to in `TYPINGS_DIR`.
//!
//! `right.ts` holds what our serializer writes: every option alone, all of them, each at its limits,
//! and many random combinations. `wrong.ts` holds the same with one fault each, every one of which
//! must be refused. `fields.ts` names what we can write, so that a field that the typings have and we
//! lack is found.
#![cfg(not(target_arch = "wasm32"))]

mod chance;
mod requests;
mod typescript;

use std::{env, error::Error, fs, path::PathBuf};

#[test]
fn every_request_within_the_limits_is_written() -> Result<(), Box<dyn Error>> {
    let folder = env::var_os("TYPINGS_DIR");
    let folder = PathBuf::from(folder.unwrap_or_else(|| env!("CARGO_TARGET_TMPDIR").into()));
    fs::create_dir_all(&folder)?;
    let cases = requests::all()?;
    fs::write(folder.join("right.ts"), typescript::right(&cases))?;
    fs::write(folder.join("wrong.ts"), typescript::wrong(&cases)?)?;
    fs::write(folder.join("fields.ts"), typescript::fields(&cases))?;
    Ok(())
}
