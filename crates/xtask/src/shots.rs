//! `cargo xtask shots`: pictures of every screen, to be looked at.

use anyhow::Result;

use crate::{
    page, paths,
    playwright::{Run, workers},
    programs,
};

/// Starts everything on free ports and takes the pictures.
pub(crate) fn run() -> Result<bool> {
    let claim = paths::claim("shots")?;
    let page = page::build()?;
    let programs = programs::build(&paths::log("programs")?)?;
    let state = claim.folder.join("state");
    let running = [programs::start_afresh(&programs, &page, &state, None)?];
    println!("the pictures come to e2e/shots; docs/images/checkout*.png are the README's");
    Run::of("shots", &["shots"]).show(workers(&running))
}
