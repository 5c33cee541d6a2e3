//! Tells waiting requests and open event streams of this process that a session changed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;
use toss_checkout_contract::SessionId;

type Channels = Mutex<HashMap<SessionId, watch::Sender<u64>>>;

/// Subscriptions by session. What travels is only the newest revision; the store holds the rest.
#[derive(Debug, Clone, Default)]
pub struct Notifier {
    channels: Arc<Channels>,
}

impl Notifier {
    /// Hears of changes from now on.
    pub fn subscribe(&self, id: &SessionId) -> Subscription {
        let receiver = lock(&self.channels)
            .entry(id.clone())
            .or_insert_with(|| watch::Sender::new(0))
            .subscribe();
        Subscription {
            id: id.clone(),
            receiver,
            channels: Arc::clone(&self.channels),
        }
    }

    /// Says that the session now has this revision.
    pub fn publish(&self, id: &SessionId, revision: u64) {
        if let Some(sender) = lock(&self.channels).get(id) {
            sender.send_if_modified(|known| {
                let newer = revision > *known;
                *known = revision.max(*known);
                newer
            });
        }
    }

    /// The sessions that somebody listens to.
    pub fn watched(&self) -> Vec<SessionId> {
        lock(&self.channels).keys().cloned().collect()
    }

    /// How many sessions somebody listens to.
    pub fn len(&self) -> usize {
        lock(&self.channels).len()
    }

    /// Whether nobody listens.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One listener. The channel goes with its last listener.
#[derive(Debug)]
pub struct Subscription {
    id: SessionId,
    receiver: watch::Receiver<u64>,
    channels: Arc<Channels>,
}

impl Subscription {
    /// Waits for the next change.
    pub async fn changed(&mut self) {
        self.revision_after(0).await;
    }

    /// Waits until the session is known to have a later revision than this one.
    pub async fn revision_after(&mut self, seen: u64) {
        loop {
            if self.receiver.changed().await.is_err() {
                // The sender lives as long as a subscription does.
                std::future::pending::<()>().await;
            }
            if *self.receiver.borrow_and_update() > seen {
                return;
            }
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut channels = lock(&self.channels);
        if let Some(sender) = channels.get(&self.id)
            && sender.receiver_count() <= 1
        {
            channels.remove(&self.id);
        }
    }
}

fn lock(channels: &Channels) -> MutexGuard<'_, HashMap<SessionId, watch::Sender<u64>>> {
    channels.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn listeners_hear_of_their_session_only_and_leave_nothing_behind() {
        let notifier = Notifier::default();
        let id = |n: &str| SessionId::new(format!("cs_{}", n.repeat(22))).unwrap();
        let mut one = notifier.subscribe(&id("a"));
        let two = notifier.subscribe(&id("a"));
        notifier.publish(&id("b"), 1);
        notifier.publish(&id("a"), 2);
        one.changed().await;
        assert_eq!(notifier.len(), 1);
        drop(two);
        assert_eq!(notifier.len(), 1, "one is still listening");
        drop(one);
        assert!(notifier.is_empty());
    }
}
