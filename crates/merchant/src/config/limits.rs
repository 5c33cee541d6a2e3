//! How much strangers may take of the process.

use std::time::Duration;

/// Every cap of the public side in one place. The defaults are for production; tests make them small.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Open connections. Lowered at the start to what the process may have open, see
    /// [`Limits::within`].
    pub connections: usize,
    /// Of them by one network. Phone carriers put many buyers behind one address.
    pub connections_per_network: usize,
    /// Event streams of one session: the buyer's tabs and devices.
    pub streams_per_session: usize,
    /// Event streams of one network.
    pub streams_per_network: usize,
    /// From the connection to the end of the first request's header.
    pub first_request: Duration,
    /// Between two requests of a connection, the header of the second included. Longer than the 60 s
    /// for which proxies keep a connection, so that none is closed under a request of theirs.
    pub idle: Duration,
    /// For a whole request body.
    pub body: Duration,
    /// How long a caller may take nothing of an answer that is ready for it.
    pub write: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: Self::CONNECTIONS.into(),
            connections_per_network: 512,
            streams_per_session: 6,
            streams_per_network: 128,
            first_request: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            body: Duration::from_secs(10),
            write: Duration::from_secs(30),
        }
    }
}

/// For the database, Toss and the log.
const RESERVED: usize = 128;

impl Limits {
    /// The default of `MAX_CONNECTIONS`.
    pub const CONNECTIONS: u16 = 4096;

    /// Event streams: each keeps a connection busy for minutes, and other requests need some.
    pub fn streams(&self) -> usize {
        (self.connections / 2).max(1)
    }

    /// What fits when the process may have this many descriptors open: every third is for the file
    /// that is being sent, or the request to Toss, that belongs to a connection.
    #[must_use]
    pub fn within(mut self, descriptors: usize) -> Self {
        let room = descriptors.saturating_sub(RESERVED) / 3 * 2;
        self.connections = self.connections.min(room.max(1));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_everything_else() {
        let within = |descriptors| Limits::default().within(descriptors).connections;
        assert_eq!(within(1_000_000), 4096);
        assert_eq!(within(1024), 596);
        assert_eq!(within(64), 1);
    }
}
