//! Events reach every endpoint, in their subject's order, whatever fails in between.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use serde_json::json;

use super::*;
use crate::{
    application::{
        deliver_event::DeliverEvent,
        endpoints::{ConfiguredEndpoint, EndpointError, Endpoints},
        outbox::{EventFilter, Outbox, Publisher, Resend, Settlement},
        ports::{Claimed, Over, Queue},
    },
    clock::Clock,
    crypto::KeyRing,
    domain::{
        delivery::{Delivery, DeliveryState, MAX_RETRY_AFTER, Outcome},
        endpoint::{Endpoint, EndpointState, EndpointUrl, Reach},
        event::{Event, EventType, Message, NewEvent},
        ids::EventId,
        signing_secret::SigningSecret,
    },
};

const LEASE: Duration = Duration::from_mins(1);
const URL: &str = "https://shop.example/events";

/// What a receiver answers to a message.
type Answer = dyn FnMut(&Message) -> Outcome + Send;

/// Receivers that answer as they are told.
struct Receivers {
    answer: Mutex<Box<Answer>>,
    got: Mutex<Vec<(String, Message, Vec<SigningSecret>)>>,
}

impl std::fmt::Debug for Receivers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receivers")
    }
}

#[async_trait]
impl Publisher for Receivers {
    async fn publish(
        &self,
        to: &EndpointUrl,
        secrets: &[SigningSecret],
        message: &Message,
    ) -> Outcome {
        let outcome = self.answer.lock().unwrap()(message);
        let one = (to.as_str().to_owned(), message.clone(), secrets.to_vec());
        self.got
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(one);
        outcome
    }
}

fn taken() -> Outcome {
    Outcome::Accepted { status: 204 }
}

fn down() -> Outcome {
    Outcome::Unreachable {
        reason: "connection refused".to_owned(),
    }
}

/// A store, its clock, and what sends its events.
struct World {
    store: Arc<Store>,
    clock: Clock,
    receivers: Arc<Receivers>,
    deliver: DeliverEvent,
    endpoints: Endpoints,
    _place: Place,
}

impl World {
    async fn all() -> Vec<Self> {
        let mut worlds = Vec::new();
        for place in places().await {
            let store = place.open().await;
            let clock = Clock::manual(NOW);
            let receivers = Arc::new(Receivers {
                answer: Mutex::new(Box::new(|_| taken())),
                got: Mutex::default(),
            });
            let keys = KeyRing::parse("k1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=").unwrap();
            worlds.push(Self {
                deliver: DeliverEvent::new(
                    store.clone(),
                    receivers.clone(),
                    keys.clone(),
                    clock.clone(),
                ),
                endpoints: Endpoints::new(
                    store.clone(),
                    receivers.clone(),
                    keys,
                    clock.clone(),
                    Reach::Public,
                ),
                store,
                clock,
                receivers,
                _place: place,
            });
        }
        worlds
    }

    fn answer(&self, answer: impl FnMut(&Message) -> Outcome + Send + 'static) {
        *self.receivers.answer.lock().unwrap() = Box::new(answer);
    }

    async fn endpoint(&self) -> Endpoint {
        self.endpoints.create(URL).await.unwrap().0
    }

    /// Writes an event, as a change does.
    async fn happens(&self, subject: &str, revision: u64) -> EventId {
        let change = Change {
            events: vec![NewEvent {
                kind: EventType::PaymentPaid,
                subject: subject.to_owned(),
                subject_revision: revision,
                data: json!({"orderId": subject}),
            }],
            ..Change::default()
        };
        let done = self.store.commit(change, self.clock.now()).await.unwrap();
        assert_eq!(done, Committed::Done);
        self.events().await.pop().unwrap().id
    }

    async fn events(&self) -> Vec<Event> {
        let all = EventFilter {
            limit: 1000,
            ..EventFilter::default()
        };
        Outbox::events(&*self.store, &all).await.unwrap()
    }

    async fn claim(&self) -> Vec<Claimed> {
        self.store
            .claim(Queue::Deliveries, self.clock.now(), LEASE, 100, None)
            .await
            .unwrap()
    }

    /// Works until nothing is due.
    async fn work(&self) {
        loop {
            let claimed = self.claim().await;
            if claimed.is_empty() {
                return;
            }
            for one in claimed {
                self.deliver.run(&one).await.unwrap();
            }
        }
    }

    /// Lets time pass, and works whenever something may be due.
    async fn pass(&self, time: Duration) {
        let step = Duration::from_mins(20);
        let mut left = time;
        while !left.is_zero() {
            self.clock.advance(step.min(left));
            left -= step.min(left);
            self.work().await;
        }
    }

    async fn delivery(&self, event: &EventId) -> Delivery {
        let found = self.store.deliveries(std::slice::from_ref(event)).await;
        found.unwrap().pop().unwrap()
    }

    /// The revisions that were received of each subject, in their order.
    fn received(&self) -> HashMap<String, Vec<u64>> {
        let mut received: HashMap<String, Vec<u64>> = HashMap::new();
        for (_, message, _) in self.receivers.got.lock().unwrap().iter() {
            let body: serde_json::Value = serde_json::from_str(&message.body).unwrap();
            let subject = body["subject"].as_str().unwrap().to_owned();
            let revision = body["revision"].as_u64().unwrap();
            received.entry(subject).or_default().push(revision);
        }
        received
    }

    fn forget_received(&self) {
        self.receivers.got.lock().unwrap().clear();
    }
}

#[tokio::test]
async fn an_event_goes_to_every_enabled_endpoint_and_is_there_exactly_when_its_change_is() {
    for world in World::all().await {
        world.endpoint().await;
        let other = "https://other.example/hooks";
        world.endpoints.create(other).await.unwrap();
        let (off, _) = world
            .endpoints
            .create("https://off.example/")
            .await
            .unwrap();
        world.endpoints.enable(&off.id, false).await.unwrap();
        world.happens("pay_1", 1).await;

        // A change that comes too late tells nobody.
        let stale = Change {
            payment: Some(crate::application::change::Update {
                id: PaymentId::new("pay_nowhere"),
                revision: 1,
                patch: crate::application::change::PaymentPatch::default(),
            }),
            events: vec![NewEvent {
                kind: EventType::PaymentPaid,
                subject: "pay_nowhere".to_owned(),
                subject_revision: 2,
                data: json!({}),
            }],
            ..Change::default()
        };
        let done = world.store.commit(stale, NOW).await.unwrap();
        assert_eq!(done, Committed::Stale);
        assert_eq!(world.events().await.len(), 1);

        world.work().await;
        let mut urls: Vec<String> = world
            .receivers
            .got
            .lock()
            .unwrap()
            .iter()
            .map(|(url, ..)| url.clone())
            .collect();
        urls.sort();
        assert_eq!(urls, [other, URL]);
    }
}

/// Two workers at once: one learns that the second event waits for the first while the other writes down
/// that the first is delivered. On PostgreSQL each could miss the other's change, and the second event
/// waited for a lease that nobody held any more.
#[tokio::test]
async fn an_event_that_gives_way_while_the_earlier_one_is_delivered_is_due_at_once() {
    const SUBJECTS: usize = 40;
    for world in World::all().await {
        world.endpoint().await;
        for n in 0..SUBJECTS {
            world.happens(&format!("pay_{n}"), 1).await;
            world.happens(&format!("pay_{n}"), 2).await;
        }
        // A process takes all of them and dies.
        assert_eq!(world.claim().await.len(), 2 * SUBJECTS);
        world.clock.advance(LEASE);
        let now = world.clock.now();
        let mut claimed = world.claim().await;
        assert_eq!(claimed.len(), 2 * SUBJECTS);
        let second: Vec<Claimed> = claimed.split_off(SUBJECTS);
        let settle = |claimed: &Claimed, settlement| {
            let (store, claimed) = (Arc::clone(&world.store), claimed.clone());
            tokio::spawn(async move {
                let settled = store.settle(&claimed, None, settlement, now).await;
                assert!(settled.unwrap());
            })
        };
        let (mut first_of, mut second_of) = (Vec::new(), Vec::new());
        for one in claimed.iter().chain(&second) {
            let due = world.store.due_delivery(one).await.unwrap().unwrap();
            match due.earlier_due {
                None => first_of.push(one),
                Some(_) => second_of.push(one),
            }
        }
        assert_eq!((first_of.len(), second_of.len()), (SUBJECTS, SUBJECTS));
        let lease = now.plus(LEASE);
        let mut settling = Vec::new();
        for (first, second) in first_of.iter().zip(&second_of) {
            settling.push(settle(second, Settlement::BehindEarlier(lease)));
            settling.push(settle(first, Settlement::Delivered));
        }
        for one in settling {
            one.await.unwrap();
        }
        assert_eq!(world.claim().await.len(), SUBJECTS);
    }
}

#[tokio::test]
async fn two_days_without_a_receiver_lose_nothing_and_keep_the_order() {
    for world in World::all().await {
        world.endpoint().await;
        world.answer(|_| down());
        let subjects = ["pay_1", "pay_2", "pm_1"];
        for revision in 1..=4 {
            for subject in subjects {
                world.happens(subject, revision).await;
            }
            world.pass(Duration::from_hours(12)).await;
        }
        // Of each subject only the first was tried: the others wait behind it.
        for revisions in world.received().values() {
            assert!(revisions.iter().all(|revision| *revision == 1));
        }
        world.forget_received();

        world.answer(|_| taken());
        world.pass(MAX_RETRY_AFTER).await;
        let received = world.received();
        for subject in subjects {
            assert_eq!(received[subject], [1, 2, 3, 4], "{subject}");
        }
        for event in world.events().await {
            let delivery = world.delivery(&event.id).await;
            assert_eq!(delivery.state, DeliveryState::Delivered);
            assert!(delivery.last_error.is_none() && delivery.next_action_at.is_none());
        }
    }
}

#[tokio::test]
async fn what_is_refused_holds_up_its_own_subject_only_and_in_the_end_not_even_that() {
    for world in World::all().await {
        world.endpoint().await;
        let refused = |message: &Message| {
            let body: serde_json::Value = serde_json::from_str(&message.body).unwrap();
            body["subject"] == "pay_1" && body["revision"] == 1
        };
        world.answer(move |message| {
            if refused(message) {
                Outcome::Refused {
                    status: 422,
                    retry_after: None,
                    said: "no such order".to_owned(),
                }
            } else {
                taken()
            }
        });
        let first = world.happens("pay_1", 1).await;
        let second = world.happens("pay_1", 2).await;
        world.happens("pay_2", 1).await;
        world.work().await;
        assert_eq!(world.received()["pay_2"], [1]);
        assert_eq!(world.received()["pay_1"], [1], "the second one waits");
        let waiting = world.delivery(&second).await;
        assert_eq!((waiting.state, waiting.tries), (DeliveryState::Pending, 0));

        world.pass(Duration::from_hours(85)).await;
        let given_up = world.delivery(&first).await;
        assert_eq!(
            (given_up.state, given_up.tries),
            (DeliveryState::Failed, 10)
        );
        assert_eq!(given_up.last_status, Some(422));
        assert_eq!(given_up.last_error.as_deref(), Some("422: no such order"));
        assert_eq!(
            world.delivery(&second).await.state,
            DeliveryState::Delivered
        );
        let now = world.clock.now();
        let backlog = world.store.backlog(Queue::Deliveries, now).await.unwrap();
        assert_eq!((backlog.due, backlog.needs_attention), (0, 1));
        let failed = EventFilter {
            failed: true,
            limit: 10,
            ..EventFilter::default()
        };
        let failed = Outbox::events(&*world.store, &failed).await.unwrap();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0].id, first);

        // The receiver is mended, and the operator sends it again.
        world.answer(|_| taken());
        let again = Resend {
            event: Some(first.clone()),
            ..Resend::default()
        };
        assert_eq!(world.store.resend(&again, now).await.unwrap(), 1);
        let backlog = world.store.backlog(Queue::Deliveries, now).await.unwrap();
        assert_eq!((backlog.due, backlog.needs_attention), (1, 0));
        world.work().await;
        let delivery = world.delivery(&first).await;
        assert_eq!(
            (delivery.state, delivery.tries),
            (DeliveryState::Delivered, 1)
        );
    }
}

#[tokio::test]
async fn gone_disables_the_endpoint_until_somebody_enables_it() {
    for world in World::all().await {
        let endpoint = world.endpoint().await;
        world.answer(|_| Outcome::Gone);
        let first = world.happens("pay_1", 1).await;
        let waiting = world.happens("pay_1", 2).await;
        world.work().await;
        let state = world.endpoints.read(&endpoint.id).await.unwrap().state;
        assert_eq!(state, EndpointState::Gone);
        for event in [&first, &waiting] {
            let delivery = world.delivery(event).await;
            assert_eq!(delivery.state, DeliveryState::Canceled);
            assert_eq!(delivery.next_action_at, None);
        }
        let missed = world.happens("pay_1", 3).await;
        let none = world.store.deliveries(std::slice::from_ref(&missed)).await;
        assert!(none.unwrap().is_empty());

        world.endpoints.enable(&endpoint.id, true).await.unwrap();
        world.answer(|_| taken());
        world.happens("pay_1", 4).await;
        world.work().await;
        world.forget_received();
        let missed = Resend {
            from: Some(NOW),
            undelivered: true,
            ..Resend::default()
        };
        let now = world.clock.now();
        assert_eq!(world.store.resend(&missed, now).await.unwrap(), 3);
        world.work().await;
        assert_eq!(world.received()["pay_1"], [1, 2, 3]);
        let all = Resend {
            from: Some(NOW),
            ..Resend::default()
        };
        assert_eq!(world.store.resend(&all, now).await.unwrap(), 4);
    }
}

#[tokio::test]
async fn a_worker_that_dies_loses_nothing_and_one_that_comes_late_changes_nothing() {
    for world in World::all().await {
        world.endpoint().await;
        let event = world.happens("pay_1", 1).await;
        // Dead before it sent, or after the receiver had it and before that was written: both look so.
        let dead = world.claim().await;
        assert_eq!(dead.len(), 1);
        world.work().await;
        assert!(world.received().is_empty(), "held");
        world.clock.advance(LEASE);
        world.answer(|_| down());
        world.work().await;
        let delivery = world.delivery(&event).await;
        assert_eq!(
            (delivery.state, delivery.tries),
            (DeliveryState::Pending, 2)
        );
        // The first was only slow, and the receiver had taken it.
        world.answer(|_| taken());
        world.deliver.run(&dead[0]).await.unwrap();
        assert_eq!(world.delivery(&event).await, delivery);
        world.pass(Duration::from_mins(20)).await;
        let messages = world.receivers.got.lock().unwrap().clone();
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0].1, messages[1].1, "same id, same bytes");
        assert_eq!(world.delivery(&event).await.state, DeliveryState::Delivered);
    }
}

#[tokio::test]
async fn two_secrets_sign_while_a_receiver_changes_over() {
    for world in World::all().await {
        let (endpoint, first) = world.endpoints.create(URL).await.unwrap();
        let one = world.endpoints.drop_previous_secret(&endpoint.id).await;
        assert!(matches!(one, Err(EndpointError::OneSecret)));
        let (_, second) = world.endpoints.rotate(&endpoint.id).await.unwrap();
        world.happens("pay_1", 1).await;
        world.work().await;
        world
            .endpoints
            .drop_previous_secret(&endpoint.id)
            .await
            .unwrap();
        world.happens("pay_1", 2).await;
        world.work().await;
        let secrets: Vec<_> = world
            .receivers
            .got
            .lock()
            .unwrap()
            .iter()
            .map(|(.., secrets)| secrets.clone())
            .collect();
        assert_eq!(secrets, [vec![second.clone(), first], vec![second]]);
        let stored = world.endpoints.read(&endpoint.id).await.unwrap();
        assert!(!stored.sealed_secrets[0].contains("whsec_"));
        let again = world.endpoints.create(URL).await;
        assert!(matches!(again, Err(EndpointError::Taken)));
        world.endpoints.delete(&endpoint.id).await.unwrap();
        assert!(world.endpoints.list().await.unwrap().is_empty());
        let gone = world.endpoints.delete(&endpoint.id).await;
        assert!(matches!(gone, Err(EndpointError::Unknown(_))));
    }
}

#[tokio::test]
async fn what_the_configuration_names_is_there_and_what_it_no_longer_names_is_not() {
    for world in World::all().await {
        let configured = |url: &str| ConfiguredEndpoint {
            url: EndpointUrl::parse(url, Reach::Public).unwrap(),
            secrets: vec![SigningSecret::generate()],
        };
        let (a, b) = (configured(URL), configured("https://b.example/"));
        let states = async || -> Vec<EndpointState> {
            let all = world.endpoints.list().await.unwrap();
            all.iter().map(|endpoint| endpoint.state).collect()
        };
        world.endpoints.configure(&[a.clone(), b]).await.unwrap();
        let both = world.endpoints.list().await.unwrap();
        assert_eq!(both.len(), 2);
        world
            .endpoints
            .configure(std::slice::from_ref(&a))
            .await
            .unwrap();
        let mut now = states().await;
        now.sort_by_key(|state| state.as_str());
        assert_eq!(now, [EndpointState::Enabled, EndpointState::Removed]);

        // Its secret changes by the configuration, and only by it.
        let rotated = ConfiguredEndpoint {
            secrets: vec![SigningSecret::generate(), a.secrets[0].clone()],
            ..a.clone()
        };
        world
            .endpoints
            .configure(std::slice::from_ref(&rotated))
            .await
            .unwrap();
        world.happens("pay_1", 1).await;
        world.work().await;
        let got = world.receivers.got.lock().unwrap().pop().unwrap();
        assert_eq!((got.0.as_str(), got.2), (URL, rotated.secrets.clone()));
        let of_a = both.iter().find(|one| one.url.as_str() == URL).unwrap();
        let refused = world.endpoints.rotate(&of_a.id).await;
        assert!(matches!(refused, Err(EndpointError::Configured)));

        // One that is disabled stays so over a restart.
        world.endpoints.enable(&of_a.id, false).await.unwrap();
        world.endpoints.configure(&[rotated]).await.unwrap();
        assert!(states().await.contains(&EndpointState::Disabled));
    }
}

#[tokio::test]
async fn old_events_go_once_every_endpoint_has_them_and_not_before() {
    for world in World::all().await {
        world.endpoint().await;
        let delivered = world.happens("pay_1", 1).await;
        world.work().await;
        world.answer(|_| down());
        let on_its_way = world.happens("pay_2", 1).await;
        world.work().await;
        let before = world.clock.now();
        world.clock.advance(Duration::from_hours(1));
        let new = world.happens("pay_1", 2).await;
        let over = |events| Over {
            webhooks: NOW,
            events,
            hints: NOW,
        };
        assert_eq!(world.store.purge(over(None), 10).await.unwrap(), 0);
        let later = Some(before.plus(Duration::from_secs(1)));
        assert_eq!(world.store.purge(over(later), 10).await.unwrap(), 1);
        let left: Vec<EventId> = world.events().await.into_iter().map(|it| it.id).collect();
        assert_eq!(left, [on_its_way.clone(), new]);
        assert_eq!(world.store.deliveries(&[delivered]).await.unwrap(), []);

        world.answer(|_| taken());
        world.pass(Duration::from_hours(24)).await;
        assert_eq!(world.received()["pay_2"].last(), Some(&1));
        assert_eq!(world.store.purge(over(later), 10).await.unwrap(), 1);
    }
}
