//! One try of one delivery.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    outbox::{DueDelivery, Outbox, Publisher, Settlement},
    ports::{Claimed, RecordsError},
};
use crate::{
    clock::Clock,
    crypto::{CryptoError, KeyRing},
    domain::{
        delivery::{Next, Outcome},
        endpoint::Endpoint,
        ids::EndpointId,
        names::context::signing_secret,
        signing_secret::SigningSecret,
    },
};

/// How many requests one endpoint gets at once from this process.
const PER_ENDPOINT: usize = 8;
/// How long a delivery waits for its turn at an endpoint that answers well.
pub const TURN: Duration = Duration::from_secs(2);
/// How long what finds an endpoint busy is put off: as long as a request may take.
const BUSY: Duration = Duration::from_secs(15);
/// Behind the earlier event of the subject.
const AFTER_EARLIER: Duration = Duration::from_secs(1);

/// Sends events to endpoints. Events of one subject go to an endpoint one after the other; whatever
/// else is on its way passes them.
#[derive(Debug)]
pub struct DeliverEvent {
    outbox: Arc<dyn Outbox>,
    publisher: Arc<dyn Publisher>,
    keys: KeyRing,
    clock: Clock,
    turns: Turns,
}

impl DeliverEvent {
    /// With what it takes.
    pub fn new(
        outbox: Arc<dyn Outbox>,
        publisher: Arc<dyn Publisher>,
        keys: KeyRing,
        clock: Clock,
    ) -> Self {
        Self {
            outbox,
            publisher,
            keys,
            clock,
            turns: Turns::default(),
        }
    }

    /// Tries a claimed delivery and writes down what came of it.
    ///
    /// # Errors
    /// The database fails, or the row cannot be read. It is due again when the lease ends.
    pub async fn run(&self, claimed: &Claimed) -> Result<(), RecordsError> {
        let Some(due) = self.outbox.due_delivery(claimed).await? else {
            return Ok(());
        };
        let (outcome, settlement) = self.attempt(claimed, &due).await;
        report(&due, claimed.tries, outcome.as_ref(), &settlement);
        let now = self.clock.now();
        self.outbox
            .settle(claimed, outcome.as_ref(), settlement, now)
            .await?;
        Ok(())
    }

    async fn attempt(&self, claimed: &Claimed, due: &DueDelivery) -> (Option<Outcome>, Settlement) {
        let now = self.clock.now();
        if !due.endpoint.is_enabled() {
            return (None, Settlement::Canceled);
        }
        if let Some(earlier) = due.earlier_due {
            let then = earlier.max(now).plus(AFTER_EARLIER);
            return (None, Settlement::BehindEarlier(then));
        }
        let Some(turn) = self.turns.take(&due.endpoint.id).await else {
            return (None, Settlement::Postponed(now.plus(BUSY)));
        };
        let outcome = match open_secrets(&self.keys, &due.endpoint) {
            Ok(secrets) => {
                self.publisher
                    .publish(&due.endpoint.url, &secrets, &due.event.message())
                    .await
            }
            Err(error) => Outcome::Unreachable {
                reason: format!("its signing secret cannot be opened: {error}"),
            },
        };
        turn.failing(matches!(outcome, Outcome::Unreachable { .. }));
        let settlement = match outcome.next(claimed.tries + 1, rand::random()) {
            Next::Delivered => Settlement::Delivered,
            Next::Retry(wait) => Settlement::Again(self.clock.now().plus(wait)),
            Next::GiveUp => Settlement::GivenUp,
            Next::DisableEndpoint => Settlement::EndpointGone,
        };
        (Some(outcome), settlement)
    }
}

fn report(due: &DueDelivery, tries: u32, outcome: Option<&Outcome>, settlement: &Settlement) {
    let (event, endpoint) = (&due.event.id, due.endpoint.url.as_str());
    let problem = outcome.and_then(Outcome::problem).unwrap_or_default();
    match settlement {
        Settlement::Delivered
        | Settlement::Postponed(_)
        | Settlement::BehindEarlier(_)
        | Settlement::Canceled => {
            tracing::debug!(%event, endpoint, ?settlement, "event");
        }
        Settlement::Again(_) => {
            tracing::warn!(%event, endpoint, tries = tries + 1, problem, "an event is sent again later");
        }
        Settlement::GivenUp => {
            tracing::error!(%event, endpoint, problem, "an event could not be delivered and is given up; send it again with: toss-merchant events resend {event}");
        }
        Settlement::EndpointGone => {
            tracing::error!(
                endpoint,
                "the endpoint answered 410 Gone and is disabled; enable it with: toss-merchant events endpoints enable {}",
                due.endpoint.id
            );
        }
    }
}

/// The secrets with which events to this endpoint are signed.
pub(super) fn open_secrets(
    keys: &KeyRing,
    endpoint: &Endpoint,
) -> Result<Vec<SigningSecret>, CryptoError> {
    let context = signing_secret(&endpoint.id);
    let open = |sealed: &String| {
        keys.open(sealed, &context)?
            .parse()
            .map_err(|_| CryptoError::Malformed)
    };
    endpoint.sealed_secrets.iter().map(open).collect()
}

/// Keeps an endpoint that answers slowly, or not at all, from holding up the others: it gets few
/// requests at once, and what comes while it fails is put off without waiting.
#[derive(Debug, Default)]
struct Turns(Mutex<HashMap<EndpointId, Arc<Line>>>);

#[derive(Debug)]
struct Line {
    free: Arc<Semaphore>,
    failing: AtomicBool,
}

#[derive(Debug)]
struct Turn {
    line: Arc<Line>,
    _permit: OwnedSemaphorePermit,
}

impl Turn {
    fn failing(&self, failing: bool) {
        self.line.failing.store(failing, Ordering::Relaxed);
    }
}

impl Turns {
    async fn take(&self, id: &EndpointId) -> Option<Turn> {
        let line = {
            let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let line = lines.entry(id.clone()).or_insert_with(|| {
                Arc::new(Line {
                    free: Arc::new(Semaphore::new(PER_ENDPOINT)),
                    failing: AtomicBool::new(false),
                })
            });
            Arc::clone(line)
        };
        let free = Arc::clone(&line.free);
        let permit = if line.failing.load(Ordering::Relaxed) {
            free.try_acquire_owned().ok()
        } else {
            let turn = tokio::time::timeout(TURN, free.acquire_owned()).await;
            turn.ok().and_then(Result::ok)
        }?;
        Some(Turn {
            line,
            _permit: permit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_failing_endpoint_holds_up_nobody_else() {
        let turns = Turns::default();
        let (slow, other) = (EndpointId::new("ep_slow"), EndpointId::new("ep_other"));
        let mut held = Vec::new();
        for _ in 0..PER_ENDPOINT {
            held.push(turns.take(&slow).await.unwrap());
        }
        assert!(turns.take(&other).await.is_some());
        // It may only be slow: the next one waits for its turn, but not for ever.
        let asked = tokio::time::Instant::now();
        assert!(turns.take(&slow).await.is_none());
        assert_eq!(asked.elapsed(), TURN);
        // It fails: nobody waits.
        held.pop().unwrap().failing(true);
        held.push(turns.take(&slow).await.unwrap());
        let asked = tokio::time::Instant::now();
        assert!(turns.take(&slow).await.is_none());
        assert_eq!(asked.elapsed(), Duration::ZERO);
        held.pop().unwrap().failing(false);
        assert!(turns.take(&slow).await.is_some());
    }
}
