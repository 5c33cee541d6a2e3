//! Writes. On SQLite one task holds the write connection and takes every change that waits into one
//! transaction, each in a savepoint of its own: they share one `fsync`, and none is answered before it
//! is on the disk. Whatever that task waits for, all changes wait for, so most of them are scripts, which
//! are handed to SQLite's thread at once, with the savepoint. On PostgreSQL every write is a transaction of
//! its own; most changes come in batches instead (`commit/batches.rs`).

use std::fmt;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::{mpsc, oneshot};

use super::{connection::Engine, database, failures::commit_failed, script::Script};
use crate::{
    application::{change::Committed, ports::RecordsError},
    failpoints::{self, Side},
};

/// Changes that may share one transaction. More would make the first one wait too long.
const GROUP: usize = 64;
/// Changes that may wait before callers have to.
const QUEUE: usize = 1024;

/// What a write came to: `Keep` is committed, `Undo` leaves no trace.
#[derive(Debug)]
pub(super) enum Outcome<T> {
    /// Commit.
    Keep(T),
    /// Roll back.
    Undo(T),
}

/// The one way to change data.
pub(super) struct Writer {
    engine: Engine,
    connection: DatabaseConnection,
    queue: Option<mpsc::Sender<Box<dyn Job>>>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

impl Writer {
    pub(super) fn new(engine: Engine, connection: DatabaseConnection) -> Self {
        let queue = (engine == Engine::Sqlite).then(|| {
            let (sender, jobs) = mpsc::channel(QUEUE);
            tokio::spawn(write_groups(connection.clone(), jobs));
            sender
        });
        Self {
            engine,
            connection,
            queue,
        }
    }

    /// Runs `work` in a transaction. A failure of `work` rolls it back.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, RecordsError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<Outcome<T>, DbErr>>
            + Send
            + 'static,
    {
        failpoints::written::<F>(Side::Before);
        let written = match &self.queue {
            None => self.write_alone(work).await,
            Some(queue) => {
                let (reply, answer) = oneshot::channel();
                let job = Waiting {
                    work: Some(work),
                    result: None,
                    reply,
                };
                wait_for(queue, Box::new(job), answer).await
            }
        };
        failpoints::written::<F>(Side::After);
        written
    }

    /// Runs the script of a change. SQLite only.
    pub(super) async fn write_script(&self, script: Script) -> Result<Committed, RecordsError> {
        let Some(queue) = &self.queue else {
            return Err(closed());
        };
        let (reply, answer) = oneshot::channel();
        let job = Scripted {
            script,
            result: None,
            reply,
        };
        wait_for(queue, Box::new(job), answer).await
    }

    async fn write_alone<T, F>(&self, work: F) -> Result<T, RecordsError>
    where
        F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<Outcome<T>, DbErr>>,
    {
        let tx = begin(&self.connection).await.map_err(database)?;
        match work(&tx).await {
            Ok(Outcome::Keep(value)) => {
                tx.commit().await.map_err(|error| commit_failed(&error))?;
                Ok(value)
            }
            Ok(Outcome::Undo(value)) => {
                tx.rollback().await.map_err(database)?;
                Ok(value)
            }
            Err(error) => {
                tx.rollback().await.map_err(database)?;
                Err(database(error))
            }
        }
    }

    pub(super) async fn close(&self) -> Result<(), DbErr> {
        self.connection.close_by_ref().await
    }
}

async fn wait_for<T>(
    queue: &mpsc::Sender<Box<dyn Job>>,
    job: Box<dyn Job>,
    answer: oneshot::Receiver<Result<T, RecordsError>>,
) -> Result<T, RecordsError> {
    match queue.send(job).await {
        Ok(()) => answer.await.unwrap_or_else(|_| Err(closed())),
        Err(_) => Err(closed()),
    }
}

fn closed() -> RecordsError {
    RecordsError::Database("the writer has stopped".to_owned())
}

/// A transaction that holds SQLite's write lock from its first moment, so that what it reads stays true
/// until it commits.
pub(super) async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    connection
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        })
        .await
}

/// A change that waits for the writer.
#[async_trait]
trait Job: Send {
    /// Does the work in a savepoint. `false`: the database failed.
    async fn run(&mut self, tx: &DatabaseTransaction, savepoint: &mut Savepoint) -> bool;
    /// Tells the caller, once the transaction is committed or lost.
    fn answer(self: Box<Self>, committed: &Result<(), DbErr>);
}

/// The savepoint of the script that ran last. It is released together with the next script, or by the
/// commit.
#[derive(Default)]
struct Savepoint {
    is_open: bool,
}

impl Savepoint {
    /// What a script has to begin with.
    const fn next(&mut self) -> &'static str {
        if self.is_open {
            "RELEASE change;\nSAVEPOINT change;\n"
        } else {
            self.is_open = true;
            "SAVEPOINT change;\n"
        }
    }

    async fn undo(&self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        tx.execute_unprepared("ROLLBACK TO change").await?;
        Ok(())
    }

    async fn release(&mut self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        if self.is_open {
            self.is_open = false;
            tx.execute_unprepared("RELEASE change").await?;
        }
        Ok(())
    }
}

type Reply<T> = oneshot::Sender<Result<T, RecordsError>>;

/// Answers when the transaction is over.
fn answer<T>(
    reply: Reply<T>,
    committed: &Result<(), DbErr>,
    result: Option<Result<T, RecordsError>>,
) {
    let result = match (committed, result) {
        (Ok(()), Some(result)) => result,
        (Ok(()), None) => Err(closed()),
        (Err(error), _) => Err(commit_failed(error)),
    };
    // Nobody waits any more when the caller was cancelled; the change stands all the same.
    let _ = reply.send(result);
}

struct Scripted {
    script: Script,
    result: Option<Result<Committed, RecordsError>>,
    reply: Reply<Committed>,
}

#[async_trait]
impl Job for Scripted {
    async fn run(&mut self, tx: &DatabaseTransaction, savepoint: &mut Savepoint) -> bool {
        let mut committed = self.script.run(tx, savepoint.next()).await;
        if !matches!(committed, Ok(Committed::Done))
            && let Err(error) = savepoint.undo(tx).await
        {
            committed = Err(error);
        }
        let result = self.result.insert(committed.map_err(database));
        result.is_ok()
    }

    fn answer(self: Box<Self>, committed: &Result<(), DbErr>) {
        answer(self.reply, committed, self.result);
    }
}

struct Waiting<T, F> {
    work: Option<F>,
    result: Option<Result<T, RecordsError>>,
    reply: Reply<T>,
}

#[async_trait]
impl<T, F> Job for Waiting<T, F>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<Outcome<T>, DbErr>>
        + Send
        + 'static,
{
    async fn run(&mut self, tx: &DatabaseTransaction, savepoint: &mut Savepoint) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        let result = match savepoint.release(tx).await {
            Ok(()) => in_savepoint(tx, work).await,
            Err(error) => Err(error),
        };
        let result = self.result.insert(result.map_err(database));
        result.is_ok()
    }

    fn answer(self: Box<Self>, committed: &Result<(), DbErr>) {
        answer(self.reply, committed, self.result);
    }
}

async fn in_savepoint<T, F>(tx: &DatabaseTransaction, work: F) -> Result<T, DbErr>
where
    F: for<'t> FnOnce(&'t DatabaseTransaction) -> BoxFuture<'t, Result<Outcome<T>, DbErr>>,
{
    let savepoint = tx.begin().await?;
    match work(&savepoint).await {
        Ok(Outcome::Keep(value)) => {
            savepoint.commit().await?;
            Ok(value)
        }
        Ok(Outcome::Undo(value)) => {
            savepoint.rollback().await?;
            Ok(value)
        }
        Err(error) => {
            savepoint.rollback().await?;
            Err(error)
        }
    }
}

async fn write_groups(connection: DatabaseConnection, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = jobs.recv().await {
        let mut group = vec![first];
        let committed = write_group(&connection, &mut group, &mut jobs).await;
        if let Err(error) = &committed {
            tracing::error!(%error, changes = group.len(), "changes could not be written");
            renew(&connection).await;
        }
        for job in group {
            job.answer(&committed);
        }
        // What has waited meanwhile need not wait as long again.
        if let Err(error) = &committed
            && matches!(commit_failed(error), RecordsError::Unavailable(_))
        {
            while let Ok(job) = jobs.try_recv() {
                job.answer(&committed);
            }
        }
    }
}

async fn write_group(
    connection: &DatabaseConnection,
    group: &mut Vec<Box<dyn Job>>,
    jobs: &mut mpsc::Receiver<Box<dyn Job>>,
) -> Result<(), DbErr> {
    let tx = begin(connection).await?;
    let mut savepoint = Savepoint::default();
    let mut next = 0;
    while let Some(job) = group.get_mut(next) {
        if !job.run(&tx, &mut savepoint).await {
            // A full disk or a failing one makes SQLite roll everything back by itself. Then this commit
            // fails, and with it all of the group; whatever ran before it would be committed alone.
            break;
        }
        next += 1;
        if group.len() < GROUP
            && let Ok(waiting) = jobs.try_recv()
        {
            group.push(waiting);
        }
    }
    tx.commit().await
}

/// Closes the connection; the next group opens another. The driver counts transactions itself, and counts
/// one that SQLite has rolled back by itself as open for ever: the next would be a savepoint, and could stay
/// within a transaction that nobody commits while its changes are answered as written.
async fn renew(connection: &DatabaseConnection) {
    let closed = match connection.get_sqlite_connection_pool().acquire().await {
        Ok(connection) => connection.close().await,
        Err(error) => Err(error),
    };
    if let Err(error) = closed {
        tracing::error!(%error, "the connection that writes could not be closed");
    }
}

#[cfg(test)]
mod tests;
