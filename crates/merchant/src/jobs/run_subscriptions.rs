//! Subscriptions whose next step is due.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{
    failed,
    runner::{Finished, Job, JobError},
};
use crate::application::{
    ports::{Claimed, Queue},
    services::Services,
    subscriptions::resume_subscription,
};

/// Subscriptions whose next step is due.
#[derive(Debug)]
pub(super) struct RunSubscriptions {
    services: Arc<Services>,
}

impl RunSubscriptions {
    pub(super) fn of(services: &Arc<Services>) -> Self {
        Self {
            services: Arc::clone(services),
        }
    }
}

#[async_trait]
impl Job for RunSubscriptions {
    fn queue(&self) -> Queue {
        Queue::Subscriptions
    }

    /// A step that charges does not hold the row: from then on it is due when the charge has an outcome.
    fn lease(&self) -> Duration {
        self.services.timing.resuming()
    }

    fn workers(&self) -> usize {
        16
    }

    fn shop_rate(&self) -> Option<u32> {
        Some(self.services.timing.shop_rate)
    }

    async fn run(&self, claimed: &Claimed) -> Result<Finished, JobError> {
        let release = resume_subscription(&self.services, claimed)
            .await
            .map_err(failed)?;
        Ok(release.map_or(Finished::Written, Finished::Release))
    }
}
