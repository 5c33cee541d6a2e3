//! Runs due work of every kind.
//!
//! Each kind has a loop and workers of its own, so that a backlog or a slow Toss in one never delays
//! another. A row is claimed, worked on and given back; one that cannot be read, or keeps failing, is set
//! aside with its reason for a human, and stops nothing.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use thiserror::Error;
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    application::{
        ports::{Claimed, Queue, Records, RecordsError, Release},
        wake::Wake,
    },
    clock::Clock,
    domain::time::Millis,
};

/// One kind of due work.
#[async_trait]
pub trait Job: fmt::Debug + Send + Sync {
    /// The rows that it works on.
    fn queue(&self) -> Queue;

    /// How long a worker may hold a row. It has to cover the longest path of the work, time-outs of
    /// every request included: after it somebody else takes the row.
    fn lease(&self) -> Duration;

    /// How many rows are worked on at once.
    fn workers(&self) -> usize;

    /// How many requests a second each shop may make to Toss for it; `None` where it makes none.
    fn shop_rate(&self) -> Option<u32> {
        None
    }

    /// Whether rows may be claimed at this moment. What is not claimed stays due as it is.
    async fn may_claim(&self) -> bool {
        true
    }

    /// Works on a row.
    ///
    /// # Errors
    /// What kept it from a result. The row is tried again later, and after [`MAX_TRIES`] set aside.
    async fn run(&self, claimed: &Claimed) -> Result<Finished, JobError>;
}

/// How work on a row ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finished {
    /// The row is to be given back so.
    Release(Release),
    /// What was written down says when the row is due next, if ever.
    Written,
}

/// Why work had no result.
#[derive(Debug, Error)]
pub enum JobError {
    /// The database failed, or the row cannot be read.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// No later try will end otherwise: for a human.
    #[error("{0}")]
    Hopeless(String),
    /// Something that may be over later.
    #[error("{0}")]
    Failed(String),
}

/// Work that had no result so often is set aside. At growing distances this takes about three days.
pub const MAX_TRIES: u32 = 80;
/// Distances between tries grow from here to an hour.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// After a call, so that calls close together cost one look at the database.
const GATHER: Duration = Duration::from_millis(10);

/// The distance to the next try of work that was tried so often.
pub fn pause(tries: u32) -> Duration {
    FIRST_PAUSE
        .checked_mul(2_u32.saturating_pow(tries.min(31)))
        .map_or(LONGEST_PAUSE, |pause| pause.min(LONGEST_PAUSE))
}

/// The loops of all kinds.
#[derive(Debug, Clone)]
pub struct Runner {
    /// Where the rows are.
    pub records: Arc<dyn Records>,
    /// Now.
    pub clock: Clock,
    /// How often each loop looks by itself; others in between are told by [`Wake`]. Other copies of the
    /// program are not, so this is also how late their work may begin.
    pub look: Duration,
    /// Says that something became due.
    pub wake: Wake,
    /// Ends the loops.
    pub stop: CancellationToken,
    /// Work under way; it outlives the loops.
    pub tasks: TaskTracker,
}

impl Runner {
    /// Starts the loop of a kind of work.
    pub fn start(&self, job: Arc<dyn Job>) {
        let runner = self.clone();
        self.tasks.spawn(async move { runner.follow(job).await });
    }

    async fn follow(&self, job: Arc<dyn Job>) {
        let queue = job.queue();
        let workers = Arc::new(Semaphore::new(job.workers()));
        loop {
            let claimed = self.claim(job.as_ref(), workers.available_permits()).await;
            let idle = claimed.is_empty();
            for row in claimed {
                // There are as many permits as rows were claimed, and nobody else takes any.
                let Ok(permit) = Arc::clone(&workers).acquire_owned().await else {
                    return;
                };
                let (runner, job) = (self.clone(), Arc::clone(&job));
                self.tasks.spawn(async move {
                    runner.work(job, &row).await;
                    drop(permit);
                    // Its place is free for what was due and not claimed.
                    runner.wake.up(queue);
                });
            }
            if idle {
                tokio::select! {
                    () = tokio::time::sleep(self.look) => {}
                    () = self.wake.called(queue) => {
                        // What becomes due together is claimed together.
                        tokio::time::sleep(GATHER).await;
                    }
                    () = self.stop.cancelled() => return,
                }
            }
            if workers.available_permits() == 0 {
                tokio::select! {
                    _ = workers.acquire() => {}
                    () = self.stop.cancelled() => return,
                }
            }
            if self.stop.is_cancelled() {
                return;
            }
        }
    }

    async fn claim(&self, job: &dyn Job, limit: usize) -> Vec<Claimed> {
        if limit == 0 || !job.may_claim().await {
            return Vec::new();
        }
        let (queue, now) = (job.queue(), self.clock.now());
        let claimed = self
            .records
            .claim(queue, now, job.lease(), limit as u64, job.shop_rate());
        match claimed.await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::error!(%queue, %error, "due work could not be claimed; it is tried again");
                Vec::new()
            }
        }
    }

    /// Works on one row in a task of its own, so that a panic ends nothing else.
    async fn work(&self, job: Arc<dyn Job>, row: &Claimed) {
        let queue = job.queue();
        let claimed = row.clone();
        let ended = tokio::spawn(async move { job.run(&claimed).await }).await;
        let release = match ended {
            Ok(Ok(Finished::Written)) => return,
            Ok(Ok(Finished::Release(release))) => release,
            Ok(Err(error)) => after(&error, row.tries, self.clock.now()),
            Err(panic) => {
                let error = JobError::Failed(format!("the work ended early: {panic}"));
                after(&error, row.tries, self.clock.now())
            }
        };
        match &release {
            Release::NeedsAttention(reason) => {
                tracing::error!(%queue, row = row.id, reason, "set aside: somebody must look");
            }
            Release::Again(_) => {
                tracing::warn!(%queue, row = row.id, tries = row.tries, "due work is tried again");
            }
            Release::Done | Release::At(_) => {}
        }
        match self.records.release(queue, row, release).await {
            Ok(true) => {}
            // Its lease had ended: whoever has the row now decides.
            Ok(false) => tracing::debug!(%queue, row = row.id, "given back too late"),
            Err(error) => {
                tracing::error!(%queue, row = row.id, %error, "due again when the lease ends");
            }
        }
    }
}

/// What becomes of a row whose work had no result.
fn after(error: &JobError, tries: u32, now: Millis) -> Release {
    match error {
        JobError::Hopeless(reason) => Release::NeedsAttention(reason.clone()),
        JobError::Records(RecordsError::Unreadable { .. }) => {
            Release::NeedsAttention(error.to_string())
        }
        // A database that is away says nothing about the row.
        JobError::Records(
            RecordsError::Database(_) | RecordsError::Unavailable(_) | RecordsError::Unknown(_),
        ) => Release::Again(now.plus(pause(tries))),
        JobError::Failed(reason) if tries >= MAX_TRIES => {
            Release::NeedsAttention(format!("tried {tries} times: {reason}"))
        }
        JobError::Failed(reason) => {
            tracing::warn!(reason, "due work had no result");
            Release::Again(now.plus(pause(tries)))
        }
    }
}

#[cfg(test)]
mod tests;
