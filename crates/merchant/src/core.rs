//! What every part of the backend works with.

use std::{sync::Arc, time::Duration};

use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument;

use crate::{
    clock::{Clock, Millis},
    config::Config,
    hub::Hub,
    store::{Store, StoreError, records::Change},
    toss::TossClient,
    trace,
};

/// Settings, database, client, clock, listeners and running work.
#[derive(Debug)]
pub struct Core {
    /// Checked settings.
    pub config: Config,
    /// The origin under which buyers reach this server.
    pub public_origin: String,
    /// How this machine reaches the server itself.
    pub local_origin: String,
    /// The database.
    pub store: Store,
    /// Toss.
    pub toss: TossClient,
    /// Now.
    pub clock: Clock,
    /// Who waits for changes.
    pub hub: Hub,
    /// Work that goes on when the request that began it is gone.
    pub tasks: TaskTracker,
    /// Cancelled when the process is told to stop.
    pub stop: CancellationToken,
}

impl Core {
    /// Now.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Runs work that must not end with its request: a buyer who closes the tab does not undo a
    /// payment. Log lines keep the trace of the request.
    pub fn detach(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks
            .spawn(trace::keep(work.instrument(tracing::Span::current())));
    }

    /// Writes a change and tells who listens. `false`: it came too late, see [`Store::commit`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn commit(&self, change: Change<'_>) -> Result<bool, StoreError> {
        let id = change.from.session.id.clone();
        let revision = change.from.session.revision + 1;
        let done = self.store.commit(change, self.now()).await?;
        if done {
            self.hub.publish(&id, revision);
        }
        Ok(done)
    }

    /// Until when a request that is sent now is nobody else's business.
    pub fn lease(&self, timeout: Duration) -> Millis {
        self.now().plus(timeout + self.config.timing.lease_margin)
    }

    /// Sleeps, but not beyond the signal to stop. `false`: stopped.
    pub async fn pause(&self, time: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(time) => true,
            () = self.stop.cancelled() => false,
        }
    }
}
