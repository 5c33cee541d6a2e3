//! Subscriptions: what the program is killed in the middle of.

use std::time::Duration;

use serde_json::{Value, json};
use test_database::Engine;
use toss_checkout_contract::SessionId;
use toss_merchant::{
    application::ports::Page,
    clock::Clock,
    domain::{
        attempt::Attempt,
        ids::SubscriptionId,
        subscription::{invoice::Invoice, names},
        time::Millis,
    },
};
use toss_sandbox::{Endpoint, Fault};

use super::{Answered, Work, scenario::patient};
use crate::{
    subscriptions::monthly,
    support::{API_KEY, CUSTOMER, Session, Shop, books, text},
};

/// A piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subscribed {
    /// A period begins and is charged.
    Renewal,
    /// The buyer comes back from the registration that begins a subscription with its first charge.
    Registration,
    /// The merchant's server charges what was refused.
    PayNow,
    /// It is canceled, and what is left of the period goes back.
    ProratedCancel,
    /// What was refused is charged to another card.
    AnotherCard,
}

/// A shop in which everything stands ready for it, and no backend runs.
pub(super) struct Stage {
    work: Subscribed,
    id: SubscriptionId,
    session: Session,
    /// The one-time key that the buyer brings.
    key: String,
    /// The other card.
    card: String,
    /// When the charge is due.
    due: Millis,
}

/// A subscription whose first period is paid, and when its second one is charged.
pub(super) async fn begun(shop: &Shop, card: &str) -> (String, Millis) {
    let body = Some(monthly(card));
    let (status, made) = shop.ask("POST", "/api/subscriptions", body).await;
    assert_eq!(status, 201, "{made}");
    let id = text(&made["id"]);
    // A slow machine answers before the first charge is over.
    let active = shop
        .until_subscription(&id, |it| it["status"] == "active")
        .await;
    let due = Millis::from_toss(&text(&active["nextChargeAt"])).unwrap();
    (id, due)
}

/// Moves the clocks to where the charge is due, if they are not there.
pub(super) fn come_to(shop: &Shop, due: Millis) {
    let ahead = due.0 + 1_000 - shop.state().now().0;
    if let Ok(ahead) = u64::try_from(ahead) {
        shop.advance(Duration::from_millis(ahead));
    }
}

async fn refused_renewal(shop: &Shop, id: &str, due: Millis) {
    let refusal = Fault::error(Endpoint::Charge, 403).code("REJECT_CARD_PAYMENT");
    shop.toss.next([refusal]);
    come_to(shop, due);
    shop.until_subscription(id, |it| it["status"] == "past_due")
        .await;
}

impl Work for Subscribed {
    type Stage = Stage;

    async fn prepare(self, engine: Engine) -> (Shop, Stage) {
        let mut shop = Shop::on(engine, &[], Clock::running(), patient()).await;
        let mut plan = crate::support::subscription(true);
        plan["subscribe"] = json!(true);
        let session = match self {
            Self::Registration => shop.create(plan).await,
            _ => shop.subscription(false).await,
        };
        let key = shop.toss.auth_key("CARD");
        let mut stage = Stage {
            work: self,
            id: names::of_session(&SessionId::new(session.id.as_str()).unwrap()),
            session,
            key,
            card: String::new(),
            due: Millis(0),
        };
        if self != Self::Registration {
            assert_eq!(shop.billing(&stage.session, &stage.key).await.0, 200);
            let card = shop.method(&stage.session).await.id.to_string();
            let (id, due) = begun(&shop, &card).await;
            if matches!(self, Self::PayNow | Self::AnotherCard) {
                refused_renewal(&shop, &id, due).await;
            }
            if self == Self::AnotherCard {
                stage.card = shop.card().await;
            }
            stage.id = SubscriptionId::new(id);
            stage.due = due;
        }
        shop.crash();
        (shop, stage)
    }
}

impl Stage {
    fn command(&self, shop: &Shop, origin: &str) -> Option<reqwest::RequestBuilder> {
        let (what, body) = match self.work {
            Subscribed::Renewal => return None,
            Subscribed::Registration => {
                let url = format!("{origin}/api/checkout/sessions/{}/billing", self.session.id);
                let body = json!({"authKey": self.key, "customerKey": CUSTOMER});
                return Some(shop.http.post(url).json(&body));
            }
            Subscribed::PayNow => ("charge", json!({})),
            Subscribed::ProratedCancel => ("cancel", json!({"at": "now", "refund": "prorated"})),
            Subscribed::AnotherCard => ("payment-method", json!({"paymentMethodId": self.card})),
        };
        let url = format!("{origin}/api/subscriptions/{}/{what}", self.id);
        let request = shop.http.post(url).bearer_auth(API_KEY);
        Some(request.header("Idempotency-Key", "k1").json(&body))
    }

    async fn read(&self, shop: &Shop, origin: &str, what: &str) -> Value {
        let url = format!("{origin}/api/subscriptions/{}{what}", self.id);
        let answer = shop.http.get(url).bearer_auth(API_KEY).send().await;
        answer.unwrap().json().await.unwrap()
    }

    async fn invoices(&self, shop: &Shop) -> Vec<Invoice> {
        let page = Page {
            limit: 100,
            before: None,
        };
        let listed = shop.state().subscriptions.invoices(&self.id, page).await;
        let rows = listed.unwrap().into_iter();
        rows.map(|listed| listed.row.unwrap()).collect()
    }

    async fn attempts(&self, shop: &Shop) -> Vec<Attempt> {
        let mut attempts = Vec::new();
        for payment in books::payments(shop).await {
            let records = &shop.state().records;
            attempts.extend(records.attempts_of_payment(&payment.id).await.unwrap());
        }
        attempts
    }

    /// How often Toss registered, charged and gave back, and what was told.
    fn wanted(&self) -> ((usize, usize, usize), Vec<&'static str>) {
        let begun = [
            "payment_method.registered",
            "subscription.created",
            "payment.paid",
            "subscription.activated",
        ];
        let refused = ["charge.failed", "subscription.past_due"];
        let (effects, follows): (_, &[&[&str]]) = match self.work {
            Subscribed::Registration => ((1, 1, 0), &[]),
            Subscribed::Renewal => ((1, 2, 0), &[&["payment.paid", "subscription.renewed"]]),
            Subscribed::PayNow => (
                (1, 2, 0),
                &[&refused, &["payment.paid", "subscription.recovered"]],
            ),
            Subscribed::ProratedCancel => {
                ((1, 1, 1), &[&["subscription.canceled", "payment.canceled"]])
            }
            Subscribed::AnotherCard => (
                (2, 2, 0),
                &[
                    &refused,
                    &[
                        "payment_method.registered",
                        "subscription.changed",
                        "payment.paid",
                        "subscription.recovered",
                    ],
                ],
            ),
        };
        let follows = follows.iter().flat_map(|part| part.iter());
        (effects, begun.iter().chain(follows).copied().collect())
    }
}

impl super::Stage for Stage {
    fn act(&self, shop: &Shop, origin: &str) -> Answered {
        if self.work == Subscribed::Renewal {
            come_to(shop, self.due);
        }
        let request = self.command(shop, origin);
        Box::pin(async move {
            let answer = request?.timeout(Duration::from_mins(1)).send().await;
            answer.ok().map(|answer| answer.status().as_u16())
        })
    }

    async fn until_done(&self, shop: &Shop, origin: &str) {
        let mut last = Value::Null;
        for look in 1..=1200 {
            // A program that compares its clock with Toss's while the test moves both takes its own for wrong
            // and charges nothing for a minute.
            if look % 80 == 0 {
                shop.advance(Duration::from_mins(1));
            }
            last = self.read(shop, origin, "").await;
            let period = match self.work {
                Subscribed::Registration | Subscribed::ProratedCancel => 1,
                _ => 2,
            };
            let paid = last["status"] == "active"
                && last["owedAmount"].is_null()
                && last["currentPeriod"]["no"] == period;
            let done = if self.work == Subscribed::ProratedCancel {
                let invoices = self.read(shop, origin, "/invoices").await;
                let refund = &invoices["invoices"][0]["refunds"][0];
                last["status"] == "canceled" && refund["status"] == "succeeded"
            } else {
                paid
            };
            if done {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let attempts = self.attempts(shop).await;
        panic!("never done: {last} {attempts:#?}");
    }

    async fn check(&self, shop: &Shop) {
        let (effects, events) = self.wanted();
        for _ in 0..400 {
            let open = self.attempts(shop).await.iter().any(Attempt::is_open);
            if !open && shop.events().await.len() >= events.len() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let done = |of| shop.toss.done(of);
        assert_eq!((done("issue"), done("charge"), done("cancel")), effects);
        assert_eq!(shop.events().await, events);
        assert_eq!(books::differences(shop).await, [""; 0]);
        for invoice in self.invoices(shop).await {
            assert_eq!(invoice.status.as_str(), "paid", "{invoice:?}");
        }
        let open: Vec<Attempt> = self.attempts(shop).await;
        assert!(!open.iter().any(Attempt::is_open), "{open:?}");
    }

    async fn written(&self, shop: &Shop) -> Vec<String> {
        let records = &shop.state().subscriptions;
        let subscription = records.subscription(&self.id).await.unwrap().unwrap();
        let mut written = vec![format!(
            "{} {} {:?} {:?}",
            subscription.status,
            subscription.revision,
            subscription.state,
            subscription.needs_attention
        )];
        let invoices = self.invoices(shop).await;
        written.extend(invoices.iter().map(|it| format!("{it:?}")));
        for it in books::payments(shop).await {
            written.push(format!("{} {} {}", it.id, it.status, it.balance));
        }
        for it in self.attempts(shop).await {
            written.push(format!("{} {} {:?}", it.id, it.status, it.needs_attention));
        }
        written.extend(shop.events().await);
        written
    }
}
