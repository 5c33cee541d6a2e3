//! Builds the pages as buyers get them, the checkout and that of a customer's subscriptions: Trunk compiles
//! each and puts it together, `e2e/build` makes its scripts and styles smaller.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::Result;
use fs_err as fs;

use crate::{log, paths, process, setup, tools};

/// The variable that cargo joins with the flags of `.cargo/config.toml`.
const RUST_FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Builds it and answers its folder.
pub(crate) fn build() -> Result<PathBuf> {
    let tools = setup::page()?;
    println!("building the page");
    let since = Instant::now();
    let dist = build_with(&tools, &paths::log("page")?)?;
    println!("built the page in {}", log::took(since.elapsed()));
    Ok(dist)
}

/// Builds it with these tools; its output goes to `log`.
pub(crate) fn build_with(tools: &[PathBuf], log: &Path) -> Result<PathBuf> {
    let folder = paths::state("page")?;
    let new = folder.join("new");
    paths::remove(&new)?;
    let subscription = new.join("subscription");
    for (name, config, dist) in [
        ("checkout", "Trunk.toml", &new),
        (
            "subscription",
            "assets/subscription/Trunk.toml",
            &subscription,
        ),
    ] {
        let build = format!("build --release --offline --config {config}");
        log::must("page", log, &mut trunk(&build, dist, tools)?)?;
        let mut smaller = process::node("build/page.mjs");
        log::must("page", log, smaller.arg(name).arg(dist))?;
    }
    // The page of an earlier build is there until this one is complete.
    let dist = folder.join("dist");
    paths::remove(&dist)?;
    fs::rename(&new, &dist)?;
    Ok(dist)
}

/// Packs a built page for npm, to be shown by other people's pages; answers the `.tgz`.
pub(crate) fn package(dist: &Path) -> Result<PathBuf> {
    tools::npm()?;
    Ok(process::read(process::node("build/package.mjs").arg(dist))?.into())
}

/// Trunk with these arguments, which builds into a folder.
pub(crate) fn trunk(args: &str, dist: &Path, tools: &[PathBuf]) -> Result<Command> {
    let mut trunk = process::command(&format!("trunk {args}"));
    trunk
        .arg("--dist")
        .arg(dist)
        .current_dir(paths::workspace())
        .env("PATH", tools::path_with(tools)?)
        .env(RUST_FLAGS, rust_flags())
        // Trunk takes the usual `NO_COLOR=1` for a flag with a wrong value.
        .env_remove("NO_COLOR");
    Ok(trunk)
}

/// The compiler's messages name source files, and a buyer is not to be told where the builder's home
/// folder is.
fn rust_flags() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = home.unwrap_or_default().join("registry").join("src");
    format!("--remap-path-prefix={}=src", sources.display())
}
