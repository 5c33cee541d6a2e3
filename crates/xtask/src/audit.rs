//! `cargo xtask audit`: licences, bans, sources; known vulnerabilities where their list can be had.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::{places, process, tools};

/// Runs cargo-deny by the rules of `deny.toml`.
///
/// # Errors
/// cargo-deny cannot be installed or started.
pub(crate) fn run() -> Result<ExitCode> {
    let folder = tools::CARGO_DENY.ensure()?;
    tools::tidy()?;
    let path = tools::path_with(&[folder])?;
    let deny = |args: &[&str]| {
        let mut command = Command::new("cargo-deny");
        command.args(["--all-features"]).args(args);
        command.current_dir(places::workspace()).env("PATH", &path);
        process::show(&mut command)
    };
    let mut fine = deny(&["check", "licenses", "bans", "sources"])?;
    println!("fetching the list of known vulnerabilities");
    if deny(&["fetch", "db"])? {
        fine &= deny(&["check", "--disable-fetch", "advisories"])?;
    } else {
        println!(
            "not checked: known vulnerabilities, because their list cannot be reached from here"
        );
    }
    Ok(if fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
