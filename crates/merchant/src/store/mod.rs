//! The database: SQLite or PostgreSQL, by the same entities, queries and migrations.
//!
//! Three rules keep money safe: every change of a row is a compare-and-set, everything that belongs
//! to one step is one transaction, and constraints forbid a second open attempt and a second
//! successful payment whatever the code above does.

mod api_keys;
mod api_requests;
mod audit;
mod claim;
mod columns;
mod commit;
mod connection;
mod customer_links;
#[expect(
    unreachable_pub,
    reason = "what sea-orm derives is pub, whatever the module is"
)]
mod entities;
mod failures;
mod hints;
mod inspect;
mod low_water;
mod migrations;
mod operator;
mod outbox;
mod purge;
mod records;
mod relay;
mod repository;
mod script;
mod sealing;
mod subscriptions;
mod writer;

use std::{cmp::Ordering, collections::HashMap, sync::RwLock};

use sea_orm::{DatabaseConnection, DbErr, RuntimeErr, SqlErr, sqlx};
use thiserror::Error;

use self::{
    commit::{batches::Batches, texts::Texts},
    failures::database,
    low_water::LowWater,
    writer::Writer,
};
pub use self::{
    connection::Engine,
    inspect::{Inspection, inspect},
    sealing::{Count, Sealing, listed},
};
use crate::{
    application::ports::RecordsError,
    domain::{ids::ShopId, shop::Shop, time::Millis},
};

/// Why the database cannot be used.
#[derive(Debug, Error)]
pub enum OpenError {
    /// It is no address of a database that this program knows.
    #[error("it must begin with sqlite:// or postgres://")]
    Unsupported,
    /// It could not be opened, or not be upgraded: the database's own words.
    #[error("{0}")]
    Database(String),
    /// There is no such file.
    #[error(
        "there is no such file; check the address, or have it made with: toss-merchant migrate"
    )]
    Missing,
    /// It has no tables, or those of an earlier version.
    #[error(
        "{}; upgrade it with: toss-merchant migrate, or by a restart of the server",
        behind(*found, *known)
    )]
    Older {
        /// In the database.
        found: usize,
        /// In this program.
        known: usize,
    },
    /// The file could not be made.
    #[error("the file {path} cannot be created: {cause}")]
    File {
        /// The file.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// A later version has upgraded it.
    #[error(
        "the database has schema version {found}, this program knows {known}: start the newer program, or restore a backup"
    )]
    Newer {
        /// In the database.
        found: usize,
        /// In this program.
        known: usize,
    },
}

fn behind(found: usize, known: usize) -> String {
    match found {
        0 => "the database has no tables yet".to_owned(),
        _ => format!("the database has schema version {found}, this program works with {known}"),
    }
}

impl From<DbErr> for OpenError {
    fn from(error: DbErr) -> Self {
        Self::Database(match error {
            DbErr::Conn(RuntimeErr::SqlxError(error)) => match error.as_ref() {
                sqlx::Error::PoolTimedOut => {
                    "no connection was to be had; is the server running, does it listen at this address, and has it connections left?"
                        .to_owned()
                }
                error => error.to_string(),
            },
            error => error.to_string(),
        })
    }
}

/// The database with its readers and its writer.
#[derive(Debug)]
pub struct Store {
    engine: Engine,
    read: DatabaseConnection,
    writer: Writer,
    /// On PostgreSQL.
    batches: Option<Batches>,
    /// Scripts of SQLite.
    texts: Texts,
    low_water: LowWater,
    /// Shops are few, change with the configuration only, and are needed with every session.
    shops: RwLock<HashMap<ShopId, Shop>>,
}

impl Store {
    /// Opens the database, creates it if it is a file that does not exist, and upgrades its tables.
    ///
    /// # Errors
    /// It cannot be opened or written, or comes from a later version.
    pub async fn open(url: &str, now: Millis) -> Result<Self, OpenError> {
        let (engine, read, write) = connection::open(url).await?;
        migrations::run(&write, engine, now).await?;
        Self::over(url, engine, read, write).await
    }

    /// Opens a database that exists and has the tables of this version; makes and upgrades nothing.
    ///
    /// # Errors
    /// It does not exist, cannot be opened, or has the tables of another version.
    pub async fn open_current(url: &str) -> Result<Self, OpenError> {
        let engine = Engine::of_url(url).ok_or(OpenError::Unsupported)?;
        let known = migrations::KNOWN;
        let found = inspect::schema_of(url, engine).await?;
        let found = found.ok_or(OpenError::Missing)?;
        match found.cmp(&known) {
            Ordering::Less => return Err(OpenError::Older { found, known }),
            Ordering::Greater => return Err(OpenError::Newer { found, known }),
            Ordering::Equal => {}
        }
        let (engine, read, write) = connection::open(url).await?;
        Self::over(url, engine, read, write).await
    }

    async fn over(
        url: &str,
        engine: Engine,
        read: DatabaseConnection,
        write: DatabaseConnection,
    ) -> Result<Self, OpenError> {
        let batches = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let batches = connection::for_batches(url).await?;
                let pool = DatabaseConnection::get_postgres_connection_pool;
                Some(Batches::new(pool(&batches).clone(), pool(&write)))
            }
        };
        let store = Self {
            engine,
            read,
            writer: Writer::new(engine, write),
            batches,
            texts: Texts::default(),
            low_water: LowWater::default(),
            shops: RwLock::default(),
        };
        store
            .load_shops()
            .await
            .map_err(|error| OpenError::Database(error.to_string()))?;
        Ok(store)
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Closes the database after open statements; SQLite's write-ahead log is folded in.
    ///
    /// # Errors
    /// What the database says.
    pub async fn close(&self) -> Result<(), RecordsError> {
        if let Some(batches) = &self.batches {
            batches.close().await;
        }
        self.read.close_by_ref().await.map_err(database)?;
        self.writer.close().await.map_err(database)
    }
}

/// Whether a constraint said that it exists already.
fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

#[cfg(test)]
mod tests;
