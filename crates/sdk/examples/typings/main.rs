//! Writes requests as TypeScript, for a compiler to hold them against Toss's own typings:
//!
//! ```text
//! cargo run -p toss-payments-sdk --example typings -- e2e/typings/sdk/generated
//! ```
//!
//! `right.ts` holds what our serializer writes: every option alone, all of them, each at its limits,
//! and many random combinations. `wrong.ts` holds the same with one fault each, every one of which
//! must be refused. `fields.ts` names what we can write, so that a field that the typings have and we
//! lack is found.

mod chance;
mod requests;
mod typescript;

use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args_os().nth(1).ok_or("name the folder to write to")?;
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    let cases = requests::all()?;
    fs::write(folder.join("right.ts"), typescript::right(&cases))?;
    fs::write(folder.join("wrong.ts"), typescript::wrong(&cases)?)?;
    fs::write(folder.join("fields.ts"), typescript::fields(&cases))?;
    Ok(())
}
