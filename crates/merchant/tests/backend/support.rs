//! A shop's backend under test, with the sandbox in the place of Toss.

pub(crate) mod books;
pub(crate) mod outage;
pub(crate) mod program;
pub(crate) mod receiver;
pub(crate) mod toss;

use std::{process::Command, sync::Arc, time::Duration};

use clap::Parser;
use reqwest::{Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use test_database::{Engine, TestDatabase};
use tokio::{runtime::Runtime, sync::oneshot};
use toss_checkout_contract::{ClientKey, OrderId, SecretKey, SessionId};
use toss_merchant::{
    app::App,
    app_state::AppState,
    clock::Clock,
    config::{Args, Config, Timing},
    domain::{payment::Payment, payment_method::PaymentMethod},
};

use self::toss::Toss;

pub(crate) const API_KEY: &str = "mk_0123456789abcdefghij";
pub(crate) const ENCRYPTION_KEYS: &str = "k1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
pub(crate) const CUSTOMER: &str = "3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11";

/// Short enough for tests, long enough for a busy machine. Rules about money keep their own times; tests
/// move the clocks.
pub(crate) fn quick() -> Timing {
    let ms = Duration::from_millis;
    Timing {
        connect: ms(500),
        confirm: ms(1200),
        charge: ms(1200),
        lookup: ms(1000),
        lookups: 2,
        lookup_pause: ms(20),
        repeats: 1,
        wait_for_other: Duration::from_secs(5),
        wait_for_own: Duration::from_secs(8),
        lease_margin: ms(300),
        tick: ms(50),
        retry_pause: ms(50),
        shop_rate: 100,
        events_poll: ms(100),
        shutdown: ms(500),
        ..Timing::default()
    }
}

pub(crate) fn args(extra: &[&str]) -> Args {
    let mut all = vec!["toss-merchant".to_owned()];
    all.extend(settings());
    all.extend(extra.iter().map(|&text| text.to_owned()));
    Args::parse_from(all)
}

/// What every shop sets.
fn settings() -> [String; 5] {
    [
        "--listen=127.0.0.1:0".to_owned(),
        "--toss-client-key=test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq".to_owned(),
        "--toss-secret-key=test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R".to_owned(),
        format!("--billing-key-encryption-keys={ENCRYPTION_KEYS}"),
        format!("--merchant-api-key={API_KEY}"),
    ]
}

/// A backend in a runtime of its own, so that it can be killed in the middle of its work.
pub(crate) struct Backend {
    runtime: Option<Runtime>,
    stop: Option<oneshot::Sender<()>>,
    done: Option<tokio::task::JoinHandle<anyhow::Result<()>>>,
    pub(crate) origin: String,
    state: Arc<AppState>,
}

impl Backend {
    pub(crate) async fn start(config: Config, clock: Clock) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let app = runtime
            .spawn(App::bind(config, clock))
            .await
            .unwrap()
            .unwrap();
        let origin = format!("http://{}", app.address());
        let state = app.state();
        let done = runtime.spawn(app.serve(async {
            let _ = stopped.await;
        }));
        Self {
            runtime: Some(runtime),
            stop: Some(stop),
            done: Some(done),
            origin,
            state,
        }
    }

    /// As a crash does it: every task ends where it stands.
    pub(crate) fn kill(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    pub(crate) async fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
        self.done.take().unwrap().await.unwrap().unwrap();
        self.kill();
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Backend, Toss and database of one test.
pub(crate) struct Shop {
    pub(crate) toss: Toss,
    pub(crate) backend: Backend,
    pub(crate) http: reqwest::Client,
    pub(crate) database: TestDatabase,
    clock: Clock,
    extra: Vec<String>,
    timing: Timing,
    /// Whether the shop uses its second pair of keys.
    rotated: bool,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(&[], Clock::running(), quick()).await
    }

    pub(crate) async fn with(extra: &[&str], clock: Clock, timing: Timing) -> Self {
        Self::on(Engine::chosen(), extra, clock, timing).await
    }

    pub(crate) async fn on(engine: Engine, extra: &[&str], clock: Clock, timing: Timing) -> Self {
        let toss = Toss::start().await;
        let database = TestDatabase::create(engine).await;
        let extra: Vec<String> = extra.iter().map(|&text| text.to_owned()).collect();
        let config = config(&toss, &database, &extra, &timing, false);
        let backend = Backend::start(config, clock.clone()).await;
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .tls_certs_only([])
            .build()
            .unwrap();
        Self {
            toss,
            backend,
            http,
            database,
            clock,
            extra,
            timing,
            rotated: false,
        }
    }

    /// What the next backend of this shop is started with.
    pub(crate) fn config(&self) -> Config {
        config(
            &self.toss,
            &self.database,
            &self.extra,
            &self.timing,
            self.rotated,
        )
    }

    /// A second process on the same database.
    pub(crate) async fn second(&self) -> Backend {
        Backend::start(self.config(), self.clock.clone()).await
    }

    /// The program itself as a process on the same database, with production's waiting times and the
    /// sandbox's clock.
    pub(crate) fn program(&self) -> Command {
        let mut command = program::program();
        command
            .args(settings())
            .arg(format!("--database-url={}", self.database.url()))
            .arg(format!("--toss-api-base={}", self.toss.url()))
            .arg(format!("--toss-sandbox-clock={}", self.toss.url()))
            .args(&self.extra);
        command
    }

    /// Kills the backend and starts it again on the same database.
    pub(crate) async fn crash_and_restart(&mut self) {
        self.crash();
        self.restart().await;
    }

    pub(crate) fn crash(&mut self) {
        self.backend.kill();
    }

    pub(crate) async fn restart(&mut self) {
        self.backend = self.second().await;
    }

    /// The backend that starts next has these settings, too.
    pub(crate) fn set(&mut self, extra: &[String]) {
        self.extra.extend_from_slice(extra);
    }

    /// As [`Self::restart`], with other settings.
    pub(crate) async fn restarted_with(mut self, config: Config) -> Self {
        self.crash();
        self.backend = Backend::start(config, self.clock.clone()).await;
        self
    }

    pub(crate) fn state(&self) -> &AppState {
        &self.backend.state
    }

    /// Moves the shop's clock and Toss's.
    pub(crate) fn advance(&self, time: Duration) {
        self.clock.advance(time);
        self.toss
            .advance_clock(time::Duration::try_from(time).unwrap())
            .unwrap();
    }

    /// Moves the shop's clock alone.
    pub(crate) fn advance_only_ours(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// Somebody sets the shop's clock back.
    pub(crate) fn set_back_ours(&self, time: Duration) {
        self.clock.set_back(time);
    }

    /// Moves Toss's clock alone.
    pub(crate) fn advance_only_tosss(&self, time: Duration) {
        let time = time::Duration::try_from(time).unwrap();
        self.toss.advance_clock(time).unwrap();
    }

    /// The next backend of this shop uses another pair of keys of the same merchant id.
    pub(crate) fn change_secret_key(&mut self) {
        self.rotated = true;
    }

    /// Waits until an endpoint of Toss's was asked so often.
    pub(crate) async fn until_seen(&self, endpoint: &str, times: usize) {
        for _ in 0..400 {
            if self.toss.seen(endpoint).len() >= times {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!(
            "{endpoint} was asked {} times",
            self.toss.seen(endpoint).len()
        );
    }

    /// Toss sends its webhooks to this backend.
    pub(crate) fn webhooks_on(&self) {
        let target = self.url("/webhooks/toss").parse().unwrap();
        self.toss.add_webhook_target(target);
    }

    /// The payment of a session's order, as it is stored.
    pub(crate) async fn payment(&self, order_id: &str) -> Payment {
        let order = OrderId::new(order_id).unwrap();
        let found = self.state().records.payment_of_order(&order).await;
        found.unwrap().unwrap()
    }

    /// Waits until the stored payment is as wanted.
    pub(crate) async fn until_payment(
        &self,
        order_id: &str,
        wanted: impl Fn(&Payment) -> bool,
    ) -> Payment {
        for _ in 0..400 {
            let payment = self.payment(order_id).await;
            if wanted(&payment) {
                return payment;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never: {:?}", self.payment(order_id).await);
    }

    /// What a session registered.
    pub(crate) async fn method(&self, session: &Session) -> PaymentMethod {
        let id = SessionId::new(session.id.as_str()).unwrap();
        let records = &self.state().records;
        let record = records.session(&id).await.unwrap().unwrap();
        let id = record.payment_method_id.unwrap();
        records.payment_method(&id).await.unwrap().unwrap()
    }

    /// Waits until what a session registered has this status.
    pub(crate) async fn until_method(&self, session: &Session, status: &str) -> PaymentMethod {
        for _ in 0..400 {
            let method = self.method(session).await;
            if method.status.as_str() == status {
                return method;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never became {status}");
    }

    /// Waits until Toss has carried something out.
    pub(crate) async fn until_done(&self, endpoint: &str) {
        while self.toss.done(endpoint) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Somebody else gives money of a payment back: Toss's dashboard, or another program.
    pub(crate) async fn cancel_elsewhere(&self, order_id: &str, amount: u64) {
        assert_eq!(self.try_cancel_elsewhere(order_id, amount).await, 200);
    }

    /// The same; answers what Toss says.
    pub(crate) async fn try_cancel_elsewhere(&self, order_id: &str, amount: u64) -> u16 {
        let key = text(&self.toss.payment_of(order_id)["paymentKey"]);
        let body = json!({
            "cancelReason": "반품", "cancelAmount": amount,
            "refundReceiveAccount": {"bank": "20", "accountNumber": "1002123456789", "holderName": "김토스"},
        });
        let answer = self
            .http
            .post(format!("{}/v1/payments/{key}/cancel", self.toss.url()))
            .basic_auth(self.toss.secret_key(), Some(""))
            .json(&body)
            .send()
            .await
            .unwrap();
        answer.status().as_u16()
    }

    /// The names of all events so far.
    pub(crate) async fn events(&self) -> Vec<String> {
        let events = self.state().records.events(0, 1_000).await.unwrap();
        events.iter().map(|event| event.kind.to_string()).collect()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.backend.origin)
    }

    pub(crate) async fn create(&self, body: Value) -> Session {
        let answer = self.create_raw(&body).await;
        assert_eq!(answer.status(), StatusCode::CREATED);
        let body: Value = answer.json().await.unwrap();
        Session {
            id: text(&body["session"]["id"]),
            order_id: body["session"]["orderId"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            url: text(&body["url"]),
        }
    }

    pub(crate) async fn create_raw(&self, body: &Value) -> Response {
        self.http
            .post(self.url("/api/sessions"))
            .bearer_auth(API_KEY)
            .json(body)
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn order(&self) -> Session {
        self.create(order()).await
    }

    pub(crate) async fn subscription(&self, charge_now: bool) -> Session {
        self.create(subscription(charge_now)).await
    }

    /// The session but for the moment at which it was read.
    pub(crate) async fn get(&self, session: &Session) -> Value {
        let path = format!("/api/checkout/sessions/{}", session.id);
        let answer = self.http.get(self.url(&path)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        timeless(answer.json().await.unwrap())
    }

    pub(crate) async fn status(&self, session: &Session) -> String {
        text(&self.get(session).await["status"])
    }

    /// Waits until the session has this status, and answers it as [`Self::get`] does.
    pub(crate) async fn until(&self, session: &Session, status: &str) -> Value {
        let mut last = Value::Null;
        for _ in 0..400 {
            // The merchant API has no limit on how often it may be asked.
            let path = format!("/api/sessions/{}", session.id);
            let request = self.http.get(self.url(&path)).bearer_auth(API_KEY);
            last = request.send().await.unwrap().json().await.unwrap();
            last = timeless(last["session"].take());
            if last["status"] == status {
                return last;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never became {status}: {last}");
    }

    pub(crate) async fn post(&self, session: &Session, what: &str, body: Value) -> (u16, Value) {
        self.post_to(&self.backend.origin, session, what, body)
            .await
    }

    pub(crate) async fn post_to(
        &self,
        origin: &str,
        session: &Session,
        what: &str,
        body: Value,
    ) -> (u16, Value) {
        let url = format!("{origin}/api/checkout/sessions/{}/{what}", session.id);
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub(crate) async fn confirm(&self, session: &Session, key: &str) -> (u16, Value) {
        self.post(session, "confirm", confirm_body(session, key))
            .await
    }

    pub(crate) async fn billing(&self, session: &Session, auth_key: &str) -> (u16, Value) {
        let body = json!({"authKey": auth_key, "customerKey": CUSTOMER});
        self.post(session, "billing", body).await
    }

    /// An order whose virtual account was issued.
    pub(crate) async fn issued(&self) -> Session {
        let session = self.order().await;
        let key = self.toss.authenticate(&session.order_id);
        let (status, body) = self.confirm(&session, &key).await;
        assert_eq!(
            (status, text(&body["status"]).as_str()),
            (200, "waiting_for_deposit")
        );
        session
    }

    /// `DEPOSIT_CALLBACK` as anybody can post it.
    pub(crate) async fn webhook(
        &self,
        id: &str,
        order_id: &str,
        status: &str,
        secret: &str,
    ) -> u16 {
        let body = json!({
            "createdAt": "2026-11-21T09:00:00.000000",
            "secret": secret,
            "status": status,
            "transactionKey": "9FF15E1A29D0E77C218F57262BFA4986",
            "orderId": order_id,
        });
        self.webhook_raw(id, &body).await
    }

    pub(crate) async fn webhook_raw(&self, id: &str, body: &Value) -> u16 {
        self.http
            .post(self.url("/webhooks/toss"))
            .header("tosspayments-webhook-transmission-id", id)
            .json(body)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    }

    /// What became of a webhook, once it was worked on: its state and why.
    pub(crate) async fn fate(&self, id: &str) -> (String, String, u32) {
        for _ in 0..400 {
            let found = self.state().records.webhook_of_transmission(id).await;
            if let Some(webhook) = found.unwrap()
                && webhook.state.as_str() != "pending"
            {
                let note = webhook.note.unwrap_or_default();
                return (webhook.state.to_string(), note, webhook.deliveries);
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the webhook {id} was never worked on");
    }
}

fn config(
    toss: &Toss,
    database: &TestDatabase,
    extra: &[String],
    timing: &Timing,
    rotated: bool,
) -> Config {
    let database = format!("--database-url={}", database.url());
    let api = format!("--toss-api-base={}", toss.url());
    let mut all = vec![database.as_str(), api.as_str()];
    all.extend(extra.iter().map(String::as_str));
    let mut config = Config::try_from(args(&all)).unwrap();
    config.timing = timing.clone();
    if rotated {
        let shop = &mut config.shops[0];
        shop.client_key = ClientKey::new(toss::SECOND_CLIENT_KEY).unwrap();
        shop.secret_key = SecretKey::new(toss::SECOND_SECRET_KEY).unwrap();
    }
    config
}

/// What a test remembers of a session.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) order_id: String,
    pub(crate) url: String,
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}

pub(crate) fn order() -> Value {
    json!({
        "kind": "payment",
        "orderName": "티셔츠 1장",
        "amount": {"value": 15_000, "currency": "KRW"},
        "customerKey": CUSTOMER,
        "virtualAccount": {"validHours": 72, "cashReceipt": {"type": "소득공제"}},
    })
}

pub(crate) fn subscription(charge_now: bool) -> Value {
    json!({
        "kind": "billing",
        "orderName": "토스 프라임 구독",
        "plan": {"amount": {"value": 4900, "currency": "KRW"}, "interval": "month"},
        "chargeNow": charge_now,
        "customerKey": CUSTOMER,
        "customer": {"name": "김토스", "email": "customer@example.com"},
    })
}

pub(crate) fn confirm_body(session: &Session, key: &str) -> Value {
    json!({"paymentKey": key, "orderId": session.order_id, "amount": 15_000})
}

/// A session but for the moment at which it was read, which says how long its times are away.
pub(crate) fn timeless(mut session: Value) -> Value {
    if let Some(fields) = session.as_object_mut() {
        let now = fields.remove("now");
        assert!(now.is_some_and(|now| now.is_string()), "no time: {session}");
    }
    session
}
