//! Watches how much due work waits, for metrics and for `/readyz`.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use crate::{
    application::ports::{Queue, Records},
    clock::Clock,
    telemetry,
};

/// How often it is counted.
const LOOK: Duration = Duration::from_secs(10);
/// Work that is due for longer is late: no loop looks less often than every few seconds.
const LATE: Duration = Duration::from_mins(2);

/// Which queues were late when they were last looked at.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Vec<Late>>);

/// A queue whose first row should have been worked on long ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// The queue.
    pub queue: Queue,
    /// For how long the row is due; `None`: it could not be counted.
    pub lag: Option<Duration>,
}

impl Readiness {
    /// The queues that are late.
    pub fn late(&self) -> Vec<Late> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Counts the queues until told to stop.
pub async fn watch(
    records: Arc<dyn Records>,
    clock: Clock,
    readiness: Arc<Readiness>,
    stop: CancellationToken,
) {
    loop {
        look(records.as_ref(), &clock, &readiness).await;
        // Histograms gather single values until somebody reads them, or this.
        telemetry::exposition().run_upkeep();
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn look(records: &dyn Records, clock: &Clock, readiness: &Readiness) {
    let late = late(records, clock).await;
    *readiness.0.lock().unwrap_or_else(PoisonError::into_inner) = late;
}

async fn late(records: &dyn Records, clock: &Clock) -> Vec<Late> {
    let answer = records.ping().await;
    telemetry::database_up(answer.is_ok());
    if let Err(error) = answer {
        tracing::error!(%error, "nothing is done until the database answers");
        return Queue::ALL.map(|queue| Late { queue, lag: None }).to_vec();
    }
    match records.unknown_attempts().await {
        Ok(count) => telemetry::open_unknowns(count),
        Err(error) => tracing::warn!(%error, "open unknowns could not be counted"),
    }
    let mut late = Vec::new();
    for queue in Queue::ALL {
        let now = clock.now();
        let lag = match records.backlog(queue, now).await {
            Ok(backlog) => {
                let lag = backlog
                    .oldest
                    .map_or(Duration::ZERO, |oldest| now.since(oldest));
                telemetry::backlog(queue.as_str(), backlog.due, lag, backlog.needs_attention);
                Some(lag)
            }
            Err(error) => {
                tracing::warn!(%queue, %error, "due work could not be counted");
                None
            }
        };
        if lag.is_none_or(|lag| lag > LATE) {
            late.push(Late { queue, lag });
        }
    }
    late
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        application::{
            change::{Change, Committed, SubscriptionChange},
            ports::{DueWork, WebhookRecords},
        },
        domain::{
            ids::{PaymentMethodId, ShopId, SubscriptionId},
            subscription::{
                calendar::{Interval, Unit},
                create::{Draft, Start, create},
                rules::SubscriptionRules,
            },
            time::Millis,
            webhook::NewWebhook,
        },
        store::Store,
    };

    /// Row 14 of the list of others' faults: a bad deployment ended the billing jobs, unnoticed for days.
    #[tokio::test]
    async fn subscriptions_that_nobody_charges_are_seen_within_minutes() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        let clock = Clock::manual(Millis(1_795_219_200_000));
        let store = Store::open(&url, clock.now()).await.unwrap();
        let draft = Draft {
            id: SubscriptionId::new("sub_1"),
            shop_id: ShopId::new("shop_default"),
            customer_key: "3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11".parse().unwrap(),
            payment_method_id: PaymentMethodId::new("pm_1"),
            minimum: 100,
            order_name: "구독".to_owned(),
            customer: toss_checkout_contract::Customer::default(),
            price: 9_900,
            interval: Interval {
                unit: Unit::Month,
                count: 1,
            },
            phases: Vec::new(),
            anchor: None,
            trial_end: None,
            start: Start::Now,
        };
        let due = create(draft, &SubscriptionRules::default(), clock.now());
        let change = Change {
            subscribing: Some(Box::new(SubscriptionChange {
                new_subscription: Some(due.unwrap()),
                ..SubscriptionChange::default()
            })),
            ..Change::default()
        };
        let made = store.commit(change, clock.now()).await.unwrap();
        assert_eq!(made, Committed::Done);
        // What is measured before is not kept.
        let metrics = telemetry::exposition();
        let readiness = Readiness::default();
        look(&store, &clock, &readiness).await;
        assert_eq!(readiness.late(), []);
        clock.advance(Duration::from_mins(5));
        look(&store, &clock, &readiness).await;
        let late = Late {
            queue: Queue::Subscriptions,
            lag: Some(Duration::from_mins(5)),
        };
        assert_eq!(readiness.late(), [late]);
        let metrics = metrics.render();
        let lag = metrics.lines().find(|line| {
            line.starts_with(telemetry::DUE_WORK_LAG) && line.contains("subscriptions")
        });
        assert!(lag.is_some_and(|line| !line.ends_with(" 0")), "{metrics}");
    }

    #[tokio::test]
    async fn work_that_nobody_takes_makes_a_copy_not_ready() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        let clock = Clock::manual(Millis(1_795_219_200_000));
        let store = Store::open(&url, clock.now()).await.unwrap();
        let readiness = Readiness::default();
        let webhook = NewWebhook {
            transmission_id: "w1".to_owned(),
            event_type: "PAYMENT_STATUS_CHANGED".to_owned(),
            order_id: None,
            key_digest: None,
            claimed_status: None,
            secret_digest: None,
            body: "{}".to_owned(),
        };
        store.insert_webhook(webhook, clock.now()).await.unwrap();
        look(&store, &clock, &readiness).await;
        assert_eq!(readiness.late(), []);

        let minutes = Duration::from_mins(3);
        clock.advance(minutes);
        look(&store, &clock, &readiness).await;
        let late = Late {
            queue: Queue::Webhooks,
            lag: Some(minutes),
        };
        assert_eq!(readiness.late(), [late]);
        let lease = Duration::from_mins(1);
        let now = clock.now();
        let claimed = store.claim(Queue::Webhooks, now, lease, 1, None).await;
        assert_eq!(claimed.unwrap().len(), 1);
        look(&store, &clock, &readiness).await;
        assert_eq!(readiness.late(), [], "somebody works on it");

        store.close().await.unwrap();
        look(&store, &clock, &readiness).await;
        assert_eq!(readiness.late().len(), Queue::ALL.len());
    }
}
