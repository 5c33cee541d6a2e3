//! Dropping a connection without a single byte of an answer.

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;

/// Drops the connection that the request came on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hangup(Arc<Notify>);

impl Hangup {
    /// Does not return: the connection, and with it the caller, is dropped.
    pub(crate) async fn now(self) -> ! {
        self.0.notify_one();
        std::future::pending().await
    }

    /// The same after a while. A caller that gives up earlier ends the wait.
    pub(crate) async fn after(self, wait: Duration) -> ! {
        tokio::time::sleep(wait).await;
        self.now().await
    }

    /// Waits for either.
    pub(crate) async fn wanted(&self) {
        self.0.notified().await;
    }
}
