//! `cargo xtask bench scheduler`: how fast due subscriptions are claimed, on both databases.

use anyhow::Result;

use crate::{
    host, paths,
    postgres::{Durability, Postgres},
    process,
};

/// Measures on PostgreSQL, then on SQLite, each with a new database.
pub(super) fn run() -> Result<bool> {
    let claim = paths::claim("bench-scheduler")?;
    let folder = claim.folder.join("databases");
    paths::remove(&folder)?;
    std::fs::create_dir_all(&folder)?;
    let postgres = Postgres::start(Durability::Full)?;
    let file = format!("sqlite://{}", folder.join("scheduler.db").display());
    for (engine, url) in [("PostgreSQL", &postgres.url), ("SQLite", &file)] {
        println!("{engine}; a quiet machine tells more");
        let mut bench = host::cargo("bench --quiet --package toss-merchant --bench scheduler");
        if !process::show(bench.env("DATABASE_URL", url))? {
            return Ok(false);
        }
    }
    paths::remove(&folder)?;
    Ok(true)
}
