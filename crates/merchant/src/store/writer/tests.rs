//! Transactions that SQLite ends by itself, as it does when the disk is full.

use std::sync::Arc;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use tokio::{sync::oneshot, task::JoinHandle};

use super::*;

struct Notes {
    writer: Arc<Writer>,
    read: DatabaseConnection,
    _folder: tempfile::TempDir,
}

impl Notes {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("n.db").display());
        let (_, read, write) = crate::store::connection::open(&url).await.unwrap();
        for sql in [
            "CREATE TABLE notes (id TEXT PRIMARY KEY)",
            "CREATE TABLE parts (of TEXT NOT NULL REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)",
        ] {
            write.execute_unprepared(sql).await.unwrap();
        }
        Self {
            writer: Arc::new(Writer::new(Engine::Sqlite, write)),
            read,
            _folder: folder,
        }
    }

    /// Runs a statement in a change of its own, kept or undone.
    fn write(&self, sql: &'static str, keep: bool) -> JoinHandle<Result<(), RecordsError>> {
        let writer = Arc::clone(&self.writer);
        tokio::spawn(async move {
            writer
                .write(move |tx| {
                    Box::pin(async move {
                        tx.execute_unprepared(sql).await?;
                        Ok(if keep {
                            Outcome::Keep(())
                        } else {
                            Outcome::Undo(())
                        })
                    })
                })
                .await
        })
    }

    async fn written(&self, sql: &'static str) -> bool {
        self.write(sql, true).await.unwrap().is_ok()
    }

    /// Keeps the writer busy until told, so that what comes meanwhile shares a transaction.
    async fn hold(&self) -> oneshot::Sender<()> {
        let (release, released) = oneshot::channel::<()>();
        let (begin, started) = oneshot::channel();
        let writer = Arc::clone(&self.writer);
        tokio::spawn(async move {
            writer
                .write(move |_| {
                    Box::pin(async move {
                        let _ = begin.send(());
                        let _ = released.await;
                        Ok(Outcome::Keep(()))
                    })
                })
                .await
        });
        started.await.unwrap();
        release
    }

    /// What everybody else sees.
    async fn has(&self, id: &str) -> bool {
        let select = Query::select()
            .column("id")
            .from("notes")
            .and_where(Expr::col("id").eq(id))
            .to_owned();
        self.read.query_one(&select).await.unwrap().is_some()
    }
}

/// As a statement ends that finds the disk full: it fails, and the transaction is gone.
const ROLLED_BACK: &str = "INSERT OR ROLLBACK INTO notes VALUES ('first')";

#[tokio::test]
async fn what_shared_a_transaction_that_is_gone_is_not_answered_as_written() {
    let notes = Notes::open().await;
    assert!(notes.written("INSERT INTO notes VALUES ('first')").await);
    let release = notes.hold().await;
    let good = notes.write("INSERT INTO notes VALUES ('good')", true);
    let bad = notes.write(ROLLED_BACK, true);
    let undone = notes.write("INSERT INTO notes VALUES ('undone')", false);
    release.send(()).unwrap();
    assert!(bad.await.unwrap().is_err());
    assert_eq!(good.await.unwrap().is_ok(), notes.has("good").await);
    let _ = undone.await.unwrap();
    assert!(!notes.has("undone").await);
    assert!(notes.written("INSERT INTO notes VALUES ('later')").await);
    assert!(notes.has("later").await);
}

#[tokio::test]
async fn after_transactions_that_failed_what_is_answered_as_written_is_there() {
    let notes = Notes::open().await;
    assert!(notes.written("INSERT INTO notes VALUES ('first')").await);
    assert!(!notes.written(ROLLED_BACK).await);
    // Fails at the commit.
    assert!(!notes.written("INSERT INTO parts VALUES ('nobody')").await);
    assert!(notes.written("INSERT INTO notes VALUES ('later')").await);
    assert!(notes.has("later").await);
}
