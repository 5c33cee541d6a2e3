//! A sandbox that runs in this process, for tests.

mod buyer;

use std::net::SocketAddr;

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use tokio::{sync::oneshot, task::JoinHandle};
use toss_checkout_contract::{ClientKey, SecretKey};
use toss_model::{ActionError, ClockError, Refusal};

pub use self::buyer::BuyerWindow;
use crate::{
    app_state::AppState,
    config::{Config, ConfigError},
    control,
    faults::{Fault, FaultError},
    request_log::LogEntry,
    server::{Sandbox, StartError},
    toss::PaymentAction,
    webhooks::{Delivery, WebhookTarget},
    window,
};

/// Binds the address of the configuration (any free port by [`Config::local`]) and answers in the background.
/// Needs a tokio runtime. Dropping the handle stops the sandbox; [`SandboxHandle::shutdown`] waits until it has.
///
/// # Errors
/// The configuration is refused, or the address is taken.
pub async fn start(config: Config) -> Result<SandboxHandle, StartError> {
    let pair = config.shops.iter().find(|pair| pair.is_individual());
    let keys = pair.map(|pair| (pair.client.clone(), pair.secret.clone()));
    let sandbox = Sandbox::bind(config).await?;
    let (address, app) = (sandbox.address(), sandbox.app().clone());
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(sandbox.serve(async {
        // Sent or dropped, both mean stop.
        let _ = stopped.await;
    }));
    let (client_key, secret_key) = keys.ok_or(ConfigError::NoShop)?;
    Ok(SandboxHandle {
        address,
        client_key,
        secret_key,
        app,
        stop,
        serving,
    })
}

/// A running sandbox. Everything here can be done over HTTP as well; these are the same deeds without a client.
#[derive(Debug)]
pub struct SandboxHandle {
    address: SocketAddr,
    client_key: ClientKey,
    secret_key: SecretKey,
    app: AppState,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl SandboxHandle {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end: the base address of the API, and of the script with
    /// `/v2/standard` behind it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The client key of the first individual pair; by default Toss's documentation key.
    pub fn client_key(&self) -> &str {
        self.client_key.as_str()
    }

    /// The secret key that belongs to it.
    pub fn secret_key(&self) -> &str {
        self.secret_key.expose()
    }

    /// Stops it and waits until it has.
    pub async fn shutdown(self) {
        drop(self.stop);
        // Only a panic of the accept loop could fail it, and that has been told already.
        let _ = self.serving.await;
    }

    /// Forgets everything that happened, faults and put-off work too, and sets the clock right. Webhook
    /// targets stay.
    pub fn reset(&self) {
        self.app.reset.now();
    }
}

/// The clock. Windows, confirms, due dates, kept answers, webhook retries and put-off work go by it.
impl SandboxHandle {
    /// What the clock shows.
    pub fn now(&self) -> OffsetDateTime {
        self.app.timekeeper.now()
    }

    /// Moves the clock forward. What falls due on the way is done when this returns.
    ///
    /// # Errors
    /// A negative duration, or one past the year 2999.
    pub fn advance_clock(&self, by: Duration) -> Result<(), ClockError> {
        self.app.timekeeper.advance(by)
    }

    /// Moves the clock forward to a moment. What falls due on the way is done when this returns.
    ///
    /// # Errors
    /// The moment has passed, or lies past the year 2999.
    pub fn set_clock(&self, to: OffsetDateTime) -> Result<(), ClockError> {
        self.app.timekeeper.jump_to(to)
    }

    /// Stops the clock where it stands; it can still be moved.
    pub fn freeze_clock(&self) {
        self.app.timekeeper.freeze();
    }

    /// Lets a stopped clock go on.
    pub fn resume_clock(&self) {
        self.app.timekeeper.resume();
    }
}

/// What goes wrong, and what was asked.
impl SandboxHandle {
    /// Orders a fault.
    ///
    /// # Errors
    /// The fault contradicts itself, or too many wait already.
    pub fn inject(&self, fault: Fault) -> Result<(), FaultError> {
        self.app.faults.add(fault)
    }

    /// Withdraws every fault that has not been applied.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// The last requests to `/v1`, oldest first, with secrets masked.
    pub fn requests(&self) -> Vec<LogEntry> {
        self.app.request_log.entries()
    }
}

/// The buyer.
impl SandboxHandle {
    /// Opens a payment window as `payment({customerKey}).requestPayment(request)` does on a phone: `request` is
    /// the object that the page gives the SDK, `successUrl` and `failUrl` included.
    ///
    /// # Errors
    /// What Toss refuses, such as an order number that was paid with.
    pub fn open_payment(
        &self,
        customer_key: &str,
        request: &Value,
    ) -> Result<BuyerWindow, Refusal> {
        self.open("payment", customer_key, request)
    }

    /// Opens a registration window as `payment({customerKey}).requestBillingAuth(request)` does on a phone.
    ///
    /// # Errors
    /// What Toss refuses.
    pub fn open_billing(
        &self,
        customer_key: &str,
        request: &Value,
    ) -> Result<BuyerWindow, Refusal> {
        self.open("billing", customer_key, request)
    }

    fn open(
        &self,
        kind: &str,
        customer_key: &str,
        request: &Value,
    ) -> Result<BuyerWindow, Refusal> {
        let body = json!({
            "clientKey": self.client_key(), "customerKey": customer_key, "kind": kind,
            "target": "self", "request": request,
        });
        Ok(BuyerWindow {
            id: window::open(&self.app.toss, body.to_string().as_bytes())?,
            toss: self.app.toss.clone(),
        })
    }
}

/// What happens at Toss without the merchant: the console's buttons. Webhooks tell of it.
impl SandboxHandle {
    /// Every payment as a Payment object, oldest first.
    pub fn payments(&self) -> Vec<Value> {
        control::payments_json(&self.app.toss)
    }

    /// 입금: the exact amount arrives in the virtual account of this payment.
    ///
    /// # Errors
    /// The payment waits for no deposit.
    pub fn deposit(&self, payment_key: &str) -> Result<(), ActionError> {
        self.act(PaymentAction::Deposit, payment_key)
    }

    /// 입금 취소: the bank takes the deposit back.
    ///
    /// # Errors
    /// There is no deposit.
    pub fn reverse_deposit(&self, payment_key: &str) -> Result<(), ActionError> {
        self.act(PaymentAction::Reverse, payment_key)
    }

    /// The window or the account runs out now.
    ///
    /// # Errors
    /// There is nothing left to run out.
    pub fn expire(&self, payment_key: &str) -> Result<(), ActionError> {
        self.act(PaymentAction::Expire, payment_key)
    }

    /// 결제 취소 in the dashboard: gives back all that is left.
    ///
    /// # Errors
    /// There is nothing to give back.
    pub fn cancel_in_dashboard(&self, payment_key: &str) -> Result<(), ActionError> {
        self.act(PaymentAction::Cancel, payment_key)
    }

    fn act(&self, action: PaymentAction, payment_key: &str) -> Result<(), ActionError> {
        self.app.toss.act(action, payment_key).map(|_| ())
    }

    /// The buyer leaves 퀵계좌이체, or the card company ends the key. False when there is no such key, or it is
    /// gone already.
    pub fn delete_billing_key(&self, billing_key: &str) -> bool {
        self.app.toss.end_billing(billing_key)
    }
}

/// Webhooks.
impl SandboxHandle {
    /// Registers an address: `WebhookTarget::from_str` reads `URL`, `EVENT+EVENT=URL` and `EVENT@MERCHANT_ID=URL`.
    /// Returns the number that takes it back.
    pub fn add_webhook_target(&self, target: WebhookTarget) -> u64 {
        self.app.webhooks.register(target)
    }

    /// Takes a registration back. What is on its way goes on. False when there is none.
    pub fn remove_webhook_target(&self, id: u64) -> bool {
        self.app.webhooks.unregister(id)
    }

    /// Takes every registration back: from now on nobody is told anything.
    pub fn remove_webhook_targets(&self) {
        for (id, _) in self.app.webhooks.targets() {
            self.app.webhooks.unregister(id);
        }
    }

    /// The last webhooks with their attempts, oldest first.
    pub fn webhooks(&self) -> Vec<Delivery> {
        self.app.webhooks.deliveries()
    }

    /// Sends a webhook again at once. False when it is not remembered.
    pub fn resend_webhook(&self, id: u64) -> bool {
        self.app.webhooks.resend(id)
    }
}
