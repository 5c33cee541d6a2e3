//! Subscriptions whose next step is due.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::{sync::Mutex, time::Instant};

use super::{
    failed,
    runner::{Finished, Job, JobError},
};
use crate::application::{
    may_work,
    ports::{Claimed, Queue},
    services::Services,
    subscriptions::resume_subscription,
};

/// A wrong clock is looked at again after so many ticks.
const LOOKS: u32 = 10;

/// Subscriptions whose next step is due.
#[derive(Debug)]
pub(super) struct RunSubscriptions {
    services: Arc<Services>,
    /// Nothing is claimed before then: the clock was wrong.
    stands_still: Mutex<Option<Instant>>,
}

impl RunSubscriptions {
    pub(super) fn of(services: &Arc<Services>) -> Self {
        Self {
            services: Arc::clone(services),
            stands_still: Mutex::default(),
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

    /// By a clock that is ahead everything seems to be due. Claimed, it would be moved to another moment.
    async fn may_claim(&self) -> bool {
        let mut until = self.stands_still.lock().await;
        if until.is_some_and(|until| Instant::now() < until) {
            return false;
        }
        let is_right = may_work(&self.services).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the clock could not be compared; no subscription is claimed");
            false
        });
        let wait = self.services.timing.tick * LOOKS;
        *until = (!is_right).then(|| Instant::now() + wait);
        is_right
    }

    async fn run(&self, claimed: &Claimed) -> Result<Finished, JobError> {
        let release = resume_subscription(&self.services, claimed)
            .await
            .map_err(failed)?;
        Ok(release.map_or(Finished::Written, Finished::Release))
    }
}
