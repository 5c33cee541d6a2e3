//! The merchant's own server, which gets events.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use serde_json::Value;
use standardwebhooks::Webhook;
use tokio::net::TcpListener;
use toss_merchant::clock::Clock;

use super::{Shop, quick};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The merchant's server, which can be down.
#[derive(Clone, Default)]
pub(crate) struct Receiver {
    address: String,
    down: Arc<AtomicBool>,
    refused: Arc<Mutex<usize>>,
    got: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap().to_string(),
            ..Self::default()
        };
        let router = Router::new()
            .route("/events", post(receive))
            .with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    /// What makes a backend send its events there.
    pub(crate) fn settings(&self) -> [String; 3] {
        [
            format!("--event-url=http://{}/events", self.address),
            format!("--event-secret={SECRET}"),
            "--event-allow-private".to_owned(),
        ]
    }

    /// It, and a shop that sends it its events.
    pub(crate) async fn open() -> (Self, Shop) {
        let receiver = Self::start().await;
        let extra = receiver.settings();
        let extra: Vec<&str> = extra.iter().map(String::as_str).collect();
        let shop = Shop::with(&extra, Clock::running(), quick()).await;
        (receiver, shop)
    }

    pub(crate) fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    pub(crate) fn got(&self) -> Vec<(String, Value)> {
        self.got.lock().unwrap().clone()
    }

    pub(crate) fn types(&self) -> Vec<String> {
        let kind = |(_, event): &(String, Value)| event["type"].as_str().unwrap().to_owned();
        self.got().iter().map(kind).collect()
    }

    async fn until(&self, what: &str, done: impl Fn(&Self) -> bool) {
        for _ in 0..400 {
            if done(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never {what}: {:?}", self.types());
    }

    pub(crate) async fn until_refused(&self, times: usize) {
        self.until("asked", |it| *it.refused.lock().unwrap() >= times)
            .await;
    }

    pub(crate) async fn until_got(&self, times: usize) {
        self.until("got", |it| it.got().len() >= times).await;
    }
}

async fn receive(State(it): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let webhook = Webhook::new(SECRET).unwrap();
    if webhook.verify(&body, &headers).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    if it.down.load(Ordering::SeqCst) {
        *it.refused.lock().unwrap() += 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let id = headers["webhook-id"].to_str().unwrap().to_owned();
    let event = serde_json::from_slice(&body).unwrap();
    it.got.lock().unwrap().push((id, event));
    StatusCode::NO_CONTENT
}
