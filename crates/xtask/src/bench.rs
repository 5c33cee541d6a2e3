//! `cargo xtask bench`: measures; what must hold is tested elsewhere.

use std::{
    path::PathBuf,
    process::{Command, ExitCode},
};

use anyhow::{Result, bail};
use clap::Subcommand;

use crate::{
    browser::{self, Use},
    compress, e2e, host, page, places, process,
    programs::{self, Plan, Ports},
};

/// What is measured.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum What {
    /// The page on a slow phone, beside a React page that does the same
    Page,
}

/// Measures and prints a table.
///
/// # Errors
/// Something is missing, does not build or does not start.
pub(crate) fn run(what: What) -> Result<ExitCode> {
    match what {
        What::Page => bench_page(),
    }
}

fn bench_page() -> Result<ExitCode> {
    let claim = places::claim("bench")?;
    let browser = browser::ensure(Use::BrowserOnly)?;
    e2e::install()?;
    let reference = reference()?;
    let page = page::build()?;
    println!("building the shop, the merchant's backend and the sandbox");
    let programs = programs::build(&places::state("logs")?.join("programs.log"))?;
    let start = |name: &str, page: PathBuf| {
        let state = claim.folder.join(name);
        std::fs::create_dir_all(&state)?;
        programs::forget(&state)?;
        let programs = programs.clone();
        Plan {
            programs,
            page,
            state,
            ports: Ports::free()?,
        }
        .start()
    };
    let ours = start("page", page)?;
    let peer = start("react", reference)?;
    println!("measuring; a quiet machine tells more");
    let mut node = Command::new("node");
    node.arg("bench/run.mjs")
        .current_dir(places::workspace().join("e2e"))
        .env("PAGE_URL", ours.pay())
        .env("PAGE_API_KEY", &ours.api_key)
        .env("REACT_URL", peer.pay())
        .env("REACT_API_KEY", &peer.api_key)
        .env("CHROMIUM", &browser.chromium)
        .env("CHROMIUM_FLAGS", browser::FLAGS.join(" "));
    if process::show(&mut node)? {
        Ok(ExitCode::SUCCESS)
    } else {
        Ok(ExitCode::FAILURE)
    }
}

/// Builds the React page, packed as ours is.
fn reference() -> Result<PathBuf> {
    let folder = places::workspace().join("e2e/bench/react");
    println!("building the React page to measure against");
    let npm = |args: &[&str]| {
        let mut npm = host::npm();
        npm.args(args).current_dir(&folder);
        process::show(&mut npm)
    };
    let install = [
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ];
    if !npm(&install)? || !npm(&["run", "--silent", "build"])? {
        bail!("the React page could not be built (see above); its packages come over the network");
    }
    let dist = folder.join("dist");
    compress::folder(&dist)?;
    Ok(dist)
}
