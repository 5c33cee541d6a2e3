//! Deliveries: one event on its way to one endpoint. When it is tried again, and when it is given up.

use std::time::Duration;

use super::{
    ids::{EndpointId, EventId},
    time::Millis,
    words::words,
};

words! {
    /// How a delivery stands.
    pub enum DeliveryState as "state of a delivery" {
        /// To be sent, for the first time or again.
        Pending = "pending",
        /// The receiver has it.
        Delivered = "delivered",
        /// Given up after the last try; an operator sees it and may send it again.
        Failed = "failed",
        /// Its endpoint was disabled before it was delivered.
        Canceled = "canceled",
    }
}

/// One event on its way to one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The row.
    pub id: String,
    /// What is sent.
    pub event_id: EventId,
    /// The event's place in the order. Of one subject, the next goes out when the one before has been
    /// delivered or given up.
    pub event_seq: i64,
    /// What the event is about.
    pub subject: String,
    /// Where to.
    pub endpoint_id: EndpointId,
    /// How it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: u32,
    /// The status of the last answer.
    pub last_status: Option<u16>,
    /// What was wrong with the last try.
    pub last_error: Option<String>,
    /// When it is tried next.
    pub next_action_at: Option<Millis>,
    /// When the receiver took it.
    pub delivered_at: Option<Millis>,
}

/// The wait before each try, the first being at once: about three days in all.
/// Source: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.
pub const SCHEDULE: [Duration; 10] = [
    Duration::ZERO,
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];

/// Up to this part of a wait is added to it at random, so that what failed together does not come
/// back together.
const JITTER: f64 = 0.1;

/// A receiver may ask for more time, but not for so much that its events are forgotten.
pub const MAX_RETRY_AFTER: Duration = Duration::from_hours(24);

/// What came of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver has it: any 2xx.
    Accepted {
        /// Which.
        status: u16,
    },
    /// 410: the receiver wants nothing more.
    Gone,
    /// Any other answer, redirects included.
    Refused {
        /// Which.
        status: u16,
        /// How long the receiver asks to be left alone.
        retry_after: Option<Duration>,
        /// The beginning of what it said, for the operator.
        said: String,
    },
    /// No answer: no connection, a time-out, an address that is not allowed.
    Unreachable {
        /// For the operator.
        reason: String,
    },
}

/// What follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the receiver has it.
    Delivered,
    /// Again, after this long.
    Retry(Duration),
    /// The last try is over; an operator decides.
    GiveUp,
    /// The endpoint gets nothing more until somebody enables it.
    DisableEndpoint,
}

impl Outcome {
    /// Decides after the try number `tries` (from 1). `chance` is a random number from 0 to 1.
    pub fn next(&self, tries: u32, chance: f64) -> Next {
        let asked = match self {
            Self::Accepted { .. } => return Next::Delivered,
            Self::Gone => return Next::DisableEndpoint,
            Self::Refused { retry_after, .. } => retry_after.unwrap_or_default(),
            Self::Unreachable { .. } => Duration::ZERO,
        };
        let Some(wait) = usize::try_from(tries).ok().and_then(|n| SCHEDULE.get(n)) else {
            return Next::GiveUp;
        };
        let spread = wait.mul_f64(1.0 + JITTER * chance.clamp(0.0, 1.0));
        Next::Retry(spread.max(asked.min(MAX_RETRY_AFTER)))
    }

    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Accepted { status } | Self::Refused { status, .. } => Some(*status),
            Self::Gone => Some(410),
            Self::Unreachable { .. } => None,
        }
    }

    /// What to tell the operator; `None` when it was accepted.
    pub fn problem(&self) -> Option<String> {
        match self {
            Self::Accepted { .. } => None,
            Self::Gone => Some("410: the receiver wants no more events".to_owned()),
            Self::Refused { status, said, .. } if said.is_empty() => Some(status.to_string()),
            Self::Refused { status, said, .. } => Some(format!("{status}: {said}")),
            Self::Unreachable { reason } => Some(reason.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, retry_after: Option<u64>) -> Outcome {
        Outcome::Refused {
            status,
            retry_after: retry_after.map(Duration::from_secs),
            said: String::new(),
        }
    }

    #[test]
    fn the_schedule_is_that_of_the_specification_and_then_an_operator_decides() {
        let failed = Outcome::Unreachable {
            reason: "timeout".to_owned(),
        };
        let waits: Vec<Next> = (1..=10).map(|tries| failed.next(tries, 0.0)).collect();
        let hours = |h| Next::Retry(Duration::from_hours(h));
        assert_eq!(
            waits,
            [
                Next::Retry(Duration::from_secs(5)),
                Next::Retry(Duration::from_mins(5)),
                Next::Retry(Duration::from_mins(30)),
                hours(2),
                hours(5),
                hours(10),
                hours(14),
                hours(20),
                hours(24),
                Next::GiveUp,
            ]
        );
        assert_eq!(failed.next(11, 0.0), Next::GiveUp);
        assert_eq!(failed.next(u32::MAX, 0.0), Next::GiveUp);
    }

    #[test]
    fn jitter_only_ever_adds_and_at_most_a_tenth() {
        let failed = refused(500, None);
        for tries in 1..10 {
            let wait = |chance| match failed.next(tries, chance) {
                Next::Retry(wait) => wait,
                other => panic!("{other:?}"),
            };
            assert!(wait(0.0) < wait(0.5) && wait(0.5) < wait(1.0));
            assert_eq!(wait(1.0), wait(0.0).mul_f64(1.1));
            assert_eq!(wait(7.0), wait(1.0));
        }
    }

    #[test]
    fn every_answer_but_2xx_and_410_is_tried_again() {
        for status in [
            301, 302, 307, 308, 400, 401, 403, 404, 409, 422, 429, 500, 503,
        ] {
            assert_eq!(
                refused(status, None).next(1, 0.0),
                Next::Retry(Duration::from_secs(5)),
                "{status}"
            );
        }
        assert_eq!(
            Outcome::Accepted { status: 204 }.next(3, 0.0),
            Next::Delivered
        );
        assert_eq!(Outcome::Gone.next(1, 0.0), Next::DisableEndpoint);
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_but_not_for_less_or_for_ever() {
        let wait = |asked| refused(503, Some(asked)).next(1, 0.0);
        assert_eq!(wait(0), Next::Retry(Duration::from_secs(5)));
        assert_eq!(wait(120), Next::Retry(Duration::from_mins(2)));
        assert_eq!(wait(u64::MAX), Next::Retry(MAX_RETRY_AFTER));
        assert_eq!(refused(503, Some(60)).next(10, 0.0), Next::GiveUp);
    }
}
