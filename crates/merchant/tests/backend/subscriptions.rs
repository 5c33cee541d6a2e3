//! Subscriptions over HTTP, with the sandbox in the place of Toss and both clocks moved together.

mod drill;
mod engine;
mod faults;
mod notices;
mod operation;
mod pace;
mod pitfalls;
mod registration;
mod repeats;
mod soak;
mod unknown;
mod wrong_clock;
mod year;

use std::time::Duration;

use serde_json::{Value, json};
use toss_merchant::{application::ports::Queue, config::Timing};

use toss_sandbox::{Endpoint, Fault};

use crate::support::{API_KEY, CUSTOMER, Shop, quick, text};

pub(crate) const DAY: Duration = Duration::from_hours(24);

/// The moment of the clocks at the beginning: 2027-01-31 12:00 in Korea.
const NOON: i64 = 1_801_364_400_000;

impl Shop {
    /// One whose clocks stand at noon of 31 January 2027, Korean time, until they are moved.
    pub(crate) async fn at_noon(extra: &[&str]) -> Self {
        // A clock that stands still does not let a request that took too long be looked up.
        let timing = Timing {
            confirm: Duration::from_secs(6),
            charge: Duration::from_secs(6),
            ..quick()
        };
        Self::at_noon_with(extra, timing).await
    }

    /// The same with other waiting times.
    pub(crate) async fn at_noon_with(extra: &[&str], timing: Timing) -> Self {
        let clock = toss_merchant::clock::Clock::manual(toss_merchant::clock::Millis(NOON));
        let shop = Self::with(extra, clock, timing).await;
        shop.toss.freeze_clock();
        let moment = time::OffsetDateTime::from_unix_timestamp(NOON / 1000).unwrap();
        shop.toss.set_clock(moment).unwrap();
        shop
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = match method {
            "GET" => self.http.get(self.url(path)),
            _ => self.http.post(self.url(path)),
        };
        let key = uuid::Uuid::new_v4().to_string();
        let request = request.bearer_auth(API_KEY).header("idempotency-key", key);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// A registered card; answers its name.
    pub(crate) async fn card(&self) -> String {
        let session = self.subscription(false).await;
        let auth = self.toss.auth_key("CARD");
        assert_eq!(self.billing(&session, &auth).await.0, 200);
        self.method(&session).await.id.to_string()
    }

    pub(crate) async fn subscribe(&self, change: impl FnOnce(&mut Value)) -> Value {
        let card = self.card().await;
        let mut body = monthly(&card);
        change(&mut body);
        let (status, made) = self.ask("POST", "/api/subscriptions", Some(body)).await;
        assert_eq!(status, 201, "{made}");
        made
    }

    pub(crate) async fn read_subscription(&self, id: &str) -> Value {
        let (status, body) = self
            .ask("GET", &format!("/api/subscriptions/{id}"), None)
            .await;
        assert_eq!(status, 200, "{body}");
        body
    }

    pub(crate) async fn command(&self, id: &str, what: &str, body: Value) -> (u16, Value) {
        self.ask(
            "POST",
            &format!("/api/subscriptions/{id}/{what}"),
            Some(body),
        )
        .await
    }

    /// Newest first.
    pub(crate) async fn invoices(&self, id: &str) -> Vec<Value> {
        let path = format!("/api/subscriptions/{id}/invoices?limit=100");
        let (status, mut body) = self.ask("GET", &path, None).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_value(body["invoices"].take()).unwrap()
    }

    /// Waits until the subscription is as wanted.
    pub(crate) async fn until_subscription(
        &self,
        id: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        for _ in 0..400 {
            let subscription = self.read_subscription(id).await;
            if wanted(&subscription) {
                return subscription;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!(
            "never: {} {:?}",
            self.read_subscription(id).await,
            self.invoices(id).await
        );
    }

    /// Moves the clocks to the next charge and waits until something else comes next.
    pub(crate) async fn next_charge(&self, id: &str) -> Value {
        let now = self.read_subscription(id).await;
        let at = text(&now["nextChargeAt"]);
        self.advance_to(&at);
        let revision = now["revision"].as_u64().unwrap();
        self.until_subscription(id, |it| {
            it["revision"].as_u64().unwrap() > revision
                && it["nextChargeAt"].is_string()
                && it["nextChargeAt"] != at.as_str()
        })
        .await
    }

    /// Moves the clocks by minutes until nothing is owed any more.
    pub(crate) async fn until_settled(&self, id: &str) -> Value {
        for _ in 0..60 {
            self.advance(Duration::from_mins(1));
            for _ in 0..10 {
                let subscription = self.read_subscription(id).await;
                if subscription["owedAmount"].is_null() {
                    return subscription;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        }
        panic!("never: {:?}", self.invoices(id).await);
    }

    /// Waits until no request is on its way and nothing is due: a clock that is moved meanwhile would
    /// overtake what is on its way.
    pub(crate) async fn until_nothing_is_under_way(&self) {
        let records = &self.state().records;
        let now = self.state().now();
        // What somebody works on is due when its lease ends.
        let soon = now.plus(Duration::from_secs(40));
        let mut left = (0, 0);
        let mut quiet = 0;
        for _ in 0..800 {
            let open = records.backlog(Queue::Attempts, now.plus(DAY * 30)).await;
            let due = records.backlog(Queue::Subscriptions, soon).await;
            left = (open.unwrap().due, due.unwrap().due);
            // A charge that begins between the two reads is in neither.
            quiet = if left == (0, 0) { quiet + 1 } else { 0 };
            if quiet == 2 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{left:?} requests and subscriptions are left");
    }

    /// Moves the clocks to a moment that lies ahead.
    pub(crate) fn advance_to(&self, moment: &str) {
        let format = &time::format_description::well_known::Rfc3339;
        let moment = time::OffsetDateTime::parse(moment, format).unwrap();
        let now = self.state().now().0;
        let ahead = i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).unwrap() - now;
        let ahead =
            u64::try_from(ahead).unwrap_or_else(|_| panic!("{moment} lies {ahead} ms ahead"));
        self.advance(Duration::from_millis(ahead));
    }

    /// The names of the events about a subscription.
    pub(crate) async fn told(&self, id: &str) -> Vec<String> {
        let events = self.state().records.events(0, 1_000).await.unwrap();
        events
            .iter()
            .filter(|event| event.subject == id)
            .map(|event| event.kind.to_string())
            .collect()
    }
}

/// Toss refuses the next charge with this code.
pub(crate) fn declined(code: &str) -> Fault {
    Fault::error(Endpoint::Charge, 403).code(code)
}

/// 9,900 won a month, the first charge now.
pub(crate) fn monthly(card: &str) -> Value {
    json!({
        "customerKey": CUSTOMER,
        "paymentMethodId": card,
        "orderName": "토스 프라임 구독",
        "amount": {"value": 9_900, "currency": "KRW"},
        "interval": {"unit": "month", "count": 1},
        "customer": {"name": "김토스"},
        "startCharging": "now",
    })
}
