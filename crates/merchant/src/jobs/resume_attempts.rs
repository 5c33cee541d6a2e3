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
        Box::pin(resume_attempt(&self.services, claimed))
            .await
            .map(Finished::Release)
            .map_err(failed)
    }
}
