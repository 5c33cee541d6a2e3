//! `cargo xtask audit`: licences, bans, sources; known vulnerabilities where their list can be had.

use anyhow::Result;

use crate::{paths, process, tools};

/// Runs cargo-deny by the rules of `deny.toml`; true when it has nothing to object to.
pub(crate) fn run() -> Result<bool> {
    let path = tools::path_with(&[tools::CARGO_DENY.ensure()?])?;
    let deny = |args: &str| {
        let mut deny = process::command(&format!("cargo-deny --all-features {args}"));
        process::show(deny.current_dir(paths::workspace()).env("PATH", &path))
    };
    let mut fine = deny("check licenses bans sources")?;
    println!("fetching the list of known vulnerabilities");
    if deny("fetch db")? {
        fine &= deny("check --disable-fetch advisories")?;
    } else {
        println!(
            "not checked: known vulnerabilities, because their list cannot be reached from here"
        );
    }
    Ok(fine)
}
