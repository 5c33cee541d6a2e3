//! The database. SQLite now; the queries are sea-orm's, so that PostgreSQL takes the same ones.
//!
//! Two rules keep money safe: every change of a session is a compare-and-set on its revision, and
//! everything that belongs to one step is one transaction.

mod attempts;
mod change;
mod convert;
#[expect(
    unreachable_pub,
    reason = "what sea-orm derives is pub, whatever the module is"
)]
mod entities;
pub(crate) mod migrations;
pub mod records;
pub mod sessions;
pub mod webhooks;

use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbErr, SqlErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use thiserror::Error;
use toss_checkout_contract::ClientKey;

use crate::clock::Millis;

/// Why the store could not do it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The database said no.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// A row that this program did not write so.
    #[error("the stored {what} of {table} cannot be read")]
    Corrupt {
        /// Where.
        table: &'static str,
        /// Which column.
        what: &'static str,
    },
    /// A later version has upgraded the file.
    #[error(
        "the database has schema version {found}, this program knows {known}: start the newer program, or restore a backup"
    )]
    Newer {
        /// In the file.
        found: usize,
        /// In this program.
        known: usize,
    },
}

/// Handle to the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    read: DatabaseConnection,
    /// SQLite has one writer at a time. Waiting for one connection is fairer and faster than
    /// waiting for its lock; the lock stays for other processes.
    write: DatabaseConnection,
    client_key: ClientKey,
}

const READERS: u32 = 4;

impl Store {
    /// Opens the file, creates it if needed, and upgrades its tables.
    ///
    /// # Errors
    /// When the file cannot be opened or written, or comes from a later version.
    pub async fn open(url: &str, client_key: ClientKey, now: Millis) -> Result<Self, StoreError> {
        let write = connect(url, 1).await?;
        let read = connect(url, READERS).await?;
        let store = Self {
            read,
            write,
            client_key,
        };
        migrations::run(&store, now).await?;
        Ok(store)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// What it says instead.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.read.ping().await?)
    }

    /// Closes the file after open statements; the write-ahead log is folded in.
    ///
    /// # Errors
    /// What the database says.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.read.close_by_ref().await?;
        self.write.close_by_ref().await?;
        Ok(())
    }

    /// A transaction that holds the write lock from its first moment, so that what it reads stays
    /// true until it commits.
    async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        Ok(self
            .write
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await?)
    }
}

async fn connect(url: &str, connections: u32) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(20))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .journal_mode(SqliteJournalMode::Wal)
                // A commit that was answered survives a power cut.
                .synchronous(SqliteSynchronous::Full)
        });
    Database::connect(options).await
}

/// Whether a constraint said that it exists already.
fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}
