//! One life: what can happen, and what is remembered of it.

use std::time::Duration;

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use toss_merchant::clock::Clock;
use toss_sandbox::{Endpoint, Fault};

use crate::support::{API_KEY, CUSTOMER, Session, Shop, order, quick, subscription, text};

/// A shop and the chance that decides what happens to it.
pub(super) struct Life {
    pub(super) seed: u64,
    pub(super) shop: Shop,
    rng: StdRng,
    orders: Vec<Session>,
    subscriptions: Vec<Session>,
    /// What was posted, to be posted again: path, idempotency key, body.
    posts: Vec<(String, Option<String>, Value)>,
    /// What happened.
    story: Vec<String>,
    hooked: bool,
}

/// One thing that can happen, and how often it does.
const ACTS: [(Act, u32); 18] = [
    (Act::Order, 4),
    (Act::Subscribe, 4),
    (Act::Pay, 12),
    (Act::Register, 8),
    (Act::PostAgain, 6),
    (Act::Fault, 14),
    (Act::LookupFault, 4),
    (Act::Seconds, 8),
    (Act::Minutes, 5),
    (Act::Hours, 2),
    (Act::Deposit, 8),
    (Act::Reverse, 2),
    (Act::Dashboard, 4),
    (Act::Elsewhere, 2),
    (Act::Hook, 4),
    (Act::Refund, 8),
    (Act::Charge, 7),
    (Act::Crash, 7),
];

#[derive(Debug, Clone, Copy)]
enum Act {
    /// The merchant's server makes a payment session.
    Order,
    /// The merchant's server makes a billing session.
    Subscribe,
    /// A buyer comes back from the window of a card or a virtual account.
    Pay,
    /// A buyer comes back from the registration of a card.
    Register,
    /// A page or a server repeats a request.
    PostAgain,
    /// The next requests that move money go wrong.
    Fault,
    /// The next look-ups go wrong.
    LookupFault,
    Seconds,
    Minutes,
    Hours,
    /// A deposit arrives.
    Deposit,
    /// A bank takes a deposit back.
    Reverse,
    /// Somebody gives all of a payment back in Toss's dashboard.
    Dashboard,
    /// Another program gives a part back.
    Elsewhere,
    /// Webhooks come from now on, or do not.
    Hook,
    /// The merchant's server gives money back.
    Refund,
    /// The merchant's server charges a card.
    Charge,
    Crash,
}

impl Life {
    pub(super) async fn begin(seed: u64) -> Self {
        Self {
            seed,
            shop: Shop::with(&[], Clock::running(), quick()).await,
            rng: StdRng::seed_from_u64(seed),
            orders: Vec::new(),
            subscriptions: Vec::new(),
            posts: Vec::new(),
            story: Vec::new(),
            hooked: false,
        }
    }

    pub(super) fn told(&self) -> String {
        format!("seed {}:\n{}", self.seed, self.story.join("\n"))
    }

    fn tell(&mut self, what: impl Into<String>) {
        self.story.push(what.into());
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    pub(super) async fn act(&mut self) {
        let all: u32 = ACTS.iter().map(|(_, weight)| weight).sum();
        let mut drawn = self.rng.random_range(0..all);
        let act = ACTS
            .iter()
            .find(|(_, weight)| {
                let found = drawn < *weight;
                drawn = drawn.saturating_sub(*weight);
                found
            })
            .unwrap()
            .0;
        match act {
            Act::Order => self.order().await,
            Act::Subscribe => self.subscribe().await,
            Act::Pay => self.pay().await,
            Act::Register => self.register().await,
            Act::PostAgain => self.post_again().await,
            Act::Fault => self.fault(),
            Act::LookupFault => self.lookup_fault(),
            Act::Seconds => self.pass(Duration::from_secs(1), 40),
            Act::Minutes => self.pass(Duration::from_mins(1), 30),
            Act::Hours => self.pass(Duration::from_hours(1), 30),
            Act::Deposit => self.at_toss("deposit", "WAITING_FOR_DEPOSIT"),
            Act::Reverse => self.at_toss("reverse", "DONE"),
            Act::Dashboard => self.at_toss("cancel", "DONE"),
            Act::Elsewhere => self.elsewhere().await,
            Act::Hook => self.hook(),
            Act::Refund => self.refund().await,
            Act::Charge => self.charge().await,
            Act::Crash => self.crash().await,
        }
    }

    async fn order(&mut self) {
        let session = self.shop.create(order()).await;
        self.tell(format!("order {}", session.order_id));
        self.orders.push(session);
    }

    async fn subscribe(&mut self) {
        let now = self.chance(60);
        let session = self.shop.create(subscription(now)).await;
        self.tell(format!("subscription {}, charged now: {now}", session.id));
        self.subscriptions.push(session);
    }

    async fn pay(&mut self) {
        if self.orders.is_empty() {
            self.order().await;
        }
        let session = self.orders.choose(&mut self.rng).unwrap().clone();
        let methods = ["CARD", "TRANSFER", "VIRTUAL_ACCOUNT", "VIRTUAL_ACCOUNT"];
        let method = *methods.choose(&mut self.rng).unwrap();
        let Some(key) = self.shop.toss.try_authenticate(method, &session.order_id) else {
            return self.tell(format!("{} is settled", session.order_id));
        };
        let path = format!("/api/checkout/sessions/{}/confirm", session.id);
        let body = json!({"paymentKey": key, "orderId": session.order_id, "amount": 15_000});
        self.post(path, None, body).await;
    }

    async fn register(&mut self) {
        if self.subscriptions.is_empty() {
            self.subscribe().await;
        }
        let session = self.subscriptions.choose(&mut self.rng).unwrap().clone();
        // Works, is declined at every charge, at the first, or at later ones.
        let cards = [
            "9410001234567890",
            "9410001234567890",
            "9410001234567890",
            "9410000000000001",
            "9410000000000006",
            "9410000000000005",
        ];
        let number = *cards.choose(&mut self.rng).unwrap();
        let auth = self.shop.toss.auth_key_with("CARD", &[("number", number)]);
        let path = format!("/api/checkout/sessions/{}/billing", session.id);
        let body = json!({"authKey": auth, "customerKey": CUSTOMER});
        self.post(path, None, body).await;
    }

    async fn post_again(&mut self) {
        if let Some((path, key, body)) = self.posts.choose(&mut self.rng).cloned() {
            self.send(path, key, body).await;
        }
    }

    async fn post(&mut self, path: String, key: Option<String>, body: Value) {
        self.posts.push((path.clone(), key.clone(), body.clone()));
        self.send(path, key, body).await;
    }

    /// Whoever posts waits for the answer, or leaves after a moment.
    async fn send(&mut self, path: String, key: Option<String>, body: Value) {
        let request = self.shop.http.post(self.shop.url(&path)).json(&body);
        let request: RequestBuilder = match &key {
            Some(key) => request.bearer_auth(API_KEY).header("Idempotency-Key", key),
            None => request,
        };
        let patience = *[2, 15, 60, 2_000].choose(&mut self.rng).unwrap();
        let patience = Duration::from_millis(patience);
        let answer = tokio::time::timeout(patience, request.send()).await;
        let status = match answer {
            Ok(Ok(answer)) => answer.status().to_string(),
            Ok(Err(error)) => format!("{error}"),
            Err(_) => format!("left after {patience:?}"),
        };
        self.tell(format!("POST {path} {body}: {status}"));
    }

    fn fault(&mut self) {
        let of = [
            Endpoint::Confirm,
            Endpoint::Confirm,
            Endpoint::Issue,
            Endpoint::Charge,
            Endpoint::Charge,
            Endpoint::Cancel,
        ];
        let endpoint = *of.choose(&mut self.rng).unwrap();
        let later = Duration::from_secs(self.rng.random_range(1..60));
        let mut fault = match self.rng.random_range(0..9) {
            0 | 1 => Fault::lost_response(endpoint),
            2 => Fault::reset(endpoint),
            3 => Fault::reset(endpoint).work_after(later),
            4 => Fault::error(endpoint, 500).code("FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"),
            5 => Fault::error(endpoint, 503).work_after(later),
            6 => Fault::malformed(endpoint),
            7 => Fault::error(endpoint, 429).code("TOO_MANY_REQUESTS"),
            _ => Fault::mutate(endpoint).set("/currency", "USD"),
        };
        if self.chance(30) {
            fault = fault.times(self.rng.random_range(2..4));
        }
        self.tell(format!("{fault:?}"));
        self.shop.toss.inject(fault).unwrap();
    }

    fn lookup_fault(&mut self) {
        let times = self.rng.random_range(1..6);
        let fault = match self.rng.random_range(0..4) {
            0 => Fault::error(Endpoint::Lookup, 500),
            1 => Fault::reset(Endpoint::Lookup),
            2 => Fault::malformed(Endpoint::Lookup),
            _ => Fault::error(Endpoint::Lookup, 429).code("TOO_MANY_REQUESTS"),
        };
        self.tell(format!("{times} look-ups: {fault:?}"));
        self.shop.toss.inject(fault.times(times)).unwrap();
    }

    fn pass(&mut self, unit: Duration, most: u32) {
        let time = unit * self.rng.random_range(1..=most);
        self.tell(format!("{time:?} pass"));
        self.shop.advance(time);
    }

    /// One of Toss's payments with this status.
    fn payment(&mut self, status: &[&str]) -> Option<Value> {
        let payments = self.shop.toss.payments();
        let fit = |it: &&Value| status.contains(&it["status"].as_str().unwrap_or_default());
        let fitting: Vec<&Value> = payments.iter().filter(fit).collect();
        fitting.choose(&mut self.rng).map(|&it| it.clone())
    }

    fn at_toss(&mut self, what: &str, status: &str) {
        let Some(payment) = self.payment(&[status]) else {
            return;
        };
        let key = text(&payment["paymentKey"]);
        let done = match what {
            "deposit" => self.shop.toss.deposit(&key),
            "reverse" => self.shop.toss.reverse_deposit(&key),
            _ => self.shop.toss.cancel_in_dashboard(&key),
        };
        // A card has no deposit to reverse, and a closed account takes none.
        let order = &payment["orderId"];
        self.tell(format!("at Toss: {what} {order}: {}", done.is_ok()));
    }

    async fn elsewhere(&mut self) {
        if let Some(payment) = self.payment(&["DONE", "PARTIAL_CANCELED"]) {
            // Parts that add up to the whole leave it canceled in part, with nothing left.
            let left @ 1.. = payment["balanceAmount"].as_u64().unwrap() else {
                return;
            };
            let amount = self.rng.random_range(1..=left);
            let order = text(&payment["orderId"]);
            // No fault is meant for it. Toss refuses when a refund of ours was quicker.
            self.shop.toss.clear_faults();
            let status = self.shop.try_cancel_elsewhere(&order, amount).await;
            self.tell(format!(
                "another program gives {amount} of {order} back: {status}"
            ));
        }
    }

    fn hook(&mut self) {
        self.hooked = !self.hooked;
        self.tell(format!("webhooks arrive: {}", self.hooked));
        self.shop.toss.remove_webhook_targets();
        if self.hooked {
            self.shop.webhooks_on();
            let fault = match self.rng.random_range(0..4) {
                0 => Fault::webhook_duplicate(),
                1 => Fault::webhook_reorder(),
                2 => Fault::webhook_lost(),
                _ => return,
            };
            self.shop.toss.inject(fault).unwrap();
        }
    }

    async fn refund(&mut self) {
        let status = ["DONE", "PARTIAL_CANCELED", "WAITING_FOR_DEPOSIT"];
        let Some(payment) = self.payment(&status) else {
            return;
        };
        let ours = super::end::by_order(&self.shop, &text(&payment["orderId"])).await;
        let Some(ours) = ours else { return };
        let mut body = json!({
            "reason": "반품",
            "refundReceiveAccount": {
                "bank": "20", "accountNumber": "1002123456789", "holderName": "김토스",
            },
        });
        if self.chance(60) && ours.balance > 1 {
            let part = self.rng.random_range(1..ours.balance);
            body["amount"] = json!({"value": part, "currency": "KRW"});
        }
        let key = format!("refund-{}", self.posts.len());
        let path = format!("/api/payments/{}/refunds", ours.id);
        self.post(path, Some(key), body).await;
    }

    async fn charge(&mut self) {
        let customer = CUSTOMER.parse().unwrap();
        let methods = self.shop.state().records.payment_methods(&customer).await;
        let methods = methods.unwrap();
        let Some(method) = methods.choose(&mut self.rng) else {
            return;
        };
        let n = self.posts.len();
        let body = json!({
            "orderId": format!("renewal-{n}"), "orderName": "12월 구독",
            "amount": {"value": 9_900, "currency": "KRW"},
        });
        let path = format!("/api/payment-methods/{}/charges", method.id);
        self.post(path, Some(format!("charge-{n}")), body).await;
    }

    async fn crash(&mut self) {
        self.shop.crash();
        if self.chance(50) {
            self.pass(Duration::from_secs(10), 30);
        }
        self.shop.restart().await;
        if self.hooked {
            self.shop.toss.remove_webhook_targets();
            self.shop.webhooks_on();
        }
        self.tell("crash and restart");
    }
}
