//! Which connections are open, and which one has to go when there are too many.
//!
//! A connection waits or works. While it waits for a request it holds up nobody's, so the one that has
//! waited longest makes room for a new one; one that works is left alone.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::network::Network;

/// The open connections of the process.
#[derive(Debug)]
pub(super) struct Connections {
    most: usize,
    most_per_network: usize,
    state: Mutex<State>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct State {
    open: usize,
    networks: HashMap<Network, Peers>,
    /// By the order in which they began to wait.
    waiting: BTreeMap<u64, Waiting>,
    next: u64,
}

#[derive(Debug, Default)]
struct Peers {
    open: usize,
    waiting: BTreeSet<u64>,
}

#[derive(Debug)]
struct Waiting {
    network: Option<Network>,
    closed: CancellationToken,
}

/// Whether a new connection may stay.
#[derive(Debug)]
pub(super) enum Admission {
    Admitted(Arc<Slot>),
    /// Its network has its share, and all of it works.
    Refused,
    /// Every connection works; one of them must end first.
    Full,
}

impl Connections {
    pub(super) fn new(most: usize, most_per_network: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            most_per_network,
            state: Mutex::default(),
            freed: Notify::new(),
        })
    }

    /// Takes a connection in; a network of `None` is not counted.
    pub(super) fn admit(self: &Arc<Self>, network: Option<Network>) -> Admission {
        let mut state = self.lock();
        if let Some(network) = network
            && let Some(peers) = state.networks.get(&network)
            && peers.open >= self.most_per_network
        {
            let Some(longest) = peers.waiting.first().copied() else {
                return Admission::Refused;
            };
            state.close(longest);
        }
        if state.open >= self.most {
            let Some(longest) = state.waiting.keys().next().copied() else {
                return Admission::Full;
            };
            state.close(longest);
        }
        state.open += 1;
        if let Some(network) = network {
            state.networks.entry(network).or_default().open += 1;
        }
        let closed = CancellationToken::new();
        let number = state.wait(network, closed.clone());
        drop(state);
        Admission::Admitted(Arc::new(Slot {
            connections: Arc::clone(self),
            network,
            closed,
            waits: Mutex::new(Some(number)),
            served: AtomicBool::new(false),
        }))
    }

    /// Waits until a connection ends or begins to wait.
    pub(super) async fn room(&self) {
        self.freed.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wait(&mut self, network: Option<Network>, closed: CancellationToken) -> u64 {
        let number = self.next;
        self.next += 1;
        self.waiting.insert(number, Waiting { network, closed });
        if let Some(peers) = network.and_then(|network| self.networks.get_mut(&network)) {
            peers.waiting.insert(number);
        }
        number
    }

    /// `false`: it was closed.
    fn stop_waiting(&mut self, number: u64) -> bool {
        let Some(waiting) = self.waiting.remove(&number) else {
            return false;
        };
        if let Some(network) = waiting.network
            && let Some(peers) = self.networks.get_mut(&network)
        {
            peers.waiting.remove(&number);
        }
        true
    }

    /// Closes one that waits. It no longer counts, although its socket lives a moment longer.
    fn close(&mut self, number: u64) {
        let Some(waiting) = self.waiting.get(&number) else {
            return;
        };
        waiting.closed.cancel();
        let network = waiting.network;
        self.stop_waiting(number);
        self.forget(network);
    }

    fn forget(&mut self, network: Option<Network>) {
        self.open -= 1;
        if let Some(network) = network
            && let Some(peers) = self.networks.get_mut(&network)
        {
            peers.open -= 1;
            if peers.open == 0 {
                self.networks.remove(&network);
            }
        }
    }
}

/// The place of one connection; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Slot {
    connections: Arc<Connections>,
    network: Option<Network>,
    closed: CancellationToken,
    /// Its number while it waits.
    waits: Mutex<Option<u64>>,
    served: AtomicBool,
}

impl Slot {
    /// A request has come. `None`: too late, the connection had to make room.
    pub(super) fn work(self: &Arc<Self>) -> Option<Working> {
        let mut waits = self.waits();
        if let Some(number) = *waits {
            if !self.connections.lock().stop_waiting(number) {
                return None;
            }
            *waits = None;
        }
        self.served.store(true, Ordering::Relaxed);
        Some(Working(Arc::clone(self)))
    }

    /// Whether no request is at work.
    pub(super) fn is_waiting(&self) -> bool {
        self.waits().is_some()
    }

    /// Whether there was a request.
    pub(super) fn has_served(&self) -> bool {
        self.served.load(Ordering::Relaxed)
    }

    /// Waits until the connection has to make room.
    pub(super) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    fn waits(&self) -> MutexGuard<'_, Option<u64>> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let waits = self.waits().take();
        let mut state = self.connections.lock();
        let counted = waits.is_none_or(|number| state.stop_waiting(number));
        if counted {
            state.forget(self.network);
        }
        drop(state);
        self.connections.freed.notify_one();
    }
}

/// A request at work, until its answer is sent.
#[derive(Debug)]
pub(super) struct Working(Arc<Slot>);

impl Drop for Working {
    fn drop(&mut self) {
        let slot = &self.0;
        let mut waits = slot.waits();
        let closed = slot.closed.clone();
        *waits = Some(slot.connections.lock().wait(slot.network, closed));
        drop(waits);
        slot.connections.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(last: u8) -> Option<Network> {
        Network::of([203, 0, 113, last].into())
    }

    fn admitted(connections: &Arc<Connections>, network: Option<Network>) -> Arc<Slot> {
        match connections.admit(network) {
            Admission::Admitted(slot) => slot,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_longest_waiting_makes_room_and_work_is_left_alone() {
        let connections = Connections::new(3, 3);
        let works = admitted(&connections, None);
        let request = works.work().unwrap();
        let first = admitted(&connections, None);
        let second = admitted(&connections, None);
        // The first has waited less long since its request ended.
        drop(first.work());

        let third = admitted(&connections, None);
        assert!(second.closed.is_cancelled() && second.work().is_none());
        assert!(!first.closed.is_cancelled() && !works.closed.is_cancelled());

        let requests = [first.work().unwrap(), third.work().unwrap()];
        assert!(matches!(connections.admit(None), Admission::Full));
        drop(second);
        assert!(matches!(connections.admit(None), Admission::Full));
        drop((request, works));
        let fourth = admitted(&connections, None);
        drop((requests, first, third, fourth));
        let state = connections.lock();
        assert!(state.open == 0 && state.waiting.is_empty());
    }

    #[test]
    fn a_network_gets_its_share_and_makes_its_own_room() {
        let connections = Connections::new(100, 2);
        let other = admitted(&connections, network(2));
        let one = admitted(&connections, network(1));
        let two = admitted(&connections, network(1));
        let three = admitted(&connections, network(1));
        assert!(one.closed.is_cancelled() && !other.closed.is_cancelled());
        let requests = [two.work(), three.work()];
        assert!(matches!(connections.admit(network(1)), Admission::Refused));
        admitted(&connections, network(2));
        drop((requests, one, two, three, other));
        let state = connections.lock();
        assert!(state.open == 0 && state.networks.is_empty() && state.waiting.is_empty());
    }
}
