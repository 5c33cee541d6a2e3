//! Events on their way to the merchant's own server, over HTTP.

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

use crate::support::{API_KEY, Shop, quick};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The merchant's server, which can be down.
#[derive(Clone, Default)]
struct Receiver {
    down: Arc<AtomicBool>,
    refused: Arc<Mutex<usize>>,
    got: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Receiver {
    /// It, and a shop that sends it its events.
    async fn open() -> (Self, Shop) {
        let receiver = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/events", post(receive))
            .with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let extra = [
            format!("--event-url=http://{address}/events"),
            format!("--event-secret={SECRET}"),
            "--event-allow-private".to_owned(),
        ];
        let extra: Vec<&str> = extra.iter().map(String::as_str).collect();
        let shop = Shop::with(&extra, Clock::running(), quick()).await;
        (receiver, shop)
    }

    fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    fn got(&self) -> Vec<(String, Value)> {
        self.got.lock().unwrap().clone()
    }

    fn types(&self) -> Vec<String> {
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

    async fn until_refused(&self, times: usize) {
        self.until("asked", |it| *it.refused.lock().unwrap() >= times)
            .await;
    }

    async fn until_got(&self, times: usize) {
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

#[tokio::test]
async fn the_merchants_server_hears_of_a_deposit_in_order_and_signed() {
    let (receiver, shop) = Receiver::open().await;
    let session = shop.issued().await;
    shop.webhooks_on();
    shop.toss.deposit_for(&session.order_id);
    receiver.until_got(2).await;
    assert_eq!(
        receiver.types(),
        ["payment.waiting_for_deposit", "payment.paid"]
    );
    let (id, paid) = receiver.got().pop().unwrap();
    assert_eq!(paid["id"], id);
    assert_eq!(paid["data"]["orderId"], session.order_id);
    assert_eq!(paid["data"]["balance"], 15_000);
    assert_eq!(paid["data"]["status"], "paid");
}

#[tokio::test]
async fn two_days_down_and_a_crash_in_between_lose_nothing() {
    let (receiver, mut shop) = Receiver::open().await;
    receiver.set_down(true);
    let session = shop.issued().await;
    // Written with the change, so that it is there after a crash at any moment behind it.
    shop.crash_and_restart().await;
    receiver.until_refused(1).await;
    shop.webhooks_on();
    shop.toss.deposit_for(&session.order_id);
    shop.until(&session, "paid").await;
    for _ in 0..8 {
        shop.advance(Duration::from_hours(6));
    }
    // While nobody delivers: a clock that jumps ends the lease of a delivery under way, which is then
    // made twice.
    shop.crash();
    receiver.set_down(false);
    shop.advance(Duration::from_hours(27));
    shop.restart().await;
    receiver.until_got(2).await;
    assert_eq!(
        receiver.types(),
        ["payment.waiting_for_deposit", "payment.paid"]
    );
}

#[tokio::test]
async fn what_was_delivered_is_listed_and_sent_again_with_the_same_id() {
    let (receiver, shop) = Receiver::open().await;
    shop.issued().await;
    receiver.until_got(1).await;
    let events = shop.url("/api/events");
    let refused = shop.http.get(&events).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let ask = || shop.http.get(&events).bearer_auth(API_KEY);
    let mut list = Value::Null;
    for _ in 0..200 {
        list = ask().send().await.unwrap().json().await.unwrap();
        if list["events"][0]["deliveries"][0]["state"] == "delivered" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let event = &list["events"][0];
    assert_eq!(event["deliveries"][0]["state"], "delivered", "{list}");
    let id = event["id"].as_str().unwrap();
    let resend = shop.http.post(format!("{events}/{id}/resend"));
    let answer = resend.bearer_auth(API_KEY).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    receiver.until_got(2).await;
    let got = receiver.got();
    assert_eq!(got[0], got[1]);
}
