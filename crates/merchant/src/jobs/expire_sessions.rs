//! Sessions that end by the clock.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{
    failed,
    runner::{Finished, Job, JobError},
};
use crate::application::{
    expire_session,
    ports::{Claimed, Queue},
    services::Services,
};

/// Sessions that end by the clock.
#[derive(Debug)]
pub(super) struct ExpireSessions {
    services: Arc<Services>,
}

impl ExpireSessions {
    pub(super) fn of(services: &Arc<Services>) -> Self {
        Self {
            services: Arc::clone(services),
        }
    }
}

#[async_trait]
impl Job for ExpireSessions {
    fn queue(&self) -> Queue {
        Queue::Sessions
    }

    fn lease(&self) -> Duration {
        self.services.timing.lease_margin
    }

    fn workers(&self) -> usize {
        8
    }

    async fn run(&self, claimed: &Claimed) -> Result<Finished, JobError> {
        Box::pin(expire_session(&self.services, claimed))
            .await
            .map(Finished::Release)
            .map_err(failed)
    }
}
