//! Whether the database can be used, without changing anything in it.

use std::path::Path;

use toss_checkout_contract::OrderId;

use super::Check;
use crate::{
    config::Config,
    domain::ids::ShopId,
    store::{Engine, Inspection, inspect},
};

const SUBJECT: &str = "DATABASE_URL";
/// A write-ahead log grows to some megabytes between two checkpoints; a backup needs as much as the file.
const LITTLE: u64 = 1024 * 1024 * 1024;
const TOO_LITTLE: u64 = 100 * 1024 * 1024;

/// Looks at it. Answers also the orders by which Toss's answers can be told to be those of the right contract.
pub(super) async fn examine(config: &Config) -> (Vec<Check>, Vec<(ShopId, OrderId)>) {
    let shown = config.shown_database();
    let found = match inspect(&config.database_url, &config.keys.ids()).await {
        Ok(found) => found,
        Err(error) => {
            let text = format!(
                "{shown} cannot be used: {error}; check the address, the server, and the rights of its user"
            );
            return (vec![Check::fail(SUBJECT, text)], Vec::new());
        }
    };
    let mut checks = vec![database(&shown, &found)];
    checks.extend(schema(&found));
    if let Some(sealing) = &found.sealing {
        checks.extend(super::sealing::examine(&config.keys, sealing));
    }
    checks.extend(found.file.as_deref().and_then(space));
    (checks, found.orders)
}

fn database(shown: &str, found: &Inspection) -> Check {
    let name = match found.engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    match (&found.server, found.can_write) {
        (Some(version), true) => Check::pass(SUBJECT, format!("{shown}: {name} {version}")),
        (Some(_), false) => Check::fail(
            SUBJECT,
            format!(
                "{shown} can be read and not written: give this user the right to write the file, or to create tables in the schema"
            ),
        ),
        (None, true) => Check::pass(
            SUBJECT,
            format!("{shown} does not exist yet; the start makes it"),
        ),
        (None, false) => Check::fail(
            SUBJECT,
            format!(
                "{shown} does not exist, and its folder does not, either, or cannot be written: make the folder, and give this user the right to write in it"
            ),
        ),
    }
}

fn schema(found: &Inspection) -> Option<Check> {
    const SUBJECT: &str = "tables";
    found.server.as_ref()?;
    let Inspection { schema, known, .. } = *found;
    Some(if schema == 0 {
        Check::pass(SUBJECT, "none yet; the start makes them")
    } else if schema < known {
        Check::warn(
            SUBJECT,
            format!(
                "of version {schema}; the next start upgrades them to {known}, and an older program refuses them then: make a backup before"
            ),
        )
    } else if schema == known {
        Check::pass(SUBJECT, format!("of version {known}, up to date"))
    } else {
        Check::fail(
            SUBJECT,
            format!(
                "of version {schema}, and this program knows {known}: start the newer program, or restore a backup"
            ),
        )
    })
}

/// `None` where it cannot be seen.
fn space(file: &Path) -> Option<Check> {
    const SUBJECT: &str = "free space";
    let free = free(file)?;
    let text = format!("{} MB beside {}", free / 1_000_000, file.display());
    Some(if free < TOO_LITTLE {
        Check::fail(
            SUBJECT,
            format!("{text}: nothing can be stored soon; make room"),
        )
    } else if free < LITTLE {
        Check::warn(SUBJECT, format!("{text}: a backup may not fit; make room"))
    } else {
        Check::pass(SUBJECT, text)
    })
}

#[cfg(unix)]
fn free(file: &Path) -> Option<u64> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let about = rustix::fs::statvfs(folder.unwrap_or(Path::new("."))).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}
