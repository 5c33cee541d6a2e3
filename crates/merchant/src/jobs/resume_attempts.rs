//! Attempts whose outcome is open: a lost answer, a crash, a stop.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{
    failed,
    runner::{Finished, Job, JobError},
};
use crate::application::{
    ports::{Claimed, Queue},
    resume_attempt,
    services::Services,
    subscriptions::look_at_the_shop,
};

/// Attempts whose outcome is open: a lost answer, a crash, a stop.
#[derive(Debug)]
pub(super) struct ResumeAttempts {
    services: Arc<Services>,
}

impl ResumeAttempts {
    pub(super) fn of(services: &Arc<Services>) -> Self {
        Self {
            services: Arc::clone(services),
        }
    }
}

#[async_trait]
impl Job for ResumeAttempts {
    fn queue(&self) -> Queue {
        Queue::Attempts
    }

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
        // Large, and most of it is rarely reached.
        let release = Box::pin(resume_attempt(&self.services, claimed)).await;
        let release = release.map_err(failed)?;
        // What is written down of it stays so; the shop is looked at again after its next charge.
        if let Err(error) = look_at_the_shop(&self.services, &claimed.id).await {
            tracing::error!(%error, attempt = claimed.id, "whether its shop may charge was not looked at");
        }
        Ok(Finished::Release(release))
    }
}
