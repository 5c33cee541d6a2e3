//! `cargo xtask shots`: pictures of every screen, to be looked at.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    browser::{self, Use},
    e2e, page, places, ports, process,
    programs::{self, Plan},
};

/// Starts everything on free ports and takes the pictures.
///
/// # Errors
/// Something is missing or does not start.
pub(crate) fn run() -> Result<ExitCode> {
    let claim = places::claim("shots")?;
    browser::ensure(Use::BrowserOnly)?;
    e2e::install()?;
    let page = page::build()?;
    println!("building the sandbox and the merchant's backend");
    let programs = programs::build(&places::state("logs")?.join("programs.log"))?;
    programs::forget(&claim.folder)?;
    let [port, sandbox_port, site_port] = ports::free()?;
    let running = Plan {
        programs,
        page,
        state: claim.folder.clone(),
        port,
        sandbox_port,
        site_port,
    }
    .start()?;
    let log = places::state("logs")?.join("shots.log");
    let count = e2e::Journeys {
        name: "shots",
        projects: &["shots"],
        log: &log,
    }
    .run(&running)?;
    if count.failed > 0 {
        println!("{}", process::tail(&log, 150));
        return Ok(ExitCode::FAILURE);
    }
    println!("the pictures are in e2e/shots; docs/images/checkout.png is the README's");
    Ok(ExitCode::SUCCESS)
}
