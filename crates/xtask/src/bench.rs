//! `cargo xtask bench`: measures; what must hold is tested elsewhere.

mod merchant;
mod scheduler;

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;

use crate::{browser, host, page, paths, process, programs, tools};

/// What is measured.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum What {
    /// The page on a slow phone, beside a React page that does the same
    Page,
    /// Confirms per second, each durable, beside a server that stores nothing
    Merchant,
    /// Claims of due subscriptions per second, with up to a million stored
    Scheduler,
}

/// Measures and prints a table; true when that was possible.
pub(crate) fn run(what: What) -> Result<bool> {
    match what {
        What::Page => bench_page(),
        What::Merchant => merchant::run(),
        What::Scheduler => scheduler::run(),
    }
}

fn bench_page() -> Result<bool> {
    let claim = paths::claim("bench")?;
    let browser = browser::chromium()?;
    let reference = reference()?;
    let page = page::build()?;
    let programs = programs::build(&paths::log("programs")?)?;
    let start =
        |page, name| programs::start_afresh(&programs, page, &claim.folder.join(name), None);
    let ours = start(&page, "page")?;
    let peer = start(&reference, "react")?;
    println!("measuring; a quiet machine tells more");
    let mut node = process::node("bench/run.mjs");
    node.env("PAGE_URL", &ours.merchant.origin)
        .env("PAGE_API_KEY", &ours.api_key)
        .env("REACT_URL", &peer.merchant.origin)
        .env("REACT_API_KEY", &peer.api_key)
        .env("CHROMIUM", &browser)
        .env("CHROMIUM_FLAGS", browser::FLAGS.join(" "));
    process::show(&mut node)
}

/// Builds the React page, compressed as ours is.
fn reference() -> Result<PathBuf> {
    let folder = paths::e2e().join("bench/react");
    println!("building the React page to measure against");
    tools::npm_ci(&folder)?;
    process::must(host::npm("run --silent build").current_dir(&folder))?;
    let dist = folder.join("dist");
    process::must(process::node("build/compress.mjs").arg(&dist))?;
    Ok(dist)
}
