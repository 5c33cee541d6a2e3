//! A shop's backend under test.

pub(crate) mod toss;

use std::{path::PathBuf, sync::Arc, time::Duration};

use clap::Parser;
use reqwest::{Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::oneshot};
use toss_merchant::{
    app::App,
    clock::Clock,
    config::{Args, Config, Timing},
    core::Core,
};

use self::toss::FakeToss;

pub(crate) const API_KEY: &str = "mk_0123456789abcdefghij";
pub(crate) const ENCRYPTION_KEYS: &str = "k1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
pub(crate) const CUSTOMER: &str = "3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11";

/// Short enough for tests, long enough for a busy machine.
pub(crate) fn quick() -> Timing {
    let ms = Duration::from_millis;
    Timing {
        connect: ms(500),
        confirm: ms(1200),
        charge: ms(1200),
        lookup: ms(500),
        lookups: 2,
        lookup_pause: ms(20),
        repeats: 1,
        wait_for_other: Duration::from_secs(5),
        wait_for_own: Duration::from_secs(8),
        lease_margin: ms(100),
        tick: ms(50),
        retry_pause: ms(50),
        events_poll: ms(100),
        shutdown: ms(500),
        ..Timing::default()
    }
}

pub(crate) fn args(extra: &[&str]) -> Args {
    let mut all = vec![
        "toss-merchant",
        "--listen=127.0.0.1:0",
        "--toss-client-key=test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq",
        "--toss-secret-key=test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R",
    ];
    let keys = format!("--billing-key-encryption-keys={ENCRYPTION_KEYS}");
    let api = format!("--merchant-api-key={API_KEY}");
    all.push(&keys);
    all.push(&api);
    all.extend(extra);
    Args::parse_from(all)
}

/// A backend in a runtime of its own, so that it can be killed in the middle of its work.
pub(crate) struct Backend {
    runtime: Option<Runtime>,
    stop: Option<oneshot::Sender<()>>,
    done: Option<tokio::task::JoinHandle<anyhow::Result<()>>>,
    pub(crate) origin: String,
    core: Arc<Core>,
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
        let core = app.core();
        let done = runtime.spawn(app.serve(async {
            let _ = stopped.await;
        }));
        Self {
            runtime: Some(runtime),
            stop: Some(stop),
            done: Some(done),
            origin,
            core,
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

/// Backend, Toss and database file of one test.
pub(crate) struct Shop {
    pub(crate) toss: FakeToss,
    pub(crate) backend: Backend,
    pub(crate) http: reqwest::Client,
    pub(crate) folder: TempDir,
    clock: Clock,
    extra: Vec<String>,
    timing: Timing,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(&[], Clock::system(), quick()).await
    }

    pub(crate) async fn with(extra: &[&str], clock: Clock, timing: Timing) -> Self {
        let toss = FakeToss::start().await;
        let folder = tempfile::tempdir().unwrap();
        let extra: Vec<String> = extra.iter().map(|&text| text.to_owned()).collect();
        let config = config(&toss, &folder, &extra, &timing);
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
            folder,
            clock,
            extra,
            timing,
        }
    }

    /// A second process on the same database.
    pub(crate) async fn second(&self) -> Backend {
        let config = config(&self.toss, &self.folder, &self.extra, &self.timing);
        Backend::start(config, self.clock.clone()).await
    }

    /// Kills the backend and starts it again on the same file.
    pub(crate) async fn crash_and_restart(&mut self) {
        self.backend.kill();
        self.backend = self.second().await;
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("shop.db")
    }

    pub(crate) fn core(&self) -> &Core {
        &self.backend.core
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

    pub(crate) async fn get(&self, session: &Session) -> Value {
        let path = format!("/api/checkout/sessions/{}", session.id);
        let answer = self.http.get(self.url(&path)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.unwrap()
    }

    pub(crate) async fn status(&self, session: &Session) -> String {
        text(&self.get(session).await["status"])
    }

    /// Waits until the session has this status.
    pub(crate) async fn until(&self, session: &Session, status: &str) -> Value {
        let mut last = Value::Null;
        for _ in 0..200 {
            // The merchant API has no limit on how often it may be asked.
            let path = format!("/api/sessions/{}", session.id);
            let request = self.http.get(self.url(&path)).bearer_auth(API_KEY);
            last = request.send().await.unwrap().json().await.unwrap();
            last = last["session"].take();
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
        let key = self.toss.authenticate(&session.order_id, 15_000);
        let (status, body) = self.confirm(&session, &key).await;
        assert_eq!(
            (status, text(&body["status"]).as_str()),
            (200, "waiting_for_deposit")
        );
        session
    }

    /// `DEPOSIT_CALLBACK` as Toss sends it.
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

    /// What became of a webhook, once it was worked on.
    pub(crate) async fn fate(&self, id: &str) -> (String, String, i32) {
        for _ in 0..200 {
            let fate = self.core().store.webhook_fate(id).await.unwrap();
            match fate {
                Some(fate) if fate.0 != "pending" => return fate,
                _ => tokio::time::sleep(Duration::from_millis(25)).await,
            }
        }
        panic!("the webhook {id} was never worked on");
    }
}

fn config(toss: &FakeToss, folder: &TempDir, extra: &[String], timing: &Timing) -> Config {
    let database = format!(
        "--database-url=sqlite://{}",
        folder.path().join("shop.db").display()
    );
    let api = format!("--toss-api-base={}", toss.origin());
    let mut all = vec![database.as_str(), api.as_str()];
    all.extend(extra.iter().map(String::as_str));
    let mut config = Config::try_from(args(&all)).unwrap();
    config.timing = timing.clone();
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
