//! Payments about which Toss is asked unasked.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{
    failed,
    runner::{Finished, Job, JobError},
};
use crate::application::{
    check_payment,
    ports::{Claimed, Queue},
    services::Services,
};

/// Payments about which Toss is asked unasked.
#[derive(Debug)]
pub(super) struct CheckPayments {
    services: Arc<Services>,
}

impl CheckPayments {
    pub(super) fn of(services: &Arc<Services>) -> Self {
        Self {
            services: Arc::clone(services),
        }
    }
}

#[async_trait]
impl Job for CheckPayments {
    fn queue(&self) -> Queue {
        Queue::Payments
    }

    fn lease(&self) -> Duration {
        self.services.timing.lookup * 3 + self.services.timing.lease_margin
    }

    fn workers(&self) -> usize {
        16
    }

    fn shop_rate(&self) -> Option<u32> {
        Some(self.services.timing.shop_rate)
    }

    async fn run(&self, claimed: &Claimed) -> Result<Finished, JobError> {
        check_payment(&self.services, claimed)
            .await
            .map(Finished::Release)
            .map_err(failed)
    }
}
