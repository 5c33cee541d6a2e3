//! [`DueWork`] on this database.

use std::time::Duration;

use async_trait::async_trait;

use crate::{
    application::ports::{Backlog, Claimed, DueWork, Queue, RecordsError, Release},
    domain::time::Millis,
    store::Store,
};

#[async_trait]
impl DueWork for Store {
    async fn claim(
        &self,
        queue: Queue,
        now: Millis,
        lease: Duration,
        limit: u64,
        shop_rate: Option<u32>,
    ) -> Result<Vec<Claimed>, RecordsError> {
        self.claim_due(queue, now, lease, limit, shop_rate).await
    }

    async fn release(
        &self,
        queue: Queue,
        claimed: &Claimed,
        release: Release,
    ) -> Result<bool, RecordsError> {
        self.release_row(queue, claimed, release).await
    }

    async fn backlog(&self, queue: Queue, now: Millis) -> Result<Backlog, RecordsError> {
        self.backlog_of(queue, now).await
    }
}
