//! A Toss whose answers are scripted and whose calls are remembered. It keeps idempotency keys as Toss
//! does, so that a repetition that must be harmless is one.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What Toss does with the next request to an endpoint.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Does it, and the answer is lost.
    LoseAnswer,
    /// Does nothing, and the connection breaks.
    Break,
    /// Refuses.
    Refuse(u16, &'static str),
    /// Says something that is not Toss's.
    Babble(u16),
    /// Does it, and answers late.
    Late(Duration),
    /// Never answers, and does nothing.
    Hang,
}

#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) endpoint: &'static str,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) authorization: String,
    pub(crate) body: Value,
}

#[derive(Debug, Default)]
struct Inner {
    acts: HashMap<&'static str, VecDeque<Act>>,
    seen: Vec<Seen>,
    /// By order.
    payments: HashMap<String, Value>,
    /// By endpoint and idempotency key.
    answers: HashMap<String, (u16, Value)>,
    /// How often something was really done.
    done: Vec<&'static str>,
    transfers: Option<Value>,
}

type Shared = Arc<Mutex<Inner>>;

pub(crate) struct FakeToss {
    inner: Shared,
    origin: String,
}

pub(crate) const SECRET: &str = "ps_Zq1Bf4zJk0pX7sVt";
pub(crate) const BILLING_KEY: &str = "Z_t5vOvQxrj4499PeiJcjen28-V2RyqgYTwN44Rdzk0=";

impl FakeToss {
    pub(crate) async fn start() -> Self {
        let inner = Shared::default();
        let router = Router::new()
            .route("/v1/payments/confirm", post(confirm))
            .route("/v1/payments/orders/{order}", get(lookup))
            .route("/v1/billing/authorizations/issue", post(issue))
            .route("/v1/billing/{key}", post(charge))
            .with_state(Arc::clone(&inner));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { inner, origin }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// Scripts the next requests to an endpoint: `confirm`, `lookup`, `issue` or `charge`.
    pub(crate) fn next(&self, endpoint: &'static str, acts: &[Act]) {
        self.inner()
            .acts
            .entry(endpoint)
            .or_default()
            .extend(acts.iter().cloned());
    }

    pub(crate) fn seen(&self, endpoint: &str) -> Vec<Seen> {
        let inner = self.inner();
        inner
            .seen
            .iter()
            .filter(|s| s.endpoint == endpoint)
            .cloned()
            .collect()
    }

    /// How often it was really done.
    pub(crate) fn done(&self, endpoint: &str) -> usize {
        self.inner().done.iter().filter(|e| **e == endpoint).count()
    }

    /// What the issue answers in `transfers`.
    pub(crate) fn transfers(&self, transfers: Value) {
        self.inner().transfers = Some(transfers);
    }

    /// The buyer comes back from the window; answers the payment key.
    pub(crate) fn authenticate(&self, order: &str, amount: u64) -> String {
        let mut inner = self.inner();
        let key = format!("tgen_20261121{:06}", inner.payments.len());
        let mut payment = payment(&key, order, amount);
        payment["status"] = json!("IN_PROGRESS");
        inner.payments.insert(order.to_owned(), payment);
        key
    }

    /// Changes a payment behind the merchant's back.
    pub(crate) fn change(&self, order: &str, change: impl FnOnce(&mut Value)) {
        change(self.inner().payments.get_mut(order).unwrap());
    }

    pub(crate) fn deposit(&self, order: &str) {
        self.change(order, |payment| {
            payment["status"] = json!("DONE");
            payment["approvedAt"] = json!("2026-11-21T10:00:00+09:00");
            payment["virtualAccount"]["depositorName"] = json!("김토스");
        });
    }

    pub(crate) fn reverse(&self, order: &str) {
        self.change(order, |payment| {
            payment["status"] = json!("WAITING_FOR_DEPOSIT");
            payment["approvedAt"] = Value::Null;
        });
    }
}

fn payment(key: &str, order: &str, amount: u64) -> Value {
    json!({
        "mId": "tosspayments", "version": "2022-11-16", "paymentKey": key, "orderId": order,
        "orderName": "티셔츠 1장", "status": "READY", "method": null, "totalAmount": amount,
        "balanceAmount": amount, "approvedAt": null, "secret": null, "card": null,
        "virtualAccount": null, "transfer": null, "failure": null, "type": "NORMAL",
        "receipt": {"url": "https://dashboard.tosspayments.com/receipt"}, "currency": "KRW",
    })
}

type Done = Result<Value, (u16, &'static str)>;

/// Remembers the call, plays the script, and keeps the idempotency rules.
async fn serve(
    shared: &Shared,
    endpoint: &'static str,
    headers: &HeaderMap,
    body: &Bytes,
    work: impl FnOnce(&mut Inner, &Value) -> Done,
) -> Response {
    let header = |name: &str| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    let json: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let key = header("idempotency-key");
    let act = {
        let mut inner = shared.lock().unwrap();
        inner.seen.push(Seen {
            endpoint,
            idempotency_key: key.clone(),
            authorization: header("authorization").unwrap_or_default(),
            body: json.clone(),
        });
        inner.acts.get_mut(endpoint).and_then(VecDeque::pop_front)
    };
    match act {
        Some(Act::Break) => return broken(),
        Some(Act::Hang) => std::future::pending().await,
        Some(Act::Babble(status)) => {
            return (StatusCode::from_u16(status).unwrap(), "<html>oops").into_response();
        }
        Some(Act::Refuse(status, code)) => return refusal(status, code),
        Some(Act::LoseAnswer | Act::Late(_)) | None => {}
    }
    let (status, answer) = once(shared, endpoint, key, &json, work);
    match act {
        Some(Act::LoseAnswer) => broken(),
        Some(Act::Late(time)) => {
            tokio::time::sleep(time).await;
            (StatusCode::from_u16(status).unwrap(), Json(answer)).into_response()
        }
        _ => (StatusCode::from_u16(status).unwrap(), Json(answer)).into_response(),
    }
}

fn once(
    shared: &Shared,
    endpoint: &'static str,
    key: Option<String>,
    body: &Value,
    work: impl FnOnce(&mut Inner, &Value) -> Done,
) -> (u16, Value) {
    let mut inner = shared.lock().unwrap();
    let name = key.map(|key| format!("{endpoint} {key}"));
    if let Some(before) = name.as_ref().and_then(|name| inner.answers.get(name)) {
        return before.clone();
    }
    let answer = match work(&mut inner, body) {
        Ok(value) => {
            inner.done.push(endpoint);
            (200, value)
        }
        Err((status, code)) => (status, json!({"code": code, "message": "거절됐어요."})),
    };
    if let Some(name) = name {
        inner.answers.insert(name, answer.clone());
    }
    answer
}

fn refusal(status: u16, code: &str) -> Response {
    let body = json!({"code": code, "message": "거절됐어요."});
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

/// Headers, and then the connection breaks.
fn broken() -> Response {
    let cut = futures_util::stream::iter([Err::<Bytes, _>(std::io::Error::other("cut"))]);
    Body::from_stream(cut).into_response()
}

async fn confirm(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    serve(&shared, "confirm", &headers, &body, |inner, body| {
        let order = body["orderId"].as_str().unwrap();
        let payment = inner
            .payments
            .get_mut(order)
            .filter(|payment| payment["paymentKey"] == body["paymentKey"])
            .ok_or((404, "NOT_FOUND_PAYMENT_SESSION"))?;
        if payment["status"] != "IN_PROGRESS" {
            return Err((400, "ALREADY_PROCESSED_PAYMENT"));
        }
        payment["status"] = json!("WAITING_FOR_DEPOSIT");
        payment["method"] = json!("가상계좌");
        payment["virtualAccount"] = json!({
            "accountNumber": "X6505636518308", "accountType": "일반", "bankCode": "20",
            "customerName": "김토스", "dueDate": "2099-11-24T09:00:00+09:00", "expired": false,
            "settlementStatus": "INCOMPLETED", "refundStatus": "NONE", "depositorName": null,
        });
        // The secret is in this answer only.
        let mut answer = payment.clone();
        answer["secret"] = json!(SECRET);
        Ok(answer)
    })
    .await
}

async fn lookup(
    State(shared): State<Shared>,
    Path(order): Path<String>,
    headers: HeaderMap,
) -> Response {
    serve(&shared, "lookup", &headers, &Bytes::new(), |inner, _| {
        inner
            .payments
            .get(&order)
            .cloned()
            .ok_or((404, "NOT_FOUND_PAYMENT"))
    })
    .await
}

async fn issue(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    serve(&shared, "issue", &headers, &body, |inner, body| {
        let auth_key = body["authKey"].as_str().unwrap();
        if auth_key.contains("used") {
            return Err((400, "INVALID_BILLING_AUTH"));
        }
        let account = auth_key.contains("transfer");
        Ok(json!({
            "mId": "tosspayments", "customerKey": body["customerKey"],
            "authenticatedAt": "2026-11-21T09:00:00+09:00",
            "method": if account { "계좌이체" } else { "카드" }, "billingKey": BILLING_KEY,
            "card": if account { Value::Null } else { json!({
                "issuerCode": "61", "acquirerCode": "31", "number": "43301234****123*",
                "cardType": "신용", "ownerType": "개인",
            }) },
            "transfers": inner.transfers.clone().unwrap_or(Value::Null), "easyPay": null,
        }))
    })
    .await
}

async fn charge(
    State(shared): State<Shared>,
    Path(key): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    serve(&shared, "charge", &headers, &body, |inner, body| {
        if key != BILLING_KEY {
            return Err((400, "INVALID_BILL_KEY_REQUEST"));
        }
        let order = body["orderId"].as_str().unwrap();
        if inner.payments.contains_key(order) {
            return Err((400, "DUPLICATED_ORDER_ID"));
        }
        let mut payment = payment("tgen_charge", order, body["amount"].as_u64().unwrap());
        payment["type"] = json!("BILLING");
        payment["status"] = json!("DONE");
        payment["method"] = json!("카드");
        payment["approvedAt"] = json!("2026-11-21T09:00:01+09:00");
        inner.payments.insert(order.to_owned(), payment.clone());
        Ok(payment)
    })
    .await
}
