//! News of changed sessions between copies of the program on one PostgreSQL, by `NOTIFY` and `LISTEN`.
//!
//! Only to wake listeners up: it is sent after a change is committed and never within its transaction, and
//! what is lost is seen a few seconds later, when the listeners look for themselves. Behind a pooler that
//! gives a connection to another client after each transaction (`PgBouncer`) nothing is heard at all.

use std::{convert::Infallible, time::Duration};

use sea_orm::sqlx::{
    self, PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Store;
use crate::notifier::{Changed, Notifier};

const CHANNEL: &str = "toss_checkout_sessions";
/// News that go in one statement.
const TOGETHER: usize = 100;
/// How long news wait for others, so that a statement tells many.
const GATHER: Duration = Duration::from_millis(20);
/// Until it is tried again to listen.
const PAUSE: Duration = Duration::from_secs(10);

impl Store {
    /// Tells other copies what changed here. PostgreSQL only.
    pub async fn notify_copies(
        &self,
        mut changes: mpsc::Receiver<Changed>,
        stop: &CancellationToken,
    ) {
        let pool = self.read.get_postgres_connection_pool();
        let mut together = Vec::new();
        loop {
            let count = tokio::select! {
                count = changes.recv_many(&mut together, TOGETHER) => count,
                () = stop.cancelled() => return,
            };
            if count == 0 {
                return;
            }
            // Whoever watches from another copy does not notice; the database does.
            tokio::time::sleep(GATHER).await;
            while together.len() < TOGETHER
                && let Ok(next) = changes.try_recv()
            {
                together.push(next);
            }
            let texts: Vec<String> = together.drain(..).map(|one| one.to_string()).collect();
            let told = sqlx::query("SELECT pg_notify($1, news) FROM unnest($2) AS news")
                .bind(CHANNEL)
                .bind(texts)
                .execute(pool);
            if let Err(error) = told.await {
                tracing::warn!(%error, "other copies see changes a few seconds later");
            }
        }
    }

    /// Hears what changed in other copies. PostgreSQL only.
    pub async fn listen_to_copies(&self, notifier: &Notifier, stop: &CancellationToken) {
        let pool = self.read.get_postgres_connection_pool();
        loop {
            let error = tokio::select! {
                Err(error) = listen(pool, notifier) => error,
                () = stop.cancelled() => return,
            };
            tracing::warn!(%error, "changes by other copies are seen a few seconds later");
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = stop.cancelled() => return,
            }
        }
    }
}

/// Listens on a connection of its own, which it keeps.
async fn listen(pool: &PgPool, notifier: &Notifier) -> Result<Infallible, sqlx::Error> {
    let options = pool.connect_options().as_ref().clone();
    let own = PgPoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await?;
    let mut listener = PgListener::connect_with(&own).await?;
    listener.listen(CHANNEL).await?;
    loop {
        let notification = listener.recv().await?;
        if let Ok(changed) = notification.payload().parse() {
            notifier.hear(&changed);
        }
    }
}
