//! `cargo xtask shots`: pictures of every screen, to be looked at.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    browser::{self, Use},
    e2e, page, places, process,
    programs::{self, Plan, Ports},
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
    println!("building the shop, the merchant's backend and the sandbox");
    let programs = programs::build(&places::state("logs")?.join("programs.log"))?;
    programs::forget(&claim.folder)?;
    let running = Plan {
        programs,
        page,
        state: claim.folder.clone(),
        ports: Ports::free()?,
    }
    .start()?;
    let log = places::state("logs")?.join("shots.log");
    let count = e2e::Journeys {
        name: "shots",
        projects: &["shots"],
        tag: None,
        log: &log,
    }
    .run(&[running])?;
    if count.failed > 0 {
        println!("{}", process::tail(&log, 150));
        return Ok(ExitCode::FAILURE);
    }
    println!("the pictures are in e2e/shots; docs/images/checkout.png is the README's");
    Ok(ExitCode::SUCCESS)
}
