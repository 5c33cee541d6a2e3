//! The database: SQLite or PostgreSQL, by the same entities, queries and migrations.
//!
//! Three rules keep money safe: every change of a row is a compare-and-set, everything that belongs
//! to one step is one transaction, and constraints forbid a second open attempt and a second
//! successful payment whatever the code above does.

mod api_keys;
mod api_requests;
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
mod subscriptions;
mod writer;

use std::{collections::HashMap, sync::RwLock};

use sea_orm::{DatabaseConnection, DbErr, SqlErr};
use thiserror::Error;

use self::{commit::batches::Batches, low_water::LowWater, writer::Writer};
pub use self::{
    connection::Engine,
    inspect::{Inspection, inspect},
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
    /// It could not be opened, or not be upgraded.
    #[error("{0}")]
    Database(#[from] DbErr),
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

/// The database with its readers and its writer.
#[derive(Debug)]
pub struct Store {
    engine: Engine,
    read: DatabaseConnection,
    writer: Writer,
    /// On PostgreSQL.
    batches: Option<Batches>,
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
            low_water: LowWater::default(),
            shops: RwLock::default(),
        };
        store
            .load_shops()
            .await
            .map_err(|error| OpenError::Database(DbErr::Custom(error.to_string())))?;
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

/// A failure of the database as the use cases see it.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what `map_err` hands over"
)]
fn database(error: DbErr) -> RecordsError {
    RecordsError::Database(error.to_string())
}

/// Whether a constraint said that it exists already.
fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

#[cfg(test)]
mod tests;
