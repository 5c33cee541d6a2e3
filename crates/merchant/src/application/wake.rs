//! Tells whoever does due work that there is some.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::Notify;

use super::ports::Queue;

/// Tells a queue's loop that something became due, so that it need not wait for the next look.
#[derive(Debug, Clone)]
pub struct Wake(Arc<HashMap<Queue, Notify>>);

impl Default for Wake {
    fn default() -> Self {
        let queues = Queue::ALL.map(|queue| (queue, Notify::new()));
        Self(Arc::new(queues.into_iter().collect()))
    }
}

impl Wake {
    /// Something in this queue is due.
    pub fn up(&self, queue: Queue) {
        if let Some(notify) = self.0.get(&queue) {
            notify.notify_one();
        }
    }

    /// Waits until something in this queue is due.
    pub async fn called(&self, queue: Queue) {
        match self.0.get(&queue) {
            Some(notify) => notify.notified().await,
            None => std::future::pending().await,
        }
    }
}
