//! Event streams.

use std::time::{Duration, Instant};

use reqwest::Response;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};
use test_database::Engine;
use toss_merchant::clock::Clock;
use toss_sandbox::{Endpoint, Fault};

use crate::support::{Session, Shop, confirm_body, program::Program, quick, timeless};

struct Stream {
    answer: Response,
    text: String,
}

impl Stream {
    async fn open(shop: &Shop, origin: &str, session: &Session) -> Self {
        let url = format!("{origin}/api/checkout/sessions/{}/events", session.id);
        let answer = shop.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        Self {
            answer,
            text: String::new(),
        }
    }

    /// The next event: its id and the session; `None` at the end of the stream.
    async fn next(&mut self) -> Option<(u64, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let event = event.to_owned();
                let rest = rest.to_owned();
                self.text = rest;
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
                        .map(|value| value.trim().to_owned())
                };
                if let Some(data) = field("data") {
                    assert_eq!(field("event").unwrap(), "session");
                    let id = field("id").unwrap().parse().unwrap();
                    return Some((id, serde_json::from_str(&data).unwrap()));
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(5), self.answer.chunk());
            let chunk = chunk.await.expect("an event within five seconds");
            self.text
                .push_str(std::str::from_utf8(&chunk.ok()??).unwrap());
        }
    }

    async fn until(&mut self, status: &str) -> Value {
        loop {
            let (id, session) = self.next().await.expect("the stream goes on");
            assert_eq!(id, session["revision"].as_u64().unwrap());
            if session["status"] == status {
                return session;
            }
        }
    }
}

#[tokio::test]
async fn the_page_sees_the_deposit_without_asking() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let mut stream = Stream::open(&shop, &shop.backend.origin, &session).await;
    assert_eq!(stream.answer.headers()["content-type"], "text/event-stream");
    assert_eq!(stream.answer.headers()["cache-control"], "no-cache");
    shop.webhooks_on();
    let (_, first) = stream.next().await.unwrap();
    assert_eq!(first["status"], "open", "the session comes at once");

    let key = shop.toss.authenticate(&session.order_id);
    shop.confirm(&session, &key).await;
    stream.until("waiting_for_deposit").await;

    shop.toss.deposit_for(&session.order_id);
    let paid = stream.until("paid").await;
    assert_eq!(timeless(paid), shop.get(&session).await);

    shop.toss.reverse(&session.order_id);
    stream.until("waiting_for_deposit").await;
}

/// On a file by looking; on PostgreSQL because copies tell each other, here long before any of them would
/// look.
#[tokio::test]
async fn a_change_by_another_process_arrives_too() {
    let mut timing = quick();
    if Engine::chosen() == Engine::Postgres {
        timing.events_poll = Duration::from_hours(1);
    }
    let shop = Shop::with(&[], Clock::running(), timing).await;
    let other = Program::launch(&mut shop.program()).await;
    for _ in 0..10 {
        let session = shop.order().await;
        let mut stream = Stream::open(&shop, &shop.backend.origin, &session).await;
        stream.until("open").await;
        let body = confirm_body(&session, &shop.toss.authenticate(&session.order_id));
        let (status, _) = shop
            .post_to(&other.origin(), &session, "confirm", body)
            .await;
        assert_eq!(status, 200);
        // The first may be over before this copy listens to the other one.
        let heard = stream.until("waiting_for_deposit");
        if tokio::time::timeout(Duration::from_secs(2), heard)
            .await
            .is_ok()
        {
            return;
        }
    }
    panic!("never heard of");
}

/// As behind a pooler, where copies cannot tell each other anything.
/// Row 25 of the list of others' faults: notifications were lost.
#[tokio::test]
async fn a_change_that_nobody_tells_of_arrives_by_looking() {
    let shop = Shop::open().await;
    let session = shop.order().await;
    let mut stream = Stream::open(&shop, &shop.backend.origin, &session).await;
    stream.until("open").await;
    let database = Database::connect(shop.database.url()).await.unwrap();
    let change = format!(
        "UPDATE sessions SET revision = revision + 1, status = 'expired' WHERE id = '{}'",
        session.id
    );
    database.execute_unprepared(&change).await.unwrap();
    database.close().await.unwrap();
    stream.until("expired").await;
}

#[tokio::test]
async fn a_session_that_ends_by_the_clock_is_told() {
    let shop = Shop::open().await;
    let mut body = crate::support::order();
    body["expiresInSeconds"] = json!(1);
    let session = shop.create(body).await;
    let mut stream = Stream::open(&shop, &shop.backend.origin, &session).await;
    stream.until("expired").await;
}

#[tokio::test]
async fn open_streams_do_not_hold_up_a_stop_and_leave_nothing_behind() {
    let mut shop = Shop::open().await;
    let session = shop.order().await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        let mut stream = Stream::open(&shop, &shop.backend.origin, &session).await;
        stream.until("open").await;
        streams.push(stream);
    }
    assert_eq!(shop.state().notifier.len(), 1);
    streams.truncate(1);

    // A confirm that hangs must not hold it up either.
    shop.toss.next([Fault::timeout(Endpoint::Confirm)]);
    let key = shop.toss.authenticate(&session.order_id);
    let body = crate::support::confirm_body(&session, &key);
    let path = format!("/api/checkout/sessions/{}/confirm", session.id);
    drop(tokio::spawn(
        shop.http.post(shop.url(&path)).json(&body).send(),
    ));
    streams[0].until("confirming").await;

    let began = Instant::now();
    shop.backend.stop().await;
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    assert!(streams[0].next().await.is_none(), "the stream ended");
}

#[tokio::test]
async fn a_stream_of_no_session_is_an_error() {
    let shop = Shop::open().await;
    let url = shop.url("/api/checkout/sessions/cs_0123456789abcdefABCDEF/events");
    let answer = shop.http.get(url).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["code"], "CHECKOUT_SESSION_NOT_FOUND");
    assert!(shop.state().notifier.is_empty());
}

#[tokio::test]
async fn a_session_has_a_few_streams_and_others_are_not_affected() {
    let shop = Shop::open().await;
    let (session, other) = (shop.order().await, shop.order().await);
    let mut streams = Vec::new();
    for _ in 0..6 {
        streams.push(Stream::open(&shop, &shop.backend.origin, &session).await);
    }
    let url = shop.url(&format!("/api/checkout/sessions/{}/events", session.id));
    for _ in 0..20 {
        let answer = shop.http.get(&url).send().await.unwrap();
        assert_eq!(answer.status(), 429);
        assert_eq!(answer.headers()["retry-after"], "10");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["code"], "CHECKOUT_RATE_LIMITED");
        assert_eq!(body["retryable"], true);
    }
    Stream::open(&shop, &shop.backend.origin, &other).await;
    // A tab that is closed makes room for another one.
    streams.pop();
    loop {
        let answer = shop.http.get(&url).send().await.unwrap();
        if answer.status() == 200 {
            break;
        }
        tokio::task::yield_now().await;
    }
}
