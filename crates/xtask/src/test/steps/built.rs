//! The steps that look at the page as buyers get it, most of them with the programs behind it.

use std::path::Path;

use anyhow::{Context, Result};

use super::{Done, Shared};
use crate::{
    clients,
    count::Count,
    examples, gallery, log, page, playwright,
    postgres::{Durability, Postgres},
    process, setup,
};

pub(super) fn build_page(shared: &mut Shared, log: &Path) -> Result<Done> {
    shared.page = Some(page::build_with(&setup::page()?, log)?);
    Ok(Count::one(true).into())
}

pub(super) fn weigh(shared: &mut Shared, log: &Path) -> Result<Done> {
    let mut size = process::node("build/size.mjs");
    let light = log::run("size", log, size.arg(shared.page()?))?;
    let text = log::text(log);
    let verdicts: Vec<&str> = text.lines().filter(|line| line.contains("limit")).collect();
    Ok(Done {
        said: verdicts.join("; "),
        ..Count::one(light).into()
    })
}

pub(super) fn drive_clients(shared: &mut Shared, log: &Path) -> Result<Done> {
    let python = clients::python()?;
    let programs = shared.programs()?.first().context("nothing runs")?;
    let count = clients::run(python.as_deref(), &programs.sandbox.origin, log)?;
    let said = match python {
        Some(_) => "",
        None => "without the Python client: there is no Python with venv here",
    };
    let said = said.to_owned();
    Ok(Done {
        said,
        ..count.into()
    })
}

pub(super) fn walk_gallery(shared: &mut Shared, log: &Path) -> Result<Done> {
    let gallery = gallery::start(&setup::page()?, 0, &shared.log("gallery-build"))?;
    Ok(gallery.walk("gallery", log)?.into())
}

pub(super) fn smoke(shared: &mut Shared, log: &Path) -> Result<Done> {
    shared.play("smoke", &["smoke"], log)
}

pub(super) fn journeys(shared: &mut Shared, log: &Path) -> Result<Done> {
    shared.play("e2e", &["desktop", "phone"], log)
}

/// The main journeys with the backend's other database.
pub(super) fn journeys_on_postgres(shared: &mut Shared, log: &Path) -> Result<Done> {
    let server = Postgres::start(Durability::Process)?;
    let running = shared.start("postgres", |name| server.database(name).map(Some))?;
    let run = playwright::Run {
        name: "e2e-postgres",
        projects: &["desktop", "phone"],
        tag: Some("@main"),
    };
    Ok(run.against(&running, log)?.into())
}

pub(super) fn embed(shared: &mut Shared, log: &Path) -> Result<Done> {
    examples::build(&shared.page()?)?;
    shared.play("embed", &["embed", "embed-phone"], log)
}
