use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use serde_json::{Value, json};

use crate::harness::*;

/// A merchant that writes down what it hears and answers as told, 200 when it was told nothing.
#[derive(Clone, Default)]
pub(crate) struct Merchant(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    heard: Vec<(HeaderMap, Value)>,
    answers: VecDeque<u16>,
}

impl Merchant {
    /// Starts listening; returns the address for webhooks.
    pub(crate) async fn listen(&self) -> String {
        async fn hear(
            State(merchant): State<Merchant>,
            headers: HeaderMap,
            body: String,
        ) -> StatusCode {
            let mut inner = merchant.0.lock().unwrap();
            inner
                .heard
                .push((headers, serde_json::from_str(&body).unwrap()));
            let status = inner.answers.pop_front().unwrap_or(200);
            StatusCode::from_u16(status).unwrap()
        }
        let router = Router::new()
            .route("/webhooks/toss", post(hear))
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/webhooks/toss")
    }

    pub(crate) fn will_answer(&self, statuses: &[u16]) {
        self.0.lock().unwrap().answers.extend(statuses);
    }

    /// Waits until this many were heard.
    pub(crate) async fn heard(&self, count: usize) -> Vec<(HeaderMap, Value)> {
        let started = Instant::now();
        loop {
            let heard = self.0.lock().unwrap().heard.clone();
            if heard.len() >= count {
                return heard;
            }
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "{} of {count}",
                heard.len()
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn settled(toss: &Running, standing: &str) -> Value {
    let started = Instant::now();
    loop {
        let log = toss.control("webhooks").await;
        let all = log.as_array().unwrap();
        if all.iter().all(|delivery| delivery["standing"] == standing) {
            return log;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{log}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn sandbox(urls: &[String], scale: f64) -> Running {
    let mut config = config();
    let only = |url: &String| format!("DEPOSIT_CALLBACK={url}").parse().unwrap();
    config.webhook_urls = urls.iter().map(only).collect();
    config.webhook_retry_scale = scale;
    start_with(config).await
}

#[tokio::test]
async fn every_change_of_a_virtual_account_is_told_flat_and_with_the_secret() {
    let merchant = Merchant::default();
    let toss = sandbox(&[merchant.listen().await], 1.0).await;
    let payment = toss.waiting("order-1").await;
    let key = payment["paymentKey"].as_str().unwrap();
    let mut heard = merchant.heard(1).await;
    for (at, action) in (2..).zip(["deposit", "reverse", "deposit", "cancel"]) {
        toss.press(&format!("payments/{key}/{action}")).await;
        heard = merchant.heard(at).await;
    }
    let statuses: Vec<_> = heard
        .iter()
        .map(|(_, body)| body["status"].as_str().unwrap())
        .collect();
    assert_eq!(
        statuses,
        [
            "WAITING_FOR_DEPOSIT",
            "DONE",
            "WAITING_FOR_DEPOSIT",
            "DONE",
            "CANCELED"
        ]
    );
    for (headers, body) in &heard {
        assert_eq!(
            keys(body),
            ["createdAt", "orderId", "secret", "status", "transactionKey"]
        );
        assert_eq!(body["secret"], payment["secret"]);
        assert_eq!(body["orderId"], "order-1");
        let created = body["createdAt"].as_str().unwrap();
        assert_eq!((created.len(), &created[19..20]), (26, "."), "{created}");
        let header = |name: &str| headers[name].to_str().unwrap();
        assert_eq!(
            header("tosspayments-webhook-transmission-retried-count"),
            "0"
        );
        assert!(header("tosspayments-webhook-transmission-id").starts_with("whtrans_"));
        assert!(header("tosspayments-webhook-transmission-time").ends_with("+09:00"));
        assert!(header("content-type").starts_with("application/json"));
        assert!(!headers.contains_key("tosspayments-webhook-signature"));
    }
    let last = &toss.look(&format!("/v1/payments/{key}")).await.json["lastTransactionKey"];
    assert_eq!(heard[4].1["transactionKey"], *last);
    let log = settled(&toss, "delivered").await;
    assert!(
        !log.to_string()
            .contains(payment["secret"].as_str().unwrap())
    );
}

#[tokio::test]
async fn a_fault_may_be_aimed_at_one_event_and_one_address() {
    let (first, second) = (Merchant::default(), Merchant::default());
    let mut config = config();
    let urls = [first.listen().await, second.listen().await];
    config.webhook_urls = urls.map(|url| url.parse().unwrap()).into();
    let toss = start_with(config).await;
    toss.fault(
        &json!({"endpoint": "webhook", "kind": "lost", "event": "DEPOSIT_CALLBACK", "target": 2}),
    )
    .await;
    let remove = json!({"endpoint": "webhook", "kind": "mutate", "target": 1, "event": "PAYMENT_STATUS_CHANGED", "remove": ["/data/orderId"]});
    toss.fault(&remove).await;
    let payment = toss.waiting("order-1").await;
    assert_eq!(first.heard(1).await[0].1["status"], "WAITING_FOR_DEPOSIT");
    let path = format!(
        "payments/{}/deposit",
        payment["paymentKey"].as_str().unwrap()
    );
    assert_eq!(toss.press(&path).await.status, 200);
    let heard = first.heard(3).await;
    let changed = heard
        .iter()
        .find(|(_, body)| body["eventType"] == "PAYMENT_STATUS_CHANGED");
    let data = &changed.unwrap().1["data"];
    assert!(data.get("orderId").is_none() && data["status"] == "DONE");
    // The second address was told of everything but the first callback.
    let heard = second.heard(2).await;
    assert!(
        heard
            .iter()
            .all(|(_, body)| body["status"] != "WAITING_FOR_DEPOSIT")
    );
    assert!(
        heard
            .iter()
            .any(|(_, body)| body["data"]["orderId"] == "order-1")
    );
}

#[tokio::test]
async fn anything_but_200_is_sent_again_with_the_same_id() {
    let merchant = Merchant::default();
    // 202 is a success elsewhere, not here.
    merchant.will_answer(&[500, 202, 200]);
    let toss = sandbox(&[merchant.listen().await], 0.000_1).await;
    toss.waiting("order-1").await;
    let heard = merchant.heard(3).await;
    let header = |at: usize, name: &str| heard[at].0[name].to_str().unwrap();
    for at in 0..3 {
        let count = header(at, "tosspayments-webhook-transmission-retried-count");
        assert_eq!(count, at.to_string());
        let id = "tosspayments-webhook-transmission-id";
        assert_eq!(header(at, id), header(0, id));
        assert_eq!(heard[at].1, heard[0].1);
    }
    let log = settled(&toss, "delivered").await;
    let statuses: Vec<_> = log[0]["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attempt| attempt["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [500, 202, 200]);
}

#[tokio::test]
async fn after_seven_retries_it_is_given_up_and_can_be_resent() {
    let merchant = Merchant::default();
    merchant.will_answer(&[500; 8]);
    let toss = sandbox(&[merchant.listen().await], 0.0).await;
    toss.waiting("order-1").await;
    let log = settled(&toss, "failed").await;
    assert_eq!(log[0]["attempts"].as_array().unwrap().len(), 8);
    let id = log[0]["id"].as_u64().unwrap();
    assert_eq!(
        toss.press(&format!("webhooks/{id}/resend")).await.status,
        202
    );
    let heard = merchant.heard(9).await;
    let count = &heard[8].0["tosspayments-webhook-transmission-retried-count"];
    assert_eq!(count, "0");
    settled(&toss, "delivered").await;
    assert_eq!(toss.press("webhooks/999/resend").await.status, 404);
}

#[tokio::test]
async fn a_resend_does_not_wait_for_the_schedule() {
    let merchant = Merchant::default();
    merchant.will_answer(&[500]);
    // The first retry would come after a minute.
    let toss = sandbox(&[merchant.listen().await], 1.0).await;
    toss.waiting("order-1").await;
    merchant.heard(1).await;
    let id = toss.control("webhooks").await[0]["id"].as_u64().unwrap();
    toss.press(&format!("webhooks/{id}/resend")).await;
    merchant.heard(2).await;
    settled(&toss, "delivered").await;
}

#[tokio::test]
async fn every_address_is_told_even_when_another_is_dead() {
    let merchant = Merchant::default();
    let dead = "http://127.0.0.1:9/webhooks/toss".to_owned();
    let toss = sandbox(&[dead, merchant.listen().await], 1.0).await;
    toss.waiting("order-1").await;
    merchant.heard(1).await;
    let started = Instant::now();
    loop {
        let log = toss.control("webhooks").await;
        if log[0]["attempts"][0]["error"].is_string() && log[1]["standing"] == "delivered" {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{log}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_reset_stops_what_was_under_way() {
    let merchant = Merchant::default();
    merchant.will_answer(&[500; 100]);
    // First retry after 1.2 seconds.
    let toss = sandbox(&[merchant.listen().await], 0.02).await;
    toss.waiting("order-1").await;
    merchant.heard(1).await;
    toss.press("reset").await;
    tokio::time::sleep(Duration::from_millis(1_600)).await;
    assert_eq!(merchant.heard(1).await.len(), 1);
}

async fn advance(toss: &Running, by: &str) {
    let url = toss.url("/sandbox/clock");
    let order = serde_json::json!({"advance": by});
    let response = toss.client.post(url).json(&order).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_late_webhook_waits_for_the_sandboxs_clock() {
    let merchant = Merchant::default();
    let toss = sandbox(&[merchant.listen().await], 1.0).await;
    let late = serde_json::json!({"endpoint": "webhook", "kind": "delay", "delayMs": 60_000});
    toss.fault(&late).await;
    toss.waiting("order-1").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(merchant.heard(0).await.is_empty());
    advance(&toss, "1m").await;
    merchant.heard(1).await;
}

#[tokio::test]
async fn a_webhook_can_be_overtaken() {
    let merchant = Merchant::default();
    let toss = sandbox(&[merchant.listen().await], 1.0).await;
    let order = serde_json::json!({"endpoint": "webhook", "kind": "reorder"});
    toss.fault(&order).await;
    let payment = toss.waiting("order-1").await;
    let key = payment["paymentKey"].as_str().unwrap();
    toss.press(&format!("payments/{key}/deposit")).await;
    let heard = merchant.heard(2).await;
    let statuses: Vec<_> = heard
        .iter()
        .map(|(_, body)| body["status"].clone())
        .collect();
    assert_eq!(statuses, ["DONE", "WAITING_FOR_DEPOSIT"]);
}

#[tokio::test]
async fn addresses_come_and_go_and_hear_only_their_merchant() {
    let (mine, other) = (Merchant::default(), Merchant::default());
    let toss = sandbox(&[], 1.0).await;
    let url = toss.url("/sandbox/api/targets");
    let register = async |merchant: &Merchant, id: &str| {
        let target = serde_json::json!({
            "url": merchant.listen().await, "events": ["DEPOSIT_CALLBACK"], "merchantId": id,
        });
        let response = toss.client.post(&url).json(&target).send().await.unwrap();
        assert_eq!(response.status(), 201);
        response.json::<Value>().await.unwrap()["id"].clone()
    };
    let id = register(&mine, "tosspayments").await;
    register(&other, "somebody-else").await;
    toss.waiting("order-1").await;
    mine.heard(1).await;
    let gone = toss
        .client
        .delete(format!("{url}/{id}"))
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 204);
    toss.waiting("order-2").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(
        (mine.heard(1).await.len(), other.heard(0).await.len()),
        (1, 0)
    );
}
