//! What is on this machine.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Result, bail, ensure};

use crate::{paths, process};

/// A program that a variable names, or that is on PATH or in a place of its own.
pub(crate) fn find(variable: &str, names: &[&str]) -> Option<PathBuf> {
    let set = env::var_os(variable).map(which::which);
    let found = names.iter().map(which::which);
    set.into_iter().chain(found).flatten().next()
}

/// The cargo that started us, with these arguments, in the workspace.
pub(crate) fn cargo(args: &str) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(args.split_whitespace());
    cargo.current_dir(paths::workspace());
    cargo
}

/// npm with these arguments; it says nothing but errors.
pub(crate) fn npm(args: &str) -> Command {
    // A script with its own ending on Windows.
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(args.split_whitespace());
    npm.args(["--no-audit", "--no-fund", "--loglevel=error"]);
    npm
}

/// Fails when Node is missing or too old.
pub(crate) fn need_node() -> Result<()> {
    const FIX: &str = "install Node 20 or newer with npm (https://nodejs.org) and run this again";
    let said = process::ask(&mut process::command("node --version"));
    let major = |said: &str| said.trim_start_matches('v').split('.').next()?.parse().ok();
    let recent = said
        .as_deref()
        .and_then(major)
        .is_some_and(|major: u32| major >= 20);
    let found = said.as_deref().unwrap_or("missing");
    ensure!(recent, "Node is {found}; {FIX}");
    let npm = process::ask(&mut npm("--version"));
    ensure!(npm.is_some(), "npm is missing; {FIX}");
    Ok(())
}

/// Installs Debian's packages of these names when we are root there, and says how to do it elsewhere.
pub(crate) fn install(names: &str, purpose: &str, homebrew: &str) -> Result<()> {
    if cfg!(target_os = "macos") {
        bail!("run: brew install {homebrew}");
    }
    if !is_debian() {
        bail!("install with your system's packages what Debian calls {names}");
    }
    if !is_root() {
        bail!("run: sudo apt-get install {names}");
    }
    println!("setting up {names}: {purpose}");
    let apt = |args: &str| {
        let mut apt = process::command("apt-get -q -o DPkg::Lock::Timeout=300");
        apt.args(args.split_whitespace());
        process::show(apt.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    if !apt("update")? || !apt(&format!("install --yes --no-install-recommends {names}"))? {
        bail!("apt-get failed (see above); the packages come over the network");
    }
    Ok(())
}

/// Debian itself: Ubuntu's `chromium` is a snap, which a driver cannot start.
pub(crate) fn is_debian() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| line.trim() == "ID=debian") && which::which("apt-get").is_ok()
}

/// Whether we are root, with whose rights Chromium's own sandbox does not start.
pub(crate) fn is_root() -> bool {
    #[cfg(unix)]
    return nix::unistd::geteuid().is_root();
    #[cfg(not(unix))]
    false
}
