//! What the program is killed in the middle of.

use std::time::Duration;

use serde_json::{Value, json};
use toss_checkout_contract::SessionId;
use toss_merchant::{
    application::{RefundRequest, provider::RefundAccount, refund_payment},
    domain::attempt::Attempt,
};
use toss_sandbox::{Endpoint, Fault};

use super::LATER;
use crate::support::{
    API_KEY, CUSTOMER, Session, Shop, books, confirm_body, receiver::Receiver, text,
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
    /// Toss tells of a deposit.
    Webhook,
    /// Toss tells of a deposit, and the merchant's server is told.
    Event,
    /// A confirm that got no answer is taken up after a crash.
    OpenConfirm,
    /// A refund that got no answer is taken up after a crash.
    OpenCancel,
}

/// A shop in which everything stands ready for it, and no backend runs.
pub(super) struct Stage {
    scenario: Scenario,
    session: Session,
    /// The one-time key that the buyer brings.
    key: String,
    receiver: Receiver,
}

impl Scenario {
    pub(super) async fn prepare(self) -> (Shop, Stage) {
        let mut shop = Shop::open().await;
        let receiver = Receiver::start().await;
        let (session, key) = match self {
            Self::Confirm | Self::OpenConfirm => {
                let session = shop.order().await;
                let key = shop.toss.authenticate(&session.order_id);
                (session, key)
            }
            Self::Issue => (shop.subscription(false).await, shop.toss.auth_key("CARD")),
            Self::FirstCharge => (shop.subscription(true).await, shop.toss.auth_key("CARD")),
            Self::Webhook | Self::Event | Self::OpenCancel => {
                let session = shop.issued().await;
                shop.toss.deposit_for(&session.order_id);
                (session, String::new())
            }
        };
        let stage = Stage {
            scenario: self,
            session,
            key,
            receiver,
        };
        match self {
            Self::OpenConfirm => {
                shop.toss.next([Fault::reset(Endpoint::Confirm)]);
                let (status, _) = shop.confirm(&stage.session, &stage.key).await;
                assert_eq!(status, 202);
            }
            Self::OpenCancel => stage.leave_a_refund_open(&shop).await,
            Self::Event => shop.set(&stage.receiver.settings()),
            Self::Confirm | Self::Issue | Self::FirstCharge | Self::Webhook => {}
        }
        shop.crash();
        if matches!(self, Self::OpenConfirm | Self::OpenCancel) {
            shop.advance(LATER);
        }
        (shop, stage)
    }
}

impl Stage {
    async fn leave_a_refund_open(&self, shop: &Shop) {
        shop.webhooks_on();
        assert_eq!(shop.webhook_raw("w1", &self.deposited()).await, 200);
        shop.until(&self.session, "paid").await;
        shop.toss.remove_webhook_targets();
        let payment = shop.payment(&self.session.order_id).await;
        let request = RefundRequest {
            payment_id: payment.id,
            request_key: "r1".to_owned(),
            amount: None,
            reason: "반품".to_owned(),
            expected_balance: None,
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

    /// What comes from outside, as it comes again when it got no answer: from the buyer's page, and from
    /// Toss.
    pub(super) async fn act(&self, shop: &Shop, origin: &str) {
        let sessions = format!("{origin}/api/checkout/sessions/{}", self.session.id);
        let request = match self.scenario {
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
            Scenario::OpenConfirm | Scenario::OpenCancel => return,
        };
        // A program that dies answers nothing.
        let _ = request.timeout(Duration::from_secs(30)).send().await;
    }

    fn wanted(&self) -> &'static str {
        match self.scenario {
            Scenario::Confirm | Scenario::OpenConfirm => "waiting_for_deposit",
            Scenario::Issue => "registered",
            Scenario::FirstCharge => "active",
            Scenario::Webhook | Scenario::Event => "paid",
            Scenario::OpenCancel => "canceled",
        }
    }

    /// Waits until the session says so, and the merchant's server knows.
    pub(super) async fn until_done(&self, shop: &Shop, origin: &str) {
        let url = format!("{origin}/api/sessions/{}", self.session.id);
        let mut last = Value::Null;
        for _ in 0..1200 {
            let request = shop.http.get(&url).bearer_auth(API_KEY);
            last = request.send().await.unwrap().json().await.unwrap();
            let told = self.scenario != Scenario::Event || !self.receiver.got().is_empty();
            if last["session"]["status"] == self.wanted() && told {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never became {}: {last}", self.wanted());
    }

    /// Everything happened once, and is written down as it is at Toss.
    pub(super) async fn check(&self, shop: &Shop) {
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
            Scenario::FirstCharge => ((0, 1, 1, 0), &["payment_method.registered", "payment.paid"]),
            Scenario::Webhook | Scenario::Event => (
                (1, 0, 0, 0),
                &["payment.waiting_for_deposit", "payment.paid"],
            ),
            Scenario::OpenCancel => (
                (1, 0, 0, 1),
                &[
                    "payment.waiting_for_deposit",
                    "payment.paid",
                    "payment.canceled",
                ],
            ),
        };
        assert_eq!(effects, wanted);
        assert_eq!(shop.events().await, events);
        assert_eq!(books::differences(shop).await, [""; 0]);
        match self.scenario {
            Scenario::Issue | Scenario::FirstCharge => {
                let method = shop.method(&self.session).await;
                assert_eq!(method.status.as_str(), "active");
                let key = shop.state().services.billing_key(&method);
                assert!(key.is_ok(), "it can be charged");
            }
            Scenario::Webhook | Scenario::Event => {
                assert_eq!(shop.fate("w1").await.0, "processed");
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

    /// Waits until nobody works on anything of it any more.
    async fn until_settled(&self, shop: &Shop) {
        let session = SessionId::new(self.session.id.as_str()).unwrap();
        let mut open = Vec::new();
        for _ in 0..400 {
            let records = &shop.state().records;
            let mut attempts = records.attempts_of_session(&session).await.unwrap();
            for payment in books::payments(shop).await {
                attempts.extend(records.attempts_of_payment(&payment.id).await.unwrap());
            }
            open = attempts.into_iter().filter(Attempt::is_open).collect();
            if open.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("still open: {open:?}");
    }
}
