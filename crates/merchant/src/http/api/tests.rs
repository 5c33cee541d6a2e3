//! The API of events and endpoints, on a database and with a receiver of its own.

use std::sync::Arc;

use axum::{
    Extension, Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
    middleware,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt;

use super::{endpoints, events};
use crate::{
    application::{
        change::Change,
        deliver_event::DeliverEvent,
        endpoints::Endpoints,
        events::Events,
        ports::{DueWork, Queue, Records},
    },
    clock::Clock,
    crypto::KeyRing,
    domain::{
        endpoint::Reach,
        event::{EventType, NewEvent},
        time::Millis,
    },
    http::described::{Described, known_parameters},
    publisher::WebhookClient,
    store::Store,
};

const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);
const NOW: Millis = Millis(1_795_219_200_000);

struct Api {
    router: Router,
    store: Arc<Store>,
    deliver: DeliverEvent,
    clock: Clock,
    _folder: tempfile::TempDir,
}

impl Api {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        let store = Arc::new(Store::open(&url, NOW).await.unwrap());
        let clock = Clock::manual(NOW);
        let keys = KeyRing::parse("k1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=").unwrap();
        let publisher = Arc::new(WebhookClient::new(Reach::Anywhere, TIMEOUT).unwrap());
        let events = Events::new(store.clone(), store.clone(), clock.clone());
        let endpoints = Endpoints::new(
            store.clone(),
            publisher.clone(),
            keys.clone(),
            clock.clone(),
            Reach::Anywhere,
        );
        let (router, document) = events::routes(Arc::new(events))
            .merge(endpoints::routes(Arc::new(endpoints)))
            .split_for_parts();
        Self {
            router: router
                .route_layer(middleware::from_fn(known_parameters))
                .layer(Extension(Described::new(&document))),
            deliver: DeliverEvent::new(store.clone(), publisher, keys, clock.clone()),
            store,
            clock,
            _folder: folder,
        }
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20)
            .await
            .unwrap();
        (
            status,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        )
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn happens(&self, subject: &str) {
        let change = Change {
            events: vec![NewEvent {
                kind: EventType::PaymentPaid,
                subject: subject.to_owned(),
                subject_revision: 2,
                data: json!({"orderId": "order-1"}),
            }],
            ..Change::default()
        };
        self.store.commit(change, self.clock.now()).await.unwrap();
    }

    async fn work(&self) {
        let lease = std::time::Duration::from_mins(1);
        let now = self.clock.now();
        let claimed = self
            .store
            .claim(Queue::Deliveries, now, lease, 100, None)
            .await
            .unwrap();
        for one in claimed {
            self.deliver.run(&one).await.unwrap();
        }
    }
}

/// A receiver that answers so.
async fn receiver(status: StatusCode) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(move || async move { status });
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/hooks")
}

fn ids(list: &Value) -> Vec<&str> {
    let events = list["events"].as_array().unwrap();
    events.iter().map(|e| e["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_reader_who_goes_on_behind_the_last_event_misses_none() {
    let api = Api::open().await;
    for subject in ["pay_1", "pay_2", "pay_1", "pay_3", "pay_1"] {
        api.happens(subject).await;
    }
    let first = api.get("/api/events?limit=2").await;
    let next = first["next"].as_str().unwrap();
    assert_eq!(ids(&first)[1], next);
    let second = api.get(&format!("/api/events?limit=2&after={next}")).await;
    let next = second["next"].as_str().unwrap();
    let third = api.get(&format!("/api/events?limit=2&after={next}")).await;
    assert!(third["next"].is_null());
    let all = api.get("/api/events").await;
    let parts = [ids(&first), ids(&second), ids(&third)].concat();
    assert_eq!(ids(&all), parts);
    let newest = api.get("/api/events?order=desc").await;
    let mut backwards = ids(&newest);
    backwards.reverse();
    assert_eq!(ids(&all), backwards);
    let of_one = api.get("/api/events?subject=pay_1").await;
    assert_eq!(ids(&of_one).len(), 3);

    let event = &all["events"][0];
    assert_eq!(event["type"], "payment.paid");
    assert_eq!(event["timestamp"], "2026-11-21T09:00:00+09:00");
    assert_eq!(event["data"], json!({"orderId": "order-1"}));
    let one = api
        .get(&format!("/api/events/{}", event["id"].as_str().unwrap()))
        .await;
    assert_eq!(&one, event);

    for bad in ["limit=0", "limit=101", "order=up", "sort=asc"] {
        let (status, _) = api
            .call(Method::GET, &format!("/api/events?{bad}"), None)
            .await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{bad}");
    }
    let (status, _) = api.call(Method::GET, "/api/events?after=evt_x", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_operator_sees_what_failed_and_sends_it_again() {
    let api = Api::open().await;
    let url = receiver(StatusCode::INTERNAL_SERVER_ERROR).await;
    let create = json!({"url": url});
    let (status, made) = api
        .call(Method::POST, "/api/event-endpoints", Some(create.clone()))
        .await;
    assert_eq!(status, StatusCode::CREATED);
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"));
    let taken = api
        .call(Method::POST, "/api/event-endpoints", Some(create))
        .await;
    assert_eq!(taken.0, StatusCode::CONFLICT);
    let endpoint = made["id"].as_str().unwrap();

    api.happens("pay_1").await;
    for _ in 0..10 {
        api.work().await;
        api.clock.advance(std::time::Duration::from_hours(27));
    }
    let failed = api.get("/api/events?failed=true").await;
    let delivery = &failed["events"][0]["deliveries"][0];
    assert_eq!(delivery["state"], "failed");
    assert_eq!(delivery["tries"], 10);
    assert_eq!(delivery["lastStatus"], 500);
    assert_eq!(delivery["endpointId"], endpoint);

    // Mended at another address: what is sent again goes there.
    let path = format!("/api/event-endpoints/{endpoint}");
    let moved = json!({"url": receiver(StatusCode::NO_CONTENT).await});
    let (status, _) = api.call(Method::PATCH, &path, Some(moved)).await;
    assert_eq!(status, StatusCode::OK);
    let (_, tested) = api.call(Method::POST, &format!("{path}/test"), None).await;
    assert_eq!(tested, json!({"delivered": true, "status": 204}));
    let event = ids(&failed)[0];
    let resend = format!("/api/events/{event}/resend");
    let (status, due) = api.call(Method::POST, &resend, None).await;
    assert_eq!(
        (status, due),
        (StatusCode::ACCEPTED, json!({"deliveries": 1}))
    );
    api.work().await;
    let delivered = api.get(&format!("/api/events/{event}")).await;
    assert_eq!(delivered["deliveries"][0]["state"], "delivered");
    assert_eq!(ids(&api.get("/api/events?failed=true").await).len(), 0);

    let many = |body: Value| api.call(Method::POST, "/api/events/resend", Some(body));
    let from = "2026-11-21T09:00:00+09:00";
    assert_eq!(many(json!({"from": from})).await.1["deliveries"], 0);
    let all = many(json!({"from": from, "delivered": true})).await;
    assert_eq!(all.1["deliveries"], 1);
    assert_eq!(
        many(json!({"from": "soon"})).await.0,
        StatusCode::BAD_REQUEST
    );
    let nowhere = many(json!({"from": from, "endpointId": "ep_x"})).await;
    assert_eq!(nowhere.0, StatusCode::NOT_FOUND);

    let (status, off) = api
        .call(Method::PATCH, &path, Some(json!({"enabled": false})))
        .await;
    assert_eq!(
        (status, &off["state"]),
        (StatusCode::OK, &json!("disabled"))
    );
    assert_eq!(many(json!({"from": from})).await.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn an_endpoints_secret_is_told_once_and_rotated() {
    let api = Api::open().await;
    let create = json!({"url": "https://shop.example/hooks"});
    let (_, made) = api
        .call(Method::POST, "/api/event-endpoints", Some(create))
        .await;
    let path = format!("/api/event-endpoints/{}", made["id"].as_str().unwrap());
    let (status, rotated) = api
        .call(Method::POST, &format!("{path}/secrets"), None)
        .await;
    assert_eq!(
        (status, &rotated["secrets"]),
        (StatusCode::CREATED, &json!(2))
    );
    assert_ne!(rotated["secret"], made["secret"]);
    let listed = api.get("/api/event-endpoints").await;
    let one = &listed["endpoints"][0];
    assert_eq!((&one["secrets"], &one["secret"]), (&json!(2), &Value::Null));
    let previous = format!("{path}/secrets/previous");
    let (_, left) = api.call(Method::DELETE, &previous, None).await;
    assert_eq!(left["secrets"], 1);
    let (status, _) = api.call(Method::DELETE, &previous, None).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let (status, _) = api.call(Method::DELETE, &path, None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, _) = api.call(Method::GET, &path, None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let bad = json!({"url": "ftp://shop.example"});
    let (status, refused) = api
        .call(Method::POST, "/api/event-endpoints", Some(bad))
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(refused["message"].as_str().unwrap().contains("ftp://"));
}

#[test]
fn the_documentation_describes_every_type_with_an_example_that_can_be_read() {
    let text = include_str!("../../../../../docs/events.md");
    let types: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'))
        .collect();
    let all: Vec<&str> = EventType::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(types, all);
    let (_, described) = text.split_once("## Every type").unwrap();
    for section in described.split("\n### ").skip(1) {
        let (_, example) = section.split_once("```json\n").expect(section);
        let (example, _) = example.split_once("\n```").unwrap();
        serde_json::from_str::<Value>(example).unwrap();
    }
}
