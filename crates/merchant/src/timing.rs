//! Every waiting time in one place.

use std::time::Duration;

use crate::domain::{attempt::AttemptKind, deposit::DepositRules};

/// The defaults are for production; tests shorten them.
#[derive(Debug, Clone)]
pub struct Timing {
    /// Until a connection to Toss stands.
    pub connect: Duration,
    /// For confirm and issue.
    pub confirm: Duration,
    /// For a charge or a cancel. Toss may take 60 s.
    /// Source: <https://docs.tosspayments.com/guides/v2/billing/integration>.
    pub charge: Duration,
    /// For a look-up.
    pub lookup: Duration,
    /// How often an unknown outcome is looked up before the buyer is told "unknown".
    pub lookups: u32,
    /// Before the first of these look-ups; doubles each time.
    pub lookup_pause: Duration,
    /// How often a request that reached nobody is sent again at once.
    pub repeats: u32,
    /// How long a second request waits for the first to finish.
    pub wait_for_other: Duration,
    /// How long the first request waits for its own work; shorter than the 40 s after which the page
    /// gives a request up.
    pub wait_for_own: Duration,
    /// How much longer than its own longest path work is held.
    pub lease_margin: Duration,
    /// How often due work is looked for.
    pub tick: Duration,
    /// The first distance between two looks at an open outcome; doubles up to an hour.
    pub retry_pause: Duration,
    /// How long after the end of a session a one-time key is still tried.
    pub late_key: Duration,
    /// How often a virtual account is looked up without being asked to, should a webhook be lost.
    pub deposit_check: Duration,
    /// How long after its due time a virtual account counts as open, unless Toss says that it is closed.
    pub deposit_grace: Duration,
    /// How many requests a second unasked work may make to Toss with one shop's key.
    pub shop_rate: u32,
    /// How many look-ups a minute webhooks without proof may cause with one shop's key.
    pub hints_per_minute: u32,
    /// How long webhooks and reports of the fail page are kept.
    pub retention: Duration,
    /// How long events are kept that every endpoint has; `None`: for ever.
    pub event_retention: Option<Duration>,
    /// How often what is over its retention is deleted.
    pub purge: Duration,
    /// How often an event stream reads the store, should another process have changed it.
    pub events_poll: Duration,
    /// For the delivery of one event to one endpoint.
    pub event: Duration,
    /// Heartbeat of event streams.
    pub heartbeat: Duration,
    /// How long open work may go on after the signal to stop.
    pub shutdown: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            confirm: Duration::from_secs(30),
            charge: Duration::from_secs(65),
            lookup: Duration::from_secs(10),
            lookups: 3,
            lookup_pause: Duration::from_millis(500),
            repeats: 3,
            wait_for_other: Duration::from_secs(15),
            wait_for_own: Duration::from_secs(35),
            lease_margin: Duration::from_secs(10),
            tick: Duration::from_secs(1),
            retry_pause: Duration::from_secs(2),
            late_key: Duration::from_mins(10),
            deposit_check: Duration::from_hours(1),
            deposit_grace: Duration::from_hours(2),
            // A test key may ask 100 times a minute, buyers' requests included.
            // Source: <https://docs.tosspayments.com/guides/v2/get-started/environment>.
            shop_rate: 10,
            hints_per_minute: 20,
            retention: Duration::from_hours(30 * 24),
            event_retention: Some(Duration::from_hours(365 * 24)),
            purge: Duration::from_hours(1),
            events_poll: Duration::from_secs(3),
            // As the specification of Standard Webhooks recommends: 15 to 30 seconds.
            event: Duration::from_secs(15),
            heartbeat: Duration::from_secs(15),
            shutdown: Duration::from_millis(1500),
        }
    }
}

impl Timing {
    /// How long a request of this kind may take.
    pub fn timeout(&self, kind: AttemptKind) -> Duration {
        match kind {
            AttemptKind::Confirm | AttemptKind::Issue => self.confirm,
            AttemptKind::Charge | AttemptKind::Cancel => self.charge,
        }
    }

    /// How long a worker may hold an attempt that it sends: connections that fail, one request that is
    /// not answered, and the end of a look-up.
    pub fn sending(&self, kind: AttemptKind) -> Duration {
        (self.connect + self.lookup_pause) * self.repeats + self.timeout(kind) + self.lease_margin
    }

    /// How long the look-ups that follow may take.
    pub fn looking(&self) -> Duration {
        // The pauses double and are never longer than a look-up.
        self.lookup * 2 * self.lookups + self.lease_margin
    }

    /// The longest path of a worker that takes an attempt up: a look-up, the request, look-ups.
    pub fn resuming(&self) -> Duration {
        self.lookup + self.sending(AttemptKind::Charge) + self.looking()
    }

    /// The rules for virtual accounts.
    pub fn deposits(&self) -> DepositRules {
        DepositRules {
            interval: self.deposit_check,
            grace: self.deposit_grace,
        }
    }
}
