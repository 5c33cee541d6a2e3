//! Sends events to endpoints.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use super::runner::{Finished, Job, JobError};
use crate::application::{
    deliver_event::{self, DeliverEvent},
    ports::{Claimed, Queue},
};

/// Requests that are open at once, over all endpoints.
const WORKERS: usize = 32;
/// For the database, before and after the request.
const MARGIN: Duration = Duration::from_secs(30);

/// The deliveries that are due.
#[derive(Debug)]
pub struct DeliverEvents {
    /// Sends one.
    pub deliver: Arc<DeliverEvent>,
    /// How long one request may take.
    pub timeout: Duration,
}

#[async_trait]
impl Job for DeliverEvents {
    fn queue(&self) -> Queue {
        Queue::Deliveries
    }

    fn lease(&self) -> Duration {
        deliver_event::TURN + self.timeout + MARGIN
    }

    fn workers(&self) -> usize {
        WORKERS
    }

    async fn run(&self, claimed: &Claimed) -> Result<Finished, JobError> {
        self.deliver.run(claimed).await?;
        Ok(Finished::Written)
    }
}
