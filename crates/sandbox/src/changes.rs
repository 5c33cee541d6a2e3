//! Whoever keeps the state file is told when something may have changed.

use std::sync::Arc;

use tokio::sync::Notify;

/// Clones are the same signal.
#[derive(Debug, Clone, Default)]
pub(crate) struct Changes(Arc<Notify>);

impl Changes {
    pub(crate) fn tell(&self) {
        self.0.notify_one();
    }

    /// Waits for the next change.
    pub(crate) async fn next(&self) {
        self.0.notified().await;
    }
}
