//! Cards and accounts whose deletion is open.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{
    failed,
    runner::{Finished, Job, JobError},
};
use crate::application::{
    ports::{Claimed, Queue},
    resume_deletion,
    services::Services,
};

/// Cards and accounts whose deletion is open.
#[derive(Debug)]
pub(super) struct DeleteMethods {
    services: Arc<Services>,
}

impl DeleteMethods {
    pub(super) fn of(services: &Arc<Services>) -> Self {
        Self {
            services: Arc::clone(services),
        }
    }
}

#[async_trait]
impl Job for DeleteMethods {
    fn queue(&self) -> Queue {
        Queue::PaymentMethods
    }

    fn lease(&self) -> Duration {
        self.services.timing.confirm + self.services.timing.lease_margin
    }

    fn workers(&self) -> usize {
        4
    }

    fn shop_rate(&self) -> Option<u32> {
        Some(self.services.timing.shop_rate)
    }

    async fn run(&self, claimed: &Claimed) -> Result<Finished, JobError> {
        resume_deletion(&self.services, claimed)
            .await
            .map(Finished::Release)
            .map_err(failed)
    }
}
