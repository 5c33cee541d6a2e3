//! The queue of changes on PostgreSQL. Whatever waits while others are written shares the next statement.
//!
//! A batch never waits for another transaction: what that one has locked is left out and written by
//! itself. A change that fails does not fail the others: then each of them is written by itself.

use std::{collections::HashSet, fmt, sync::Arc};

use sea_orm::sqlx::{self, PgPool};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::{
    batch::{self, Locked},
    parts::{Parts, Shape},
    texts::Texts,
};
use crate::{
    application::{change::Committed, ports::RecordsError},
    store::{database, failures::statement_failed},
};

/// Changes in a batch at most. More would make the first one wait too long.
const GROUP: usize = 64;
/// Changes that may wait before callers have to.
const QUEUE: usize = 1024;

/// Where changes wait.
pub(in crate::store) struct Batches {
    queue: mpsc::Sender<Waiting>,
    pub(in crate::store) pool: PgPool,
}

impl fmt::Debug for Batches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches").finish_non_exhaustive()
    }
}

/// A change, and who waits for it.
struct Waiting {
    parts: Parts,
    reply: oneshot::Sender<Result<Committed, RecordsError>>,
}

impl Waiting {
    fn answer(self, result: Result<Committed, RecordsError>) {
        // Nobody waits any more when the caller was cancelled; the change stands all the same.
        let _ = self.reply.send(result);
    }
}

impl Batches {
    /// `batches`: connections that find rows by their keys; so many batches are written at once. `alone`:
    /// those of all others.
    pub(in crate::store) fn new(batches: PgPool, alone: &PgPool) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        let texts = Arc::new(Texts::default());
        for _ in 0..batches.options().get_max_connections() {
            let queue = Arc::clone(&queue);
            let texts = Arc::clone(&texts);
            tokio::spawn(work(queue, texts, batches.clone(), alone.clone()));
        }
        Self {
            queue: sender,
            pool: batches,
        }
    }

    /// Writes a change.
    pub(super) async fn write(&self, parts: Parts) -> Result<Committed, RecordsError> {
        let (reply, answer) = oneshot::channel();
        let closed = || RecordsError::Database("the writer has stopped".to_owned());
        let waiting = Waiting { parts, reply };
        self.queue.send(waiting).await.map_err(|_| closed())?;
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Closes its connections after open batches.
    pub(in crate::store) async fn close(&self) {
        self.pool.close().await;
    }
}

async fn work(
    queue: Arc<Mutex<mpsc::Receiver<Waiting>>>,
    texts: Arc<Texts>,
    batches: PgPool,
    alone: PgPool,
) {
    loop {
        let mut waiting = Vec::new();
        if queue.lock().await.recv_many(&mut waiting, GROUP).await == 0 {
            return;
        }
        let mut groups = by_shape(waiting).into_iter();
        while let Some(group) = groups.next() {
            if let Err(error) = group.write(&texts, &batches, &alone).await {
                for group in groups.by_ref() {
                    fail(group.waiting, &error);
                }
            }
        }
    }
}

/// Changes of one shape, of which no two change the same row: a statement changes a row once.
struct Group {
    rows: HashSet<(&'static str, String)>,
    waiting: Vec<Waiting>,
}

fn by_shape(all: Vec<Waiting>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for waiting in all {
        let rows: HashSet<_> = waiting.parts.rows().collect();
        let shape = &waiting.parts.shape;
        if let Some(group) = groups.iter_mut().find(|group| group.takes(shape, &rows)) {
            group.rows.extend(rows);
            group.waiting.push(waiting);
        } else {
            groups.push(Group {
                rows,
                waiting: vec![waiting],
            });
        }
    }
    groups
}

impl Group {
    fn takes(&self, shape: &Shape, rows: &HashSet<(&'static str, String)>) -> bool {
        let first = self.waiting.first();
        first.is_some_and(|first| first.parts.shape == *shape) && self.rows.is_disjoint(rows)
    }

    async fn write_together(&self, texts: &Texts, pool: &PgPool) -> Result<Vec<bool>, sqlx::Error> {
        let changes: Vec<_> = self.waiting.iter().map(|it| &it.parts).collect();
        let Some(first) = changes.first() else {
            return Ok(Vec::new());
        };
        let statement = texts
            .of(&first.shape, |shape| batch::statement(shape, Locked::Skip))
            .map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
        batch::write(pool, statement, &changes).await
    }

    /// Fails when no connection is to be had: those behind it need not wait as long for one again.
    async fn write(
        self,
        texts: &Texts,
        batches: &PgPool,
        alone: &PgPool,
    ) -> Result<(), sqlx::Error> {
        match self.write_together(texts, batches).await {
            Ok(found) => {
                for (waiting, found) in self.waiting.into_iter().zip(found) {
                    if found {
                        waiting.answer(Ok(Committed::Done));
                    } else {
                        tokio::spawn(by_itself(waiting, alone.clone()));
                    }
                }
            }
            // Nothing of it was written, perhaps because of one of them.
            Err(sqlx::Error::Database(_) | sqlx::Error::Encode(_)) => {
                for waiting in self.waiting {
                    tokio::spawn(by_itself(waiting, alone.clone()));
                }
            }
            Err(error) => {
                fail(self.waiting, &error);
                if matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) {
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}

fn fail(all: Vec<Waiting>, error: &sqlx::Error) {
    tracing::error!(%error, changes = all.len(), "changes could not be written");
    for waiting in all {
        waiting.answer(Err(statement_failed(error)));
    }
}

async fn by_itself(waiting: Waiting, pool: PgPool) {
    let result = write_by_itself(&waiting.parts, &pool).await;
    waiting.answer(result);
}

async fn write_by_itself(parts: &Parts, pool: &PgPool) -> Result<Committed, RecordsError> {
    let statement = batch::statement(&parts.shape, Locked::Wait).map_err(database)?;
    match batch::write(pool, statement.into(), &[parts]).await {
        Ok(found) if found == [true] => Ok(Committed::Done),
        Ok(_) => Ok(Committed::Stale),
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(Committed::Conflict),
        Err(error) => Err(statement_failed(&error)),
    }
}
