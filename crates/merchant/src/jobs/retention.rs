//! Deletes what is kept for a time only, so that strangers cannot make the tables grow without limit.

use std::{sync::Arc, time::Duration};

use crate::{
    application::{ports::Over, services::Services},
    domain::{hints::FORGET_AFTER, time::Millis},
    timing::Timing,
};

/// How many rows of a table go in one transaction.
const BATCH: u64 = 500;
/// Between two batches, so that nobody waits long for the writer.
const PAUSE: Duration = Duration::from_millis(50);

/// Goes on until the process stops.
pub(super) async fn purge(services: Arc<Services>) {
    loop {
        let over = over(&services.timing, services.now());
        let wait = match services.records.purge(over, BATCH).await {
            Ok(0) => services.timing.purge,
            Ok(rows) => {
                tracing::debug!(rows, "deleted what is over its retention");
                PAUSE
            }
            Err(error) => {
                tracing::error!(%error, "nothing was deleted; it is tried again");
                services.timing.purge
            }
        };
        if !services.pause(wait).await {
            return;
        }
    }
}

fn over(timing: &Timing, now: Millis) -> Over {
    Over {
        webhooks: now.minus(timing.retention),
        events: timing.event_retention.map(|kept| now.minus(kept)),
        hints: now.minus(FORGET_AFTER),
    }
}
