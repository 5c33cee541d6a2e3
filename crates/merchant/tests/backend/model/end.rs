//! How a life ends: everything settles, and the books are compared.

use std::time::Duration;

use serde_json::Value;
use toss_checkout_contract::OrderId;
use toss_merchant::{
    application::ports::Queue,
    domain::{
        attempt::Attempt,
        payment::{Payment, Purpose},
        refund::{Refund, RefundStatus},
    },
};

use super::life::Life;
use crate::support::{Shop, books, text};

/// Time that passes until the last look that anybody takes at a payment.
const WAITS: [Duration; 14] = [
    Duration::from_secs(5),
    Duration::from_secs(20),
    Duration::from_secs(95),
    Duration::from_mins(5),
    Duration::from_mins(20),
    Duration::from_hours(1),
    Duration::from_hours(7),
    Duration::from_hours(24),
    Duration::from_hours(3 * 24),
    Duration::from_hours(7 * 24),
    Duration::from_hours(14 * 24),
    Duration::from_hours(30 * 24),
    Duration::from_hours(90 * 24),
    Duration::from_hours(220 * 24),
];

pub(super) async fn by_order(shop: &Shop, order: &str) -> Option<Payment> {
    let order = OrderId::new(order).unwrap();
    shop.state().records.payment_of_order(&order).await.unwrap()
}

impl Life {
    /// Nothing goes wrong any more, and nobody tells anything: what webhooks did not bring is looked up.
    pub(super) async fn end(mut self) {
        self.shop.toss.clear_faults();
        self.shop.toss.remove_webhook_targets();
        self.shop.crash_and_restart().await;
        let mut faults = Vec::new();
        for wait in WAITS {
            self.shop.advance(wait);
            until_idle(&self.shop).await;
            faults = self.faults().await;
            if faults.is_empty() {
                return;
            }
        }
        panic!("{}\n{}", self.told(), faults.join("\n"));
    }

    async fn faults(&self) -> Vec<String> {
        let shop = &self.shop;
        let mut faults = books::differences(shop).await;
        let at_toss = shop.toss.payments();
        let mut registered = 0;
        for payment in books::payments(shop).await {
            let records = &shop.state().records;
            let attempts = records.attempts_of_payment(&payment.id).await.unwrap();
            let open = attempts.iter().filter(|it| Attempt::is_open(it));
            faults.extend(open.map(|it| format!("open: {it:?}")));
            let refunds = records.refunds(&payment.id).await.unwrap();
            faults.extend(given_back(&payment, &refunds, &at_toss));
            faults.extend(self.session_differs(&payment).await);
            registered += usize::from(payment.purpose == Purpose::FirstCharge);
        }
        let methods = shop
            .state()
            .records
            .payment_methods(&crate::support::CUSTOMER.parse().unwrap())
            .await
            .unwrap();
        let issued = shop.toss.done("issue");
        if methods.len() != issued {
            faults.push(format!(
                "{issued} cards were registered at Toss, {} are written down",
                methods.len()
            ));
        }
        if registered > issued {
            faults.push("a first charge without a card".to_owned());
        }
        faults
    }

    async fn session_differs(&self, payment: &Payment) -> Option<String> {
        let id = payment.session_id.as_ref()?;
        let record = self.shop.state().records.session(id).await.unwrap()?;
        let session = record.session.status.as_str();
        let fits = match payment.purpose {
            Purpose::Checkout => {
                session == payment.status.as_str()
                    || matches!(
                        (session, payment.status.as_str()),
                        ("open" | "expired", "ready") | ("expired", "expired")
                    )
            }
            Purpose::FirstCharge | Purpose::ManualCharge | Purpose::Subscription => {
                matches!(session, "registered" | "active")
            }
        };
        (!fits).then(|| format!("the session is {session}, its payment {payment:?}"))
    }
}

/// What went back at Toss is a refund here, and the other way round.
fn given_back(payment: &Payment, refunds: &[Refund], at_toss: &[Value]) -> Option<String> {
    let key = payment.payment_key.as_ref()?;
    let said = at_toss
        .iter()
        .find(|it| text(&it["paymentKey"]) == key.expose())?;
    let cancels = said["cancels"].as_array().into_iter().flatten();
    let there: u64 = cancels
        .filter_map(|cancel| cancel["cancelAmount"].as_u64())
        .sum();
    let made = refunds
        .iter()
        .filter(|refund| refund.status == RefundStatus::Succeeded);
    let here: u64 = made.map(|refund| refund.amount.value()).sum();
    let pending = refunds
        .iter()
        .any(|refund| refund.status == RefundStatus::Pending);
    (there != here || pending)
        .then(|| format!("{there} won went back at Toss of {payment:?}; refunds: {refunds:?}"))
}

/// Waits until nothing is due and nobody holds anything that was.
async fn until_idle(shop: &Shop) {
    let mut idle = 0;
    for _ in 0..400 {
        let mut due = 0;
        for queue in Queue::ALL {
            let now = shop.state().now();
            due += shop.state().records.backlog(queue, now).await.unwrap().due;
        }
        idle = if due == 0 { idle + 1 } else { 0 };
        if idle == 3 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
