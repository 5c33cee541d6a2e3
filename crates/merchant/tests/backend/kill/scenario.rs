//! What the program is killed in the middle of.

use std::{collections::HashSet, time::Duration};

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use test_database::Engine;
use toss_checkout_contract::{CustomerKey, PaymentKey, SessionId};
use toss_merchant::{
    application::{RefundRequest, provider::RefundAccount, refund_payment},
    clock::Clock,
    config::Timing,
    domain::attempt::Attempt,
};
use toss_sandbox::{Endpoint, Fault};

use super::{Answered, LATER, Work};
use crate::support::{
    API_KEY, CUSTOMER, Session, Shop, books, confirm_body, quick, receiver::Receiver, text,
};

/// A piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scenario {
    /// The buyer comes back from the window of a virtual account.
    Confirm,
    /// The buyer comes back from the registration of a card.
    Issue,
    /// The same, and the card is charged at once.
    FirstCharge,
    /// The merchant's server charges a registered card.
    Charge,
    /// The merchant's server gives a deposit back.
    Refund,
    /// Toss tells of a deposit.
    Webhook,
    /// Toss tells of a deposit, and the merchant's server is told.
    Event,
    /// A confirm that got no answer is taken up after a crash.
    OpenConfirm,
    /// A refund that got no answer is taken up after a crash.
    OpenCancel,
    /// The merchant's server deletes a registered card.
    Delete,
    /// The merchant's server registers a card by its number.
    KeyIn,
    /// The time of an order is over.
    Expiry,
}

/// A shop in which everything stands ready for it, and no backend runs.
pub(super) struct Stage {
    scenario: Scenario,
    session: Session,
    /// The one-time key that the buyer brings.
    key: String,
    /// Where the merchant's server posts.
    path: String,
    receiver: Receiver,
}

/// Many programs at once: a request that only takes its time is not to be given up.
pub(super) fn patient() -> Timing {
    Timing {
        confirm: Duration::from_secs(20),
        charge: Duration::from_secs(20),
        lookup: Duration::from_secs(10),
        ..quick()
    }
}

impl Work for Scenario {
    type Stage = Stage;

    async fn prepare(self, engine: Engine) -> (Shop, Stage) {
        let extra: &[&str] = match self {
            Self::KeyIn => &["--key-in-enabled"],
            _ => &[],
        };
        let mut shop = Shop::on(engine, extra, Clock::running(), patient()).await;
        let receiver = Receiver::start().await;
        let mut path = String::new();
        let (session, key) = match self {
            Self::Confirm | Self::OpenConfirm => {
                let session = shop.order().await;
                let key = shop.toss.authenticate(&session.order_id);
                (session, key)
            }
            Self::Issue => (shop.subscription(false).await, shop.toss.auth_key("CARD")),
            Self::Charge => {
                let session = shop.subscription(false).await;
                let auth = shop.toss.auth_key("CARD");
                assert_eq!(shop.billing(&session, &auth).await.0, 200);
                let method = shop.method(&session).await;
                path = format!("/api/payment-methods/{}/charges", method.id);
                (session, auth)
            }
            Self::Delete => {
                let session = shop.subscription(false).await;
                let auth = shop.toss.auth_key("CARD");
                assert_eq!(shop.billing(&session, &auth).await.0, 200);
                path = format!("/api/payment-methods/{}", shop.method(&session).await.id);
                (session, auth)
            }
            Self::KeyIn => {
                path = format!("/api/customers/{CUSTOMER}/payment-methods");
                (shop.order().await, String::new())
            }
            Self::Expiry => (shop.order().await, String::new()),
            Self::FirstCharge => (shop.subscription(true).await, shop.toss.auth_key("CARD")),
            Self::Webhook | Self::Event | Self::Refund | Self::OpenCancel => {
                let session = shop.issued().await;
                shop.toss.deposit_for(&session.order_id);
                let payment = shop.payment(&session.order_id).await;
                path = format!("/api/payments/{}/refunds", payment.id);
                (session, String::new())
            }
        };
        let stage = Stage {
            scenario: self,
            session,
            key,
            path,
            receiver,
        };
        match self {
            Self::OpenConfirm => {
                shop.toss.next([Fault::reset(Endpoint::Confirm)]);
                let (status, _) = shop.confirm(&stage.session, &stage.key).await;
                assert_eq!(status, 202);
            }
            Self::OpenCancel => stage.leave_a_refund_open(&shop).await,
            Self::Refund => stage.learn_of_the_deposit(&shop).await,
            Self::Event => shop.set(&stage.receiver.settings()),
            _ => {}
        }
        shop.crash();
        if self == Self::Expiry {
            shop.advance(Duration::from_hours(25));
        }
        if matches!(self, Self::OpenConfirm | Self::OpenCancel) {
            shop.advance(LATER);
        }
        (shop, stage)
    }
}

impl Stage {
    async fn learn_of_the_deposit(&self, shop: &Shop) {
        assert_eq!(shop.webhook_raw("w1", &self.deposited()).await, 200);
        shop.until(&self.session, "paid").await;
        assert_eq!(shop.fate("w1").await.0, "processed");
    }

    async fn leave_a_refund_open(&self, shop: &Shop) {
        self.learn_of_the_deposit(shop).await;
        let payment = shop.payment(&self.session.order_id).await;
        let request = RefundRequest {
            payment_id: payment.id,
            request_key: "r1".to_owned(),
            amount: None,
            reason: "반품".to_owned(),
            expected_balance: None,
            expected_revision: None,
            account: Some(RefundAccount {
                bank: "20".to_owned(),
                account_number: "1002123456789".to_owned(),
                holder_name: "김토스".to_owned(),
            }),
        };
        shop.toss.next([Fault::reset(Endpoint::Cancel)]);
        let refund = refund_payment(&shop.state().services, &request).await;
        assert_eq!(refund.unwrap().status.as_str(), "pending");
    }

    fn deposited(&self) -> Value {
        json!({"status": "DONE", "orderId": self.session.order_id})
    }

    /// What comes from outside, as it comes again when it got no answer: from the buyer's page, from the
    /// merchant's server, and from Toss.
    fn request(&self, shop: &Shop, origin: &str) -> Option<RequestBuilder> {
        let sessions = format!("{origin}/api/checkout/sessions/{}", self.session.id);
        Some(match self.scenario {
            Scenario::Confirm => shop
                .http
                .post(format!("{sessions}/confirm"))
                .json(&confirm_body(&self.session, &self.key)),
            Scenario::Issue | Scenario::FirstCharge => shop
                .http
                .post(format!("{sessions}/billing"))
                .json(&json!({"authKey": self.key, "customerKey": CUSTOMER})),
            Scenario::Webhook | Scenario::Event => shop
                .http
                .post(format!("{origin}/webhooks/toss"))
                .header("tosspayments-webhook-transmission-id", "w1")
                .json(&self.deposited()),
            Scenario::Charge => self.of_the_merchant(shop, origin).json(&json!({
                "orderId": "renewal-1", "orderName": "12월 구독",
                "amount": {"value": 9_900, "currency": "KRW"},
            })),
            Scenario::Refund => self.of_the_merchant(shop, origin).json(&json!({
                "reason": "반품",
                "refundReceiveAccount": {
                    "bank": "20", "accountNumber": "1002123456789", "holderName": "김토스",
                },
            })),
            Scenario::Delete => shop
                .http
                .delete(format!("{origin}{}", self.path))
                .bearer_auth(API_KEY),
            Scenario::KeyIn => self.of_the_merchant(shop, origin).json(&json!({
                "card": {
                    "number": "9410001234567890", "expiryYear": "30", "expiryMonth": "12",
                    "identityNumber": "900101",
                },
                "customer": {"name": "김토스"},
            })),
            Scenario::OpenConfirm | Scenario::OpenCancel | Scenario::Expiry => return None,
        })
    }

    fn of_the_merchant(&self, shop: &Shop, origin: &str) -> RequestBuilder {
        shop.http
            .post(format!("{origin}{}", self.path))
            .bearer_auth(API_KEY)
            .header("Idempotency-Key", "k1")
    }

    fn wanted(&self) -> &'static str {
        match self.scenario {
            Scenario::Confirm | Scenario::OpenConfirm => "waiting_for_deposit",
            Scenario::Issue | Scenario::Charge | Scenario::Delete => "registered",
            Scenario::KeyIn => "open",
            Scenario::Expiry => "expired",
            Scenario::FirstCharge => "active",
            Scenario::Webhook | Scenario::Event => "paid",
            Scenario::Refund | Scenario::OpenCancel => "canceled",
        }
    }

    async fn attempts(&self, shop: &Shop) -> Vec<Attempt> {
        let records = &shop.state().records;
        let session = SessionId::new(self.session.id.as_str()).unwrap();
        let mut attempts = records.attempts_of_session(&session).await.unwrap();
        for payment in books::payments(shop).await {
            attempts.extend(records.attempts_of_payment(&payment.id).await.unwrap());
        }
        attempts
    }

    /// Waits until nobody works on anything of it any more.
    async fn until_settled(&self, shop: &Shop) {
        let mut open = Vec::new();
        for _ in 0..400 {
            let attempts = self.attempts(shop).await;
            open = attempts.into_iter().filter(Attempt::is_open).collect();
            if open.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("still open: {open:?}");
    }
}

impl super::Stage for Stage {
    fn act(&self, shop: &Shop, origin: &str) -> Answered {
        let request = self.request(shop, origin);
        Box::pin(async move {
            let answer = request?.timeout(Duration::from_mins(1)).send().await;
            answer.ok().map(|answer| answer.status().as_u16())
        })
    }

    /// Waits until the session says so, and the merchant's server knows.
    async fn until_done(&self, shop: &Shop, origin: &str) {
        let told = match self.scenario {
            Scenario::Charge | Scenario::Refund | Scenario::KeyIn => Some(201),
            Scenario::Delete => Some(200),
            _ => None,
        };
        if told.is_some() {
            let mut answer = None;
            for _ in 0..100 {
                answer = self.act(shop, origin).await;
                if answer == told {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            assert_eq!(answer, told, "the merchant's server asks until it is told");
        }
        let url = format!("{origin}/api/sessions/{}", self.session.id);
        let mut last = Value::Null;
        for _ in 0..1200 {
            let request = shop.http.get(&url).bearer_auth(API_KEY);
            last = request.send().await.unwrap().json().await.unwrap();
            let told = match self.scenario {
                Scenario::Event => !self.receiver.got().is_empty(),
                // A session whose time is over is shown as expired before the job has written it down.
                Scenario::Expiry => {
                    let request = shop.http.get(format!("{origin}/api/events"));
                    let events = request.bearer_auth(API_KEY).send().await.unwrap();
                    let events: Value = events.json().await.unwrap();
                    events["events"] != json!([])
                }
                _ => true,
            };
            if last["session"]["status"] == self.wanted() && told {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never became {}: {last}", self.wanted());
    }

    async fn check(&self, shop: &Shop) {
        self.until_settled(shop).await;
        let done = |of| shop.toss.done(of);
        let effects = (
            done("confirm"),
            done("issue"),
            done("charge"),
            done("cancel"),
        );
        let (wanted, events): (_, &[&str]) = match self.scenario {
            Scenario::Confirm | Scenario::OpenConfirm => {
                ((1, 0, 0, 0), &["payment.waiting_for_deposit"])
            }
            Scenario::Issue => ((0, 1, 0, 0), &["payment_method.registered"]),
            Scenario::Delete => (
                (0, 1, 0, 0),
                &["payment_method.registered", "payment_method.deleted"],
            ),
            Scenario::KeyIn => ((0, 0, 0, 0), &["payment_method.registered"]),
            Scenario::Expiry => ((0, 0, 0, 0), &["payment.expired"]),
            Scenario::FirstCharge | Scenario::Charge => {
                ((0, 1, 1, 0), &["payment_method.registered", "payment.paid"])
            }
            Scenario::Webhook | Scenario::Event => (
                (1, 0, 0, 0),
                &["payment.waiting_for_deposit", "payment.paid"],
            ),
            Scenario::Refund | Scenario::OpenCancel => (
                (1, 0, 0, 1),
                &[
                    "payment.waiting_for_deposit",
                    "payment.paid",
                    "payment.canceled",
                ],
            ),
        };
        assert_eq!(effects, wanted);
        for of in ["confirm", "issue", "charge", "cancel"] {
            let sent = shop.toss.seen(of);
            let keys: HashSet<_> = sent.iter().map(|it| &it.idempotency_key).collect();
            assert!(
                keys.len() <= 1,
                "{of} went again under another key: {keys:?}"
            );
        }
        assert_eq!(shop.events().await, events);
        assert_eq!(books::differences(shop).await, [""; 0]);
        match self.scenario {
            Scenario::Issue | Scenario::FirstCharge | Scenario::Charge => {
                let method = shop.method(&self.session).await;
                assert_eq!(method.status.as_str(), "active");
                let key = shop.state().services.billing_key(&method);
                assert!(key.is_ok(), "it can be charged");
            }
            Scenario::Webhook | Scenario::Event => {
                assert_eq!(shop.fate("w1").await.0, "processed");
            }
            Scenario::Delete => {
                assert_eq!(shop.method(&self.session).await.status.as_str(), "deleted");
                assert_eq!(done("delete"), 1);
            }
            Scenario::KeyIn => {
                let customer = CustomerKey::new(CUSTOMER).unwrap();
                let methods = shop.state().records.payment_methods(&customer).await;
                let methods = methods.unwrap();
                assert_eq!((methods.len(), done("card")), (1, 1));
                let key = shop.state().services.billing_key(&methods[0]);
                assert!(key.is_ok(), "it can be charged");
            }
            _ => {}
        }
        if self.scenario == Scenario::Event {
            // At least once, and whoever looks at the id gets it once.
            let got = self.receiver.got();
            assert!(got.iter().all(|one| one == &got[0]), "{got:?}");
            assert_eq!(text(&got[0].1["type"]), "payment.paid");
        }
    }

    /// What is written down of money. Not the secret of webhooks, which Toss shows once: it may come
    /// late, with the answer to the first request.
    async fn written(&self, shop: &Shop) -> Vec<String> {
        let records = &shop.state().records;
        let id = SessionId::new(self.session.id.as_str()).unwrap();
        let record = records.session(&id).await.unwrap().unwrap();
        let session = &record.session;
        let mut written = vec![format!("{:?} {:?}", session.status, session.result)];
        for it in books::payments(shop).await {
            let key = it.payment_key.as_ref().map(PaymentKey::expose);
            written.push(format!(
                "{} {} {} {key:?} {:?} {:?}",
                it.id, it.status, it.balance, it.approved_at, it.needs_attention
            ));
            for it in records.refunds(&it.id).await.unwrap() {
                written.push(format!("{it:?}"));
            }
        }
        for it in self.attempts(shop).await {
            written.push(format!("{} {} {:?}", it.id, it.status, it.needs_attention));
        }
        for it in records
            .payment_methods(&session.customer_key)
            .await
            .unwrap()
        {
            written.push(format!("{it:?}"));
        }
        written.extend(shop.events().await);
        written
    }
}
