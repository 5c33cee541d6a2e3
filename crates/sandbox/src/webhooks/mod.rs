//! Webhooks on their way to merchants: who is registered for what, headers, time limit, retries by the
//! sandbox's clock, and a log of deliveries. Source: <https://docs.tosspayments.com/guides/v2/webhook>.

mod body;
mod delivery;
mod log;
mod target;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use rand::{Rng, distr::Alphanumeric};
use time::Duration as Span;
use toss_model::{Event, Rules, moment};

use self::log::{Log, Ticket};
pub(crate) use self::{delivery::StoredDelivery, log::Saved};
pub use self::{
    delivery::{Attempt, Delivery, DeliveryStatus},
    target::{TargetError, WebhookTarget},
};
use crate::{
    clock::SharedClock,
    faults::{Fault, FaultKind, Faults},
    shape::Viewer,
    sync::lock,
};

/// The waits before the second to the eighth attempt, in minutes.
pub(crate) const RETRY_MINUTES: [u32; 7] = [1, 4, 16, 64, 256, 1024, 4096];
/// How long the merchant may take to answer.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(10);
/// A webhook that is held back to be overtaken goes out after this if none overtakes it.
const HELD_AT_MOST: Span = Span::minutes(1);

/// Sends webhooks and remembers how that went.
#[derive(Debug, Clone)]
pub(crate) struct Webhooks {
    scale: f64,
    client: reqwest::Client,
    clock: SharedClock,
    faults: Faults,
    targets: Arc<Mutex<Vec<(u64, WebhookTarget)>>>,
    log: Arc<Mutex<Log>>,
}

impl Webhooks {
    pub(crate) fn new(
        targets: Vec<WebhookTarget>,
        scale: f64,
        clock: SharedClock,
        faults: Faults,
    ) -> Self {
        // Fails when the process has a provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            // A webhook to this machine must not leave by the system's proxy.
            .no_proxy()
            // Plain http only: no certificates are needed, nor looked for.
            .tls_certs_only([])
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIME_LIMIT)
            .user_agent("toss-sandbox")
            .build()
            .unwrap_or_default();
        Self {
            scale,
            client,
            clock,
            faults,
            targets: Arc::new(Mutex::new((1..).zip(targets).collect())),
            log: Arc::default(),
        }
    }

    /// Who is registered, each with its number.
    pub(crate) fn targets(&self) -> Vec<(u64, WebhookTarget)> {
        lock(&self.targets).clone()
    }

    /// Registers an address.
    pub(crate) fn register(&self, target: WebhookTarget) -> u64 {
        let mut targets = lock(&self.targets);
        let id = targets.iter().map(|(id, _)| *id).max().unwrap_or(0) + 1;
        targets.push((id, target));
        id
    }

    /// Takes a registration back; what is on its way goes on. False when there is none.
    pub(crate) fn unregister(&self, id: u64) -> bool {
        let mut targets = lock(&self.targets);
        let before = targets.len();
        targets.retain(|(own, _)| *own != id);
        targets.len() < before
    }

    /// Every delivery that is remembered, oldest first.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.log).shown()
    }

    /// What a restart must not forget.
    pub(crate) fn save(&self) -> Saved {
        lock(&self.log).save()
    }

    /// Goes on where a stopped sandbox was. Needs a tokio runtime.
    pub(crate) fn restore(&self, saved: Saved) {
        let pending = lock(&self.log).restore(saved);
        for ticket in pending {
            self.start(ticket, Vec::new());
        }
    }

    /// Forgets all deliveries and stops their retries.
    pub(crate) fn clear(&self) {
        lock(&self.log).clear();
    }

    /// Sends an event to every address that is registered for it, unless faults interfere. Returns at
    /// once. Needs a tokio runtime.
    pub(crate) fn send(&self, event: &Event, viewer: Viewer<'_>, rules: &Rules) {
        for message in body::messages(event, viewer, rules) {
            for (id, target) in self.targets() {
                let concerns = target
                    .merchant_id
                    .as_deref()
                    .is_none_or(|id| id == viewer.m_id);
                if !concerns || !target.events.contains(&message.event_type) {
                    continue;
                }
                let fault = self.faults.take_webhook(message.event_type, id);
                let now = self.clock.now();
                let delivery = Delivery {
                    id: 0,
                    transmission_id: transmission_id(),
                    event_type: message.event_type,
                    status: message.status.clone(),
                    order_id: message.about.clone(),
                    url: target.url.to_string(),
                    created_at: moment::kst(now),
                    standing: DeliveryStatus::Pending,
                    attempts: Vec::new(),
                    fault: fault.as_ref().map(|fault| fault.kind.as_str().to_owned()),
                };
                let kept = StoredDelivery {
                    shown: delivery,
                    body: message.body.clone(),
                    round: 0,
                    tries: 0,
                    due: now,
                };
                self.dispatch(kept, fault.as_ref());
            }
        }
    }

    fn dispatch(&self, mut kept: StoredDelivery, fault: Option<&Fault>) {
        match fault.map(|fault| fault.kind) {
            Some(FaultKind::Lost) => {
                kept.shown.standing = DeliveryStatus::Failed;
                lock(&self.log).add(kept);
            }
            Some(FaultKind::Duplicate) => {
                let again = lock(&self.log).add(kept.clone());
                let ticket = lock(&self.log).add(kept);
                self.start(ticket, Vec::new());
                self.start(again, Vec::new());
            }
            Some(FaultKind::Reorder) => {
                kept.due += HELD_AT_MOST;
                let due = kept.due;
                let mut log = lock(&self.log);
                let ticket = log.add(kept);
                log.held.push(ticket);
                drop(log);
                let own = self.clone();
                tokio::spawn(async move {
                    own.clock.sleep_until(due).await;
                    let still = lock(&own.log).release(ticket);
                    if still {
                        own.start(ticket, Vec::new());
                    }
                });
            }
            other => {
                if let Some(FaultKind::Mutate) = other
                    && let Some(body) = fault.and_then(|fault| fault.mutated(kept.body.as_bytes()))
                {
                    kept.body = body;
                }
                if other == Some(FaultKind::Delay) {
                    kept.due += fault.map_or(Span::ZERO, |fault| {
                        Span::try_from(fault.wait()).unwrap_or(Span::ZERO)
                    });
                }
                let mut log = lock(&self.log);
                let ticket = log.add(kept);
                let overtaken = std::mem::take(&mut log.held);
                drop(log);
                self.start(ticket, overtaken);
            }
        }
    }

    /// Sends a remembered one again at once, and begins its schedule of retries anew. False when it is
    /// not remembered.
    pub(crate) fn resend(&self, id: u64) -> bool {
        let ticket = lock(&self.log).begin_again(id, self.clock.now());
        if let Some(ticket) = ticket {
            self.start(ticket, Vec::new());
        }
        ticket.is_some()
    }

    /// Tries until it arrives or the attempts are used up; those that it overtakes begin after its first.
    fn start(&self, ticket: Ticket, mut overtaken: Vec<Ticket>) {
        let own = self.clone();
        tokio::spawn(async move {
            loop {
                let Some(due) = lock(&own.log).find(ticket).map(|kept| kept.due) else {
                    break;
                };
                own.clock.sleep_until(due).await;
                // A reset or a resend may have taken it away meanwhile.
                let Some(kept) = lock(&own.log).find(ticket).cloned() else {
                    break;
                };
                let attempt = kept.attempt(&own.client, own.clock.now()).await;
                let goes_on = own.record(ticket, attempt);
                for ticket in overtaken.drain(..) {
                    lock(&own.log).make_due(ticket, own.clock.now());
                    own.start(ticket, Vec::new());
                }
                if !goes_on {
                    break;
                }
            }
        });
    }

    /// Writes an attempt down. True when another will follow.
    fn record(&self, ticket: Ticket, attempt: delivery::Attempt) -> bool {
        let now = self.clock.now();
        let arrived = attempt.status == Some(200);
        let mut log = lock(&self.log);
        let Some(kept) = log.find(ticket) else {
            return false;
        };
        let wait = RETRY_MINUTES.get(kept.tries).filter(|_| !arrived);
        kept.shown.attempts.push(attempt);
        kept.tries += 1;
        kept.shown.standing = match (arrived, wait) {
            (true, _) => DeliveryStatus::Delivered,
            (false, Some(_)) => DeliveryStatus::Pending,
            (false, None) => DeliveryStatus::Failed,
        };
        if let Some(minutes) = wait {
            kept.due = now + Span::seconds_f64(f64::from(*minutes) * 60.0 * self.scale);
        }
        wait.is_some()
    }
}

/// Looks like `whtrans_a01j70335nkqqeg0zwzz2r4py9z`.
fn transmission_id() -> String {
    let tail: String = rand::rng()
        .sample_iter(Alphanumeric)
        .take(24)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    format!("whtrans_a01{tail}")
}
