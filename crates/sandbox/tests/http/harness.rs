//! A running sandbox and the steps that every test takes.

use reqwest::{
    Client, ClientBuilder, RequestBuilder, Response, StatusCode, header::LOCATION, redirect::Policy,
};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use toss_sandbox::{Config, Sandbox};
use url::Url;

pub(crate) const CLIENT_KEY: &str = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";
pub(crate) const SECRET_KEY: &str = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";
pub(crate) const CUSTOMER: &str = "3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11";
pub(crate) const SHOP: &str = "http://shop.test";

/// A sandbox that stops when it is dropped.
pub(crate) struct Running {
    pub(crate) base: String,
    pub(crate) client: Client,
    stop: oneshot::Sender<()>,
    serving: tokio::task::JoinHandle<()>,
}

/// Status and JSON of an answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) json: Value,
    pub(crate) response_headers: reqwest::header::HeaderMap,
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or("no code")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.response_headers[name].to_str().unwrap()
    }
}

pub(crate) fn config() -> Config {
    let mut config = Config::local().unwrap();
    config.seed = Some(7);
    config
}

pub(crate) async fn start() -> Running {
    start_with(config()).await
}

/// A client for this machine only. Built together with others, reqwest wants a TLS provider to be
/// named although nothing here speaks TLS.
pub(crate) fn http() -> ClientBuilder {
    // Fails when another test was first, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().tls_certs_only([])
}

pub(crate) async fn start_with(config: Config) -> Running {
    let sandbox = Sandbox::bind(config).await.unwrap();
    let base = format!("http://{}", sandbox.address());
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(sandbox.serve(async {
        // Either way of ending means stop.
        let _ = stopped.await;
    }));
    let client = http().redirect(Policy::none()).build().unwrap();
    Running {
        base,
        client,
        stop,
        serving,
    }
}

pub(crate) async fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    let response_headers = response.headers().clone();
    let text = response.text().await.unwrap();
    Answer {
        status,
        json: serde_json::from_str(&text).unwrap_or(Value::String(text)),
        response_headers,
    }
}

impl Running {
    /// Stops it and waits until it has.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        self.serving.await.unwrap();
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A request with the shop's secret key.
    pub(crate) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.client
            .post(self.url(path))
            .basic_auth(SECRET_KEY, Some(""))
            .json(body)
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client
            .get(self.url(path))
            .basic_auth(SECRET_KEY, Some(""))
    }

    pub(crate) async fn call(&self, path: &str, body: &Value) -> Answer {
        read(self.post(path, body).send().await.unwrap()).await
    }

    pub(crate) async fn look(&self, path: &str) -> Answer {
        read(self.get(path).send().await.unwrap()).await
    }

    /// JSON of the control API.
    pub(crate) async fn control(&self, path: &str) -> Value {
        let url = self.url(&format!("/sandbox/api/{path}"));
        let response = self.client.get(url).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    /// A button of the control API.
    pub(crate) async fn press(&self, path: &str) -> Answer {
        let url = self.url(&format!("/sandbox/api/{path}"));
        read(self.client.post(url).send().await.unwrap()).await
    }

    /// A button of the clock: `freeze` or `resume`.
    pub(crate) async fn press_clock(&self, button: &str) {
        let order = json!({"freeze": button == "freeze"});
        let url = self.url("/sandbox/clock");
        let sent = self.client.post(url).json(&order).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::OK);
    }

    pub(crate) async fn fault(&self, fault: &Value) {
        let url = self.url("/sandbox/api/faults");
        let response = self.client.post(url).json(fault).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
    }

    /// What the SDK does: opens a window instead of the page and returns its path.
    pub(crate) async fn open(&self, kind: &str, request: Value) -> String {
        let answer = self.try_open(kind, request).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json["url"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn try_open(&self, kind: &str, request: Value) -> Answer {
        self.open_raw(&json!({
            "clientKey": CLIENT_KEY, "customerKey": CUSTOMER, "kind": kind, "target": "self",
            "request": request,
        }))
        .await
    }

    pub(crate) async fn open_raw(&self, body: &Value) -> Answer {
        let url = self.url("/sandbox/window");
        read(self.client.post(url).json(body).send().await.unwrap()).await
    }

    /// Submits a form of a window; returns where it sends the buyer.
    pub(crate) async fn submit(&self, path: &str, form: &[(&str, &str)]) -> Url {
        let response = self
            .client
            .post(self.url(path))
            .form(form)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{response:?}");
        let location = response.headers()[LOCATION].to_str().unwrap();
        location.parse().unwrap()
    }

    /// A virtual account payment that the buyer has finished; returns its paymentKey.
    pub(crate) async fn authenticated(&self, order: &str) -> String {
        let window = self.open("payment", payment_request(order)).await;
        let url = self
            .submit(&format!("{window}/issue"), &account_form())
            .await;
        parameter(&url, "paymentKey")
    }

    /// One that waits for its deposit; returns the Payment of confirm.
    pub(crate) async fn waiting(&self, order: &str) -> Value {
        let key = self.authenticated(order).await;
        let answer = self
            .call("/v1/payments/confirm", &confirm_body(&key, order))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json
    }

    /// A registration that the buyer has finished; returns its authKey.
    pub(crate) async fn registered(&self, number: &str) -> String {
        let window = self.open("billing", billing_request("CARD")).await;
        let url = self
            .submit(&format!("{window}/card"), &card_form(number))
            .await;
        parameter(&url, "authKey")
    }

    /// An issued billing key of a card.
    pub(crate) async fn billing_key(&self, number: &str) -> String {
        let auth_key = self.registered(number).await;
        let answer = self.call(ISSUE, &issue_body(&auth_key)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json["billingKey"].as_str().unwrap().to_owned()
    }
}

pub(crate) const ISSUE: &str = "/v1/billing/authorizations/issue";
pub(crate) const WORKING_CARD: &str = "9410 0012 3456 7890";

pub(crate) fn payment_request(order: &str) -> Value {
    json!({
        "method": "VIRTUAL_ACCOUNT", "amount": {"value": 15_000, "currency": "KRW"},
        "orderId": order, "orderName": "티셔츠 1장", "customerName": "김토스",
        "successUrl": format!("{SHOP}/success?session=cs_1"), "failUrl": format!("{SHOP}/fail?session=cs_1"),
        "virtualAccount": {"validHours": 72, "cashReceipt": {"type": "소득공제"}},
    })
}

pub(crate) fn billing_request(method: &str) -> Value {
    json!({
        "method": method, "customerName": "김토스", "customerEmail": null,
        "successUrl": format!("{SHOP}/success"), "failUrl": format!("{SHOP}/fail"),
    })
}

pub(crate) fn account_form() -> [(&'static str, &'static str); 4] {
    [
        ("bank", "20"),
        ("name", "김토스"),
        ("receipt", "소득공제"),
        ("agree", "1"),
    ]
}

pub(crate) fn card_form(number: &str) -> [(&'static str, &str); 4] {
    [
        ("number", number),
        ("expiry", "12/30"),
        ("identity", "900101"),
        ("password", "12"),
    ]
}

pub(crate) fn confirm_body(key: &str, order: &str) -> Value {
    json!({"paymentKey": key, "orderId": order, "amount": 15_000})
}

pub(crate) fn issue_body(auth_key: &str) -> Value {
    json!({"authKey": auth_key, "customerKey": CUSTOMER})
}

pub(crate) fn charge_body(order: &str) -> Value {
    json!({
        "customerKey": CUSTOMER, "amount": 4_900, "orderId": order,
        "orderName": "토스 프라임 구독", "customerEmail": "customer@example.com", "taxFreeAmount": 0,
    })
}

pub(crate) fn parameter(url: &Url, name: &str) -> String {
    let mut values = url.query_pairs().filter(|(key, _)| key == name);
    let value = values.next().unwrap_or_else(|| panic!("{name} in {url}")).1;
    assert!(values.next().is_none(), "{name} twice in {url}");
    value.into_owned()
}

/// The sorted keys of an object.
pub(crate) fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}
