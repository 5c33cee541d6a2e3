//! Builds the page as buyers get it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{pack, places, process, setup, shrink, target, tools};

const LIMIT: Duration = Duration::from_mins(40);

/// `cargo xtask page`.
///
/// # Errors
/// Something is missing, or it does not compile.
pub(crate) fn run() -> Result<ExitCode> {
    println!("{}", build()?.display());
    Ok(ExitCode::SUCCESS)
}

/// Builds it and answers its folder.
///
/// # Errors
/// Something is missing, or it does not compile.
pub(crate) fn build() -> Result<PathBuf> {
    let tools = setup::page()?;
    println!("building the page");
    let since = Instant::now();
    let log = places::state("logs")?.join("page.log");
    let dist = build_with(&tools, &log)?;
    println!("built the page in {}", process::took(since.elapsed()));
    Ok(dist)
}

/// Builds it with these tools; its output goes to `log`.
///
/// # Errors
/// It does not compile.
pub(crate) fn build_with(tools: &[PathBuf], log: &Path) -> Result<PathBuf> {
    let build = places::wait_for("page")?;
    let new = build.folder.join("new");
    tools::remove(&new)?;
    let mut trunk = Command::new("trunk");
    trunk
        .args(["build", "--release", "--offline", "--dist"])
        .arg(&new);
    trunk.current_dir(places::workspace());
    trunk
        .env("PATH", tools::path_with(tools)?)
        .env("CARGO_TARGET_DIR", target::folder()?)
        .env("CARGO_ENCODED_RUSTFLAGS", target::flags_of_the_page());
    // Trunk takes the usual `NO_COLOR=1` for a flag with a wrong value.
    trunk.env_remove("NO_COLOR");
    let job = process::Logged {
        name: "page",
        log: log.to_path_buf(),
        limit: LIMIT,
    };
    if !job.run(&mut trunk)? {
        bail!("the page could not be built:\n{}", process::tail(log, 60));
    }
    let compiled = target::folder()?.join("wasm-bindgen/release/toss-checkout_bg.wasm");
    shrink::page(&new, &compiled, tools)
        .context("the page was built, but could not be made smaller")?;
    pack::folder(&new)?;
    // The page of an earlier build is there until this one is complete.
    let dist = build.folder.join("dist");
    tools::remove(&dist)?;
    fs::rename(&new, &dist).with_context(|| format!("cannot write {}", dist.display()))?;
    Ok(dist)
}
