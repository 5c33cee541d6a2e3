//! DEPOSIT_CALLBACK on its way to the merchant: headers, time limit, retries, delivery log.
//! Source: <https://docs.tosspayments.com/guides/v2/webhook>.

mod delivery;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use rand::{Rng, distr::Alphanumeric};
use serde::Serialize;
use url::Url;

pub(crate) use self::delivery::{Delivery, Standing};
use crate::{
    app::lock,
    clock::Clock,
    state::{Callback, moment},
};

/// The waits before the second to the eighth attempt, in minutes.
pub(crate) const RETRY_MINUTES: [u32; 7] = [1, 4, 16, 64, 256, 1024, 4096];
/// How long the merchant may take to answer.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(10);
/// How many deliveries are remembered.
const MAX_LOG: usize = 1_000;

/// The flat body: no eventType, no data, no paymentKey.
/// Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DepositCallback<'a> {
    created_at: String,
    secret: &'a str,
    status: &'a str,
    transaction_key: &'a str,
    order_id: &'a str,
}

/// Sends webhooks and remembers how that went.
#[derive(Debug)]
pub(crate) struct Webhooks {
    urls: Vec<Url>,
    scale: f64,
    client: reqwest::Client,
    clock: Clock,
    log: Arc<Mutex<Log>>,
}

/// Deliveries, oldest first.
#[derive(Debug, Default)]
struct Log {
    generation: u64,
    next: u64,
    deliveries: VecDeque<Delivery>,
}

/// Lets a task work on a delivery until a reset (`generation`) or a resend (`round`) takes it away.
#[derive(Debug, Clone, Copy)]
struct Ticket {
    generation: u64,
    id: u64,
    round: u32,
}

impl Log {
    fn find(&mut self, ticket: Ticket) -> Option<&mut Delivery> {
        if self.generation != ticket.generation {
            return None;
        }
        self.deliveries
            .iter_mut()
            .find(|delivery| delivery.id == ticket.id && delivery.round == ticket.round)
    }
}

impl Webhooks {
    pub(crate) fn new(urls: Vec<Url>, scale: f64, clock: Clock) -> Self {
        // Fails when the process has a provider already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            // A webhook to this machine must not leave by the system's proxy.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIME_LIMIT)
            .user_agent("toss-sandbox")
            .build()
            .unwrap_or_default();
        Self {
            urls,
            scale,
            client,
            clock,
            log: Arc::default(),
        }
    }

    /// Where webhooks go.
    pub(crate) fn urls(&self) -> &[Url] {
        &self.urls
    }

    /// Every delivery that is remembered, oldest first.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.log).deliveries.iter().cloned().collect()
    }

    /// Forgets all deliveries and stops their retries.
    pub(crate) fn clear(&self) {
        let mut log = lock(&self.log);
        log.generation += 1;
        log.deliveries.clear();
    }

    /// Sends one to every address. Returns at once. Needs a tokio runtime.
    pub(crate) fn send(&self, callback: &Callback) {
        let body = DepositCallback {
            created_at: moment::webhook_time(callback.created_at),
            secret: &callback.secret,
            status: callback.status,
            transaction_key: &callback.transaction_key,
            order_id: &callback.order_id,
        };
        let body = serde_json::to_string(&body).unwrap_or_default();
        for url in &self.urls {
            let ticket = {
                let mut log = lock(&self.log);
                if log.deliveries.len() == MAX_LOG {
                    log.deliveries.pop_front();
                }
                log.next += 1;
                let id = log.next;
                log.deliveries.push_back(Delivery {
                    id,
                    transmission_id: transmission_id(),
                    event_type: "DEPOSIT_CALLBACK",
                    status: callback.status,
                    order_id: callback.order_id.clone(),
                    url: url.to_string(),
                    created_at: moment::kst(self.clock.now()),
                    standing: Standing::Pending,
                    attempts: Vec::new(),
                    body: body.clone(),
                    round: 0,
                });
                Ticket {
                    generation: log.generation,
                    id,
                    round: 0,
                }
            };
            self.start(ticket);
        }
    }

    /// Sends a remembered one again at once, and begins its schedule of retries anew. False when it is
    /// not remembered.
    pub(crate) fn resend(&self, id: u64) -> bool {
        let ticket = {
            let mut log = lock(&self.log);
            let generation = log.generation;
            let Some(delivery) = log.deliveries.iter_mut().find(|found| found.id == id) else {
                return false;
            };
            delivery.standing = Standing::Pending;
            delivery.round += 1;
            Ticket {
                generation,
                id,
                round: delivery.round,
            }
        };
        self.start(ticket);
        true
    }

    fn start(&self, ticket: Ticket) {
        let log = Arc::clone(&self.log);
        let client = self.client.clone();
        let clock = self.clock.clone();
        let scale = self.scale;
        tokio::spawn(async move {
            for retry in 0..=RETRY_MINUTES.len() {
                let Some(delivery) = lock(&log).find(ticket).cloned() else {
                    return;
                };
                let attempt = delivery.attempt(&client, retry, clock.now()).await;
                let arrived = attempt.status == Some(200);
                let wait = RETRY_MINUTES.get(retry).filter(|_| !arrived);
                {
                    let mut log = lock(&log);
                    let Some(delivery) = log.find(ticket) else {
                        return;
                    };
                    delivery.attempts.push(attempt);
                    delivery.standing = match (arrived, wait) {
                        (true, _) => Standing::Delivered,
                        (false, Some(_)) => Standing::Pending,
                        (false, None) => Standing::Failed,
                    };
                }
                let Some(minutes) = wait else { return };
                let seconds = f64::from(*minutes) * 60.0 * scale;
                tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
            }
        });
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
