//! Connections to either engine.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, RuntimeErr, Statement,
    TryGetable,
    sqlx::{
        self,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

use super::OpenError;

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the program.
    Sqlite,
    /// A server that several copies of the program share.
    Postgres,
}

/// How long a statement waits for a connection, or for the lock of a SQLite file that another process writes.
/// Then whoever asked is told that the database cannot be used at the moment.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the start waits for a server that is starting, too.
const START: Duration = Duration::from_secs(20);

const SQLITE_READERS: u32 = 4;
/// What undoes a change, which has a savepoint of its own, is held in memory and not in a file. The pages that most
/// changes touch stay in memory, too: 16 MB of them, which are taken as they are needed.
const SQLITE_WRITER: [(&str, &str); 2] = [("temp_store", "memory"), ("cache_size", "-16000")];
/// For reading, and for transactions of several statements. Most changes come in batches.
const POSTGRES_CONNECTIONS: u32 = 24;
/// One batch of changes waits for the disk while the other is worked on.
const POSTGRES_BATCHES: u32 = 2;
/// A copy that is stopped, or whose machine is gone, in the middle of a change must not hold rows for
/// longer than this: the others wait for them. No change of ours pauses for a second.
const GIVE_UP_STANDSTILL: &str = "SET idle_in_transaction_session_timeout = '30s'";

/// For statements that find every row by its key: they are planned once, as if only the number of rows
/// counted that are touched. A plan that fits tables while they are small reads them whole, and would be
/// kept when they have grown.
const BY_KEY: [&str; 3] = [
    "SET plan_cache_mode = force_generic_plan",
    "SET random_page_cost = 0",
    "SET cpu_operator_cost = 0",
];

impl Engine {
    /// By the beginning of a `DATABASE_URL`.
    pub fn of_url(url: &str) -> Option<Self> {
        let scheme = url.split(':').next().unwrap_or_default();
        match scheme {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            _ => None,
        }
    }
}

/// Answers connections for reading and for writing.
pub(super) async fn open(
    url: &str,
) -> Result<(Engine, DatabaseConnection, DatabaseConnection), OpenError> {
    match Engine::of_url(url) {
        None => Err(OpenError::Unsupported),
        Some(Engine::Sqlite) => {
            create_private(url)?;
            // SQLite has one writer at a time. Waiting for one connection is fairer and faster than
            // waiting for its lock; the lock stays for other processes.
            let write = sqlite(url, 1, &SQLITE_WRITER).await?;
            let read = sqlite(url, SQLITE_READERS, &[]).await?;
            Ok((Engine::Sqlite, read, write))
        }
        Some(Engine::Postgres) => {
            let pool = postgres(url, POSTGRES_CONNECTIONS, &[GIVE_UP_STANDSTILL]).await?;
            Ok((Engine::Postgres, pool.clone(), pool))
        }
    }
}

/// Connections for statements that find every row by a key.
pub(super) async fn for_batches(url: &str) -> Result<DatabaseConnection, DbErr> {
    let settings = [&[GIVE_UP_STANDSTILL], &BY_KEY[..]].concat();
    postgres(url, POSTGRES_BATCHES, &settings).await
}

async fn postgres(
    url: &str,
    connections: u32,
    settings: &[&'static str],
) -> Result<DatabaseConnection, DbErr> {
    let settings: Arc<[&'static str]> = settings.into();
    let mut options = options(url, connections);
    options.map_sqlx_postgres_pool_opts(move |pool| {
        let settings = Arc::clone(&settings);
        pool.after_connect(move |connection, _| {
            let settings = Arc::clone(&settings);
            Box::pin(async move {
                for setting in settings.iter() {
                    sqlx::query(*setting).execute(&mut *connection).await?;
                }
                Ok(())
            })
        })
    });
    let began = Instant::now();
    loop {
        match Database::connect(options.clone()).await {
            Err(error) if is_starting(&error) && began.elapsed() < START => {}
            connected => return connected,
        }
    }
}

/// Nobody listens there yet, or no connection is free.
fn is_starting(error: &DbErr) -> bool {
    let DbErr::Conn(RuntimeErr::SqlxError(error)) = error else {
        return false;
    };
    matches!(error.as_ref(), sqlx::Error::PoolTimedOut)
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        // One that was used just now is most likely still there; asking it costs as much as a query.
        .test_before_acquire_if_idle_for(Duration::from_millis(500))
        .sqlx_logging(false);
    options
}

async fn sqlite(
    url: &str,
    connections: u32,
    pragmas: &'static [(&str, &str)],
) -> Result<DatabaseConnection, DbErr> {
    let mut options = options(url, connections);
    options.map_sqlx_sqlite_opts(|options| {
        let options = pragmas.iter().fold(options, |options, (name, value)| {
            options.pragma(*name, *value)
        });
        options
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .journal_mode(SqliteJournalMode::Wal)
            // A commit that was answered survives a power cut.
            .synchronous(SqliteSynchronous::Full)
    });
    Database::connect(options).await
}

/// One connection, to look at a database that exists; changes nothing in it.
pub(super) async fn open_one(url: &str, engine: Engine) -> Result<DatabaseConnection, DbErr> {
    let mut options = options(url, 1);
    options.acquire_timeout(Duration::from_secs(5));
    if engine == Engine::Sqlite {
        options.map_sqlx_sqlite_opts(|options| options.create_if_missing(false));
    }
    Database::connect(options).await
}

/// The only value that a query answers.
pub(super) async fn one<T: TryGetable>(
    database: &DatabaseConnection,
    query: &str,
) -> Result<Option<T>, DbErr> {
    let statement = Statement::from_string(database.get_database_backend(), query);
    match database.query_one_raw(statement).await? {
        Some(row) => row.try_get_by_index(0),
        None => Ok(None),
    }
}

/// The file that an address of SQLite names.
pub(super) fn file(url: &str) -> PathBuf {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    path.split('?').next().unwrap_or_default().into()
}

/// Makes a missing file so that its owner alone may read it: it holds names and sealed keys. SQLite
/// gives its journal the same permissions.
fn create_private(url: &str) -> Result<(), OpenError> {
    let path = file(url);
    if path.as_os_str().is_empty() || path == Path::new(":memory:") {
        return Ok(());
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&path) {
        Ok(_) => Ok(()),
        // A folder that does not exist, or no right to write: said with the file's name.
        Err(cause) => Err(OpenError::File {
            path: path.display().to_string(),
            cause,
        }),
    }
}
