//! How many event streams are open, and for whom.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use toss_checkout_contract::SessionId;

use crate::{config::Limits, network::Network};

/// Every open stream of the process.
#[derive(Debug)]
pub(super) struct Streams {
    most: usize,
    most_per_network: usize,
    most_per_session: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    networks: HashMap<Network, usize>,
    sessions: HashMap<SessionId, usize>,
}

/// Why there is no further stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// This session, or this network, has its share.
    Caller,
    /// The process has as many as it may.
    Process,
}

impl Streams {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self {
            most: limits.streams(),
            most_per_network: limits.streams_per_network,
            most_per_session: limits.streams_per_session,
            open: Mutex::default(),
        })
    }

    /// Counts a stream until the guard is dropped.
    pub(super) fn open(
        self: &Arc<Self>,
        session: &SessionId,
        network: Option<Network>,
    ) -> Result<Guard, Refusal> {
        let mut open = self.lock();
        let count = |map: Option<&usize>| map.copied().unwrap_or(0);
        let of_session = count(open.sessions.get(session));
        let of_network = count(network.and_then(|network| open.networks.get(&network)));
        if of_session >= self.most_per_session || of_network >= self.most_per_network {
            return Err(Refusal::Caller);
        }
        if open.all >= self.most {
            return Err(Refusal::Process);
        }
        open.all += 1;
        *open.sessions.entry(session.clone()).or_default() += 1;
        if let Some(network) = network {
            *open.networks.entry(network).or_default() += 1;
        }
        Ok(Guard {
            streams: Arc::clone(self),
            session: session.clone(),
            network,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One open stream.
#[derive(Debug)]
pub(super) struct Guard {
    streams: Arc<Streams>,
    session: SessionId,
    network: Option<Network>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        open.all -= 1;
        less(&mut open.sessions, &self.session);
        if let Some(network) = &self.network {
            less(&mut open.networks, network);
        }
    }
}

fn less<K: Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_a_network_and_the_process_have_their_shares() {
        let streams = Streams::new(&Limits {
            connections: 12,
            streams_per_network: 4,
            streams_per_session: 2,
            ..Limits::default()
        });
        let session = |n: usize| SessionId::new(format!("cs_{}", "a".repeat(22 + n))).unwrap();
        let network = |n: u8| Network::of([203, 0, 113, n].into());
        let mut held = vec![
            streams.open(&session(0), network(0)).unwrap(),
            streams.open(&session(0), network(0)).unwrap(),
        ];
        let refused = |n, of| streams.open(&session(n), of).unwrap_err();
        assert_eq!(refused(0, network(1)), Refusal::Caller);
        held.push(streams.open(&session(1), network(0)).unwrap());
        held.push(streams.open(&session(1), network(0)).unwrap());
        assert_eq!(refused(2, network(0)), Refusal::Caller);
        held.push(streams.open(&session(2), network(1)).unwrap());
        held.push(streams.open(&session(2), None).unwrap());
        assert_eq!(refused(3, None), Refusal::Process);
        held.remove(0);
        held.push(streams.open(&session(0), None).unwrap());
        held.clear();
        let open = streams.lock();
        assert!(open.all == 0 && open.sessions.is_empty() && open.networks.is_empty());
    }
}
