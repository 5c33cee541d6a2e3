//! Tells waiting requests and open event streams that a session changed: those of this process, and
//! through it those of other copies of the program.

use std::{
    collections::HashMap,
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{mpsc, watch};
use toss_checkout_contract::SessionId;

use crate::domain::names;

/// News that may wait to be told to other copies. What is beyond is not told: they look for themselves.
const UNTOLD: usize = 1024;

/// What copies tell each other: a session, by its digest since its id opens it, and its newest revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    session: String,
    revision: u64,
}

impl Changed {
    fn of(id: &SessionId, revision: u64) -> Self {
        Self {
            session: names::session(id),
            revision,
        }
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.session, self.revision)
    }
}

/// Not written by [`Changed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotNews;

impl FromStr for Changed {
    type Err = NotNews;

    fn from_str(text: &str) -> Result<Self, NotNews> {
        let (session, revision) = text.split_once(' ').ok_or(NotNews)?;
        Ok(Self {
            session: session.to_owned(),
            revision: revision.parse().map_err(|_| NotNews)?,
        })
    }
}

#[derive(Debug)]
struct Channel {
    id: SessionId,
    sender: watch::Sender<u64>,
}

/// By the digest of the session.
type Channels = Mutex<HashMap<String, Channel>>;

/// Subscriptions by session. What travels is only the newest revision; the store holds the rest.
#[derive(Debug, Clone, Default)]
pub struct Notifier {
    channels: Arc<Channels>,
    others: Option<mpsc::Sender<Changed>>,
}

impl Notifier {
    /// One that has news for other copies, too.
    pub fn shared() -> (Self, mpsc::Receiver<Changed>) {
        let (others, changes) = mpsc::channel(UNTOLD);
        let notifier = Self {
            others: Some(others),
            ..Self::default()
        };
        (notifier, changes)
    }

    /// Hears of changes from now on.
    pub fn subscribe(&self, id: &SessionId) -> Subscription {
        let name = names::session(id);
        let receiver = lock(&self.channels)
            .entry(name.clone())
            .or_insert_with(|| Channel {
                id: id.clone(),
                sender: watch::Sender::new(0),
            })
            .sender
            .subscribe();
        Subscription {
            name,
            receiver,
            channels: Arc::clone(&self.channels),
        }
    }

    /// Says that this process gave the session this revision.
    pub fn publish(&self, id: &SessionId, revision: u64) {
        let changed = Changed::of(id, revision);
        self.hear(&changed);
        if let Some(others) = &self.others {
            // Never waited for: a payment does not depend on who watches it.
            let _ = others.try_send(changed);
        }
    }

    /// Says that the session was read with this revision.
    pub fn seen(&self, id: &SessionId, revision: u64) {
        self.hear(&Changed::of(id, revision));
    }

    /// Takes news in, whoever tells them.
    pub fn hear(&self, changed: &Changed) {
        if let Some(channel) = lock(&self.channels).get(&changed.session) {
            channel.sender.send_if_modified(|known| {
                let newer = changed.revision > *known;
                *known = changed.revision.max(*known);
                newer
            });
        }
    }

    /// The sessions that somebody listens to.
    pub fn watched(&self) -> Vec<SessionId> {
        let channels = lock(&self.channels);
        channels
            .values()
            .map(|channel| channel.id.clone())
            .collect()
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
    name: String,
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
        if let Some(channel) = channels.get(&self.name)
            && channel.sender.receiver_count() <= 1
        {
            channels.remove(&self.name);
        }
    }
}

fn lock(channels: &Channels) -> MutexGuard<'_, HashMap<String, Channel>> {
    channels.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: &str) -> SessionId {
        SessionId::new(format!("cs_{}", n.repeat(22))).unwrap()
    }

    #[tokio::test]
    async fn listeners_hear_of_their_session_only_and_leave_nothing_behind() {
        let notifier = Notifier::default();
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

    #[tokio::test]
    async fn other_copies_are_told_what_changed_here_but_not_what_was_heard_or_who_it_is() {
        let (here, mut changes) = Notifier::shared();
        let there = Notifier::default();
        let mut listener = there.subscribe(&id("a"));
        here.seen(&id("a"), 4);
        here.publish(&id("a"), 5);
        let told = changes.recv().await.unwrap().to_string();
        assert!(!told.contains(id("a").expose()), "{told}");
        there.hear(&told.parse().unwrap());
        listener.revision_after(4).await;
        assert!(changes.try_recv().is_err());
        for text in ["", "x", "x y"] {
            assert_eq!(text.parse::<Changed>(), Err(NotNews));
        }
    }

    #[test]
    fn what_nobody_has_time_to_tell_holds_up_nobody() {
        let (here, _news) = Notifier::shared();
        for revision in 0..2 * UNTOLD as u64 {
            here.publish(&id("a"), revision);
        }
    }
}
