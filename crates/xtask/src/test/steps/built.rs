//! The steps that look at the page as buyers get it, most of them with the programs behind it.

use std::path::Path;

use anyhow::{Context, Result};

use super::{Done, Shared, WORKERS};
use crate::{
    clients,
    count::Count,
    examples, gallery, page, playwright,
    postgres::{self, Durability, Postgres},
    programs, setup, size,
};

pub(super) fn build_page(shared: &mut Shared, log: &Path) -> Result<Done> {
    shared.page = Some(page::build_with(&setup::page()?, log)?);
    Ok(Count::one(true).into())
}

pub(super) fn weigh(shared: &mut Shared, _: &Path) -> Result<Done> {
    let mut count = Count::default();
    let mut said = Vec::new();
    for weight in size::weigh(&shared.page()?)? {
        count += Count::one(weight.is_light());
        said.push(if weight.is_light() {
            weight.verdict()
        } else {
            weight.table()
        });
    }
    let said = said.join("; ");
    Ok(Done { count, said })
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
    Ok(Done { count, said })
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
    let page = shared.page()?;
    let programs = programs::build(&shared.log("programs"))?;
    let server = Postgres::start(&postgres::ensure()?, Durability::Process)?;
    let mut running = Vec::new();
    for worker in 0..WORKERS {
        let name = format!("postgres-{worker}");
        let (state, database) = (shared.claim.folder.join(&name), server.database(&name)?);
        running.push(programs::start_afresh(
            &programs,
            &page,
            &state,
            Some(database),
        )?);
    }
    let run = playwright::Run {
        name: "e2e-postgres",
        projects: &["desktop", "phone"],
        tag: Some("@main"),
    };
    Ok(run.against(&running, log)?.into())
}

pub(super) fn embed(shared: &mut Shared, log: &Path) -> Result<Done> {
    examples::build(&shared.page()?, &setup::page()?)?;
    shared.play("embed", &["embed", "embed-phone"], log)
}
