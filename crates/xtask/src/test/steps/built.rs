//! The steps that look at the page as buyers get it, most of them with the programs behind it.

use std::path::Path;

use anyhow::{Context, Result};

use super::Shared;
use crate::{
    clients,
    count::Count,
    examples, gallery, log,
    playwright::{Run, workers},
    postgres::{Durability, Postgres},
    process, setup,
};

pub(super) fn build_page(shared: &mut Shared, _: &Path) -> Result<Count> {
    shared.page()?;
    Ok(Count::one(true))
}

pub(super) fn weigh(shared: &mut Shared, log: &Path) -> Result<Count> {
    let mut size = process::node("build/size.mjs");
    let light = log::run("size", log, size.arg(shared.page()?))?;
    let text = log::text(log);
    let verdicts: Vec<&str> = text.lines().filter(|line| line.contains("limit")).collect();
    shared.note = verdicts.join("; ");
    Ok(Count::one(light))
}

pub(super) fn drive_clients(shared: &mut Shared, log: &Path) -> Result<Count> {
    let python = clients::python()?;
    let programs = shared.programs()?.first().context("nothing runs")?;
    let count = clients::run(python.as_deref(), &programs.sandbox.origin, log)?;
    if python.is_none() {
        "without the Python client: there is no Python with venv here".clone_into(&mut shared.note);
    }
    Ok(count)
}

pub(super) fn walk_gallery(shared: &mut Shared, log: &Path) -> Result<Count> {
    let gallery = gallery::start(&setup::page()?, 0, &shared.log("gallery-build"))?;
    gallery::WALK.against(gallery.target(), log)
}

pub(super) fn smoke(shared: &mut Shared, log: &Path) -> Result<Count> {
    shared.play(Run::of("smoke", &["smoke"]), log)
}

pub(super) fn journeys(shared: &mut Shared, log: &Path) -> Result<Count> {
    shared.play(Run::of("e2e", &["desktop", "phone"]), log)
}

/// The main journeys with the backend's other database.
pub(super) fn journeys_on_postgres(shared: &mut Shared, log: &Path) -> Result<Count> {
    let server = Postgres::start(Durability::Process)?;
    let running = shared.start("postgres", |name| server.database(name).map(Some))?;
    let run = Run::of("e2e-postgres", &["desktop", "phone"]).main();
    run.against(workers(&running), log)
}

pub(super) fn embed(shared: &mut Shared, log: &Path) -> Result<Count> {
    examples::build(&shared.page()?)?;
    shared.play(Run::of("embed", &["embed", "embed-phone"]), log)
}
