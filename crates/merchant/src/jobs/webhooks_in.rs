//! Webhooks that came in.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{
    failed,
    runner::{Finished, Job, JobError},
};
use crate::application::{
    ports::{Claimed, Queue},
    process_webhook,
    services::Services,
};

/// Webhooks that came in.
#[derive(Debug)]
pub(super) struct WebhooksIn {
    services: Arc<Services>,
}

impl WebhooksIn {
    pub(super) fn of(services: &Arc<Services>) -> Self {
        Self {
            services: Arc::clone(services),
        }
    }
}

#[async_trait]
impl Job for WebhooksIn {
    fn queue(&self) -> Queue {
        Queue::Webhooks
    }

    fn lease(&self) -> Duration {
        self.services.timing.lookup * 3 + self.services.timing.lease_margin
    }

    fn workers(&self) -> usize {
        8
    }

    async fn run(&self, claimed: &Claimed) -> Result<Finished, JobError> {
        process_webhook(&self.services, claimed)
            .await
            .map(Finished::Release)
            .map_err(failed)
    }
}
