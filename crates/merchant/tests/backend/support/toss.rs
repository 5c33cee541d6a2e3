//! The sandbox, and what tests ask of it.

use std::{ops::Deref, sync::Arc};

use serde_json::{Value, json};
use toss_sandbox::{Config, Fault, SandboxHandle, model::KeyPair};
use url::Url;

use super::CUSTOMER;

/// A second pair of the same merchant.
pub(crate) const SECOND_CLIENT_KEY: &str = "test_ck_0123456789abcdefghij";
pub(crate) const SECOND_SECRET_KEY: &str = "test_sk_0123456789abcdefghij";

/// A pair of another merchant id: the contract for billing of a shop that has one for each.
pub(crate) const BILLING_CLIENT_KEY: &str = "test_ck_billing0123456789";
pub(crate) const BILLING_SECRET_KEY: &str = "test_sk_billing0123456789";

/// One request to Toss.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) idempotency_key: Option<String>,
    pub(crate) body: Value,
    /// Whether it was carried out: not refused, not put off, and not an earlier answer given again.
    pub(crate) done: bool,
}

#[derive(Clone)]
pub(crate) struct Toss(Arc<SandboxHandle>);

impl Deref for Toss {
    type Target = SandboxHandle;

    fn deref(&self) -> &SandboxHandle {
        &self.0
    }
}

pub(crate) fn parameter(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(known, _)| known == name);
    found
        .unwrap_or_else(|| panic!("no {name} in {url}"))
        .1
        .into_owned()
}

fn endpoint(method: &str, path: &str) -> &'static str {
    match (method, path) {
        ("POST", "/v1/payments/confirm") => "confirm",
        ("POST", "/v1/billing/authorizations/issue") => "issue",
        ("POST", "/v1/billing/authorizations/card") => "card",
        ("POST", path) if path.ends_with("/cancel") => "cancel",
        ("POST", path) if path.starts_with("/v1/billing/") => "charge",
        ("DELETE", _) => "delete",
        ("GET", path) if path.starts_with("/v1/payments/") => "lookup",
        _ => "other",
    }
}

impl Toss {
    pub(crate) async fn start() -> Self {
        let mut config = Config::local().unwrap();
        let pair = format!("{SECOND_CLIENT_KEY}:{SECOND_SECRET_KEY}");
        config
            .shops
            .push(KeyPair::read(&pair, "tosspayments").unwrap());
        let pair = format!("{BILLING_CLIENT_KEY}:{BILLING_SECRET_KEY}");
        config.shops.push(KeyPair::read(&pair, "billing").unwrap());
        let handle = toss_sandbox::start(config).await.unwrap();
        Self(Arc::new(handle))
    }

    /// Orders faults of the next requests, in this order.
    pub(crate) fn next(&self, faults: impl IntoIterator<Item = Fault>) {
        for fault in faults {
            self.inject(fault).unwrap();
        }
    }

    /// What was asked of an endpoint: `confirm`, `issue`, `charge`, `cancel`, `delete` or `lookup`.
    pub(crate) fn seen(&self, of: &str) -> Vec<Seen> {
        let requests = self.requests();
        let asked = requests
            .iter()
            .filter(|entry| endpoint(&entry.method, &entry.path) == of);
        asked
            .map(|entry| Seen {
                idempotency_key: entry.idempotency_key.clone(),
                body: entry
                    .request_body
                    .as_ref()
                    .and_then(|text| serde_json::from_str(text).ok())
                    .unwrap_or(Value::Null),
                done: !entry.replayed
                    && (entry.status == Some(200) || entry.late_status == Some(200)),
            })
            .collect()
    }

    /// How often it was really done.
    pub(crate) fn done(&self, of: &str) -> usize {
        self.seen(of).iter().filter(|seen| seen.done).count()
    }

    /// The buyer comes back from the window of a virtual account; answers the payment key.
    pub(crate) fn authenticate(&self, order: &str) -> String {
        self.authenticate_for(order, 15_000)
    }

    pub(crate) fn authenticate_for(&self, order: &str, amount: u64) -> String {
        let request = json!({
            "method": "VIRTUAL_ACCOUNT", "amount": {"value": amount, "currency": "KRW"},
            "orderId": order, "orderName": "티셔츠 1장", "customerName": "김토스",
            "successUrl": "http://127.0.0.1:1/success", "failUrl": "http://127.0.0.1:1/fail",
            "virtualAccount": {"validHours": 72, "cashReceipt": {"type": "소득공제"}},
        });
        let window = self.open_payment(CUSTOMER, &request).unwrap();
        parameter(&window.finish().unwrap(), "paymentKey")
    }

    /// The buyer comes back from the window of another method; answers the payment key.
    pub(crate) fn authenticate_by(&self, method: &str, order: &str) -> String {
        self.try_authenticate(method, order).unwrap()
    }

    /// The same; `None` where Toss opens no window, since the order is settled.
    pub(crate) fn try_authenticate(&self, method: &str, order: &str) -> Option<String> {
        let mut asked = json!({
            "method": method, "amount": {"value": 15_000, "currency": "KRW"},
        });
        if method == "VIRTUAL_ACCOUNT" {
            asked["virtualAccount"] = json!({"validHours": 72});
        }
        self.try_authenticate_with(order, &asked)
    }

    /// The buyer comes back from a window that was asked for with all of this.
    pub(crate) fn authenticate_with(&self, order: &str, more: &Value) -> String {
        self.try_authenticate_with(order, more).unwrap()
    }

    fn try_authenticate_with(&self, order: &str, more: &Value) -> Option<String> {
        let mut request = json!({
            "orderId": order, "orderName": "티셔츠 1장", "customerName": "김토스",
            "successUrl": "http://127.0.0.1:1/success", "failUrl": "http://127.0.0.1:1/fail",
        });
        for (name, value) in more.as_object().unwrap() {
            request[name] = value.clone();
        }
        let window = self.open_payment(CUSTOMER, &request).ok()?;
        Some(parameter(&window.finish().ok()?, "paymentKey"))
    }

    /// The buyer registers a card or account; answers the auth key.
    pub(crate) fn auth_key(&self, method: &str) -> String {
        self.auth_key_with(method, &[])
    }

    /// The same with other values in the window.
    pub(crate) fn auth_key_with(&self, method: &str, fields: &[(&str, &str)]) -> String {
        let request = json!({
            "method": method, "customerName": "김토스",
            "successUrl": "http://127.0.0.1:1/success", "failUrl": "http://127.0.0.1:1/fail",
        });
        let window = self.open_billing(CUSTOMER, &request).unwrap();
        parameter(&window.finish_with(fields).unwrap(), "authKey")
    }

    /// The newest payment of an order, as Toss sees it.
    pub(crate) fn payment_of(&self, order: &str) -> Value {
        let mut payments = self.payments();
        payments.reverse();
        let found = payments
            .into_iter()
            .find(|payment| payment["orderId"] == order);
        found.unwrap_or_else(|| panic!("Toss has no payment of {order}"))
    }

    fn key_of(&self, order: &str) -> String {
        self.payment_of(order)["paymentKey"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) fn deposit_for(&self, order: &str) {
        self.deposit(&self.key_of(order)).unwrap();
    }

    pub(crate) fn reverse(&self, order: &str) {
        self.reverse_deposit(&self.key_of(order)).unwrap();
    }

    pub(crate) fn cancel_for(&self, order: &str) {
        self.cancel_in_dashboard(&self.key_of(order)).unwrap();
    }
}
