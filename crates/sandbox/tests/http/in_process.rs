//! The sandbox in the test's own process: no client, no browser.

use std::time::Duration;

use serde_json::json;
use toss_sandbox::{Config, Endpoint, Fault, start};

use crate::{harness::*, webhooks::Merchant};

#[tokio::test]
async fn a_payment_is_made_taken_back_and_told_without_a_browser() {
    let toss = start(Config::local().unwrap()).await.unwrap();
    let merchant = Merchant::default();
    let target = merchant.listen().await.parse().unwrap();
    let id = toss.add_webhook_target(target);
    let window = toss
        .open_payment(CUSTOMER, &payment_request("order-1"))
        .unwrap();
    let url = window.finish().unwrap();
    assert_eq!(parameter(&url, "session"), "cs_1");
    let key = parameter(&url, "paymentKey");
    // Pressed twice it ends the same way twice.
    assert_eq!(window.finish().unwrap(), url);
    let client = http().build().unwrap();
    let answer = client
        .post(format!("{}/v1/payments/confirm", toss.url()))
        .basic_auth(toss.secret_key(), Some(""))
        .json(&confirm_body(&key, "order-1"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    toss.deposit(&key).unwrap();
    assert_eq!(toss.payments()[0]["status"], "DONE");
    toss.reverse_deposit(&key).unwrap();
    toss.deposit(&key).unwrap();
    toss.cancel_in_dashboard(&key).unwrap();
    assert!(toss.cancel_in_dashboard(&key).is_err());
    let heard = merchant.heard(5).await;
    assert!(heard.iter().any(|(_, body)| body["status"] == "CANCELED"));
    assert!(toss.remove_webhook_target(id) && !toss.remove_webhook_target(id));
    assert_eq!(toss.requests()[0].status, Some(200));
    toss.reset();
    assert!(toss.payments().is_empty() && toss.requests().is_empty());
    toss.shutdown().await;
}

#[tokio::test]
async fn a_buyer_may_choose_give_up_or_fail() {
    let toss = start(Config::local().unwrap()).await.unwrap();
    let open = |method| {
        toss.open_billing(CUSTOMER, &billing_request(method))
            .unwrap()
    };
    assert!(!parameter(&open("CARD").finish().unwrap(), "authKey").is_empty());
    assert!(!parameter(&open("TRANSFER").finish().unwrap(), "authKey").is_empty());
    let cancelled = open("CARD").cancel().unwrap();
    assert_eq!(parameter(&cancelled, "code"), "PAY_PROCESS_CANCELED");
    let failed = open("CARD").fail("REJECT_CARD_COMPANY").unwrap();
    assert_eq!(parameter(&failed, "code"), "REJECT_CARD_COMPANY");
    // A value with an outcome of its own, as in the window.
    let ordered = open("CARD").finish_with(&[("number", "9410 0000 0000 0023")]);
    assert_eq!(parameter(&ordered.unwrap(), "code"), "PAY_PROCESS_CANCELED");
    let wrong = open("CARD").finish_with(&[("expiry", "13/30")]);
    assert_eq!(wrong.unwrap_err().code, "INVALID_CARD_EXPIRATION");
}

#[tokio::test]
async fn faults_and_the_clock_are_ordered_without_http() {
    let toss = start(Config::local().unwrap()).await.unwrap();
    toss.freeze_clock();
    let fault = Fault::error(Endpoint::Issue, 503).work_after(Duration::from_secs(30));
    toss.inject(fault).unwrap();
    let window = toss.open_billing(CUSTOMER, &billing_request("CARD"));
    let auth_key = parameter(&window.unwrap().finish().unwrap(), "authKey");
    let client = http().build().unwrap();
    let issue = || {
        client
            .post(format!("{}{ISSUE}", toss.url()))
            .basic_auth(toss.secret_key(), Some(""))
            .header("idempotency-key", "key-1")
            .json(&issue_body(&auth_key))
            .send()
    };
    assert_eq!(issue().await.unwrap().status(), 503);
    let then = toss.now();
    toss.advance_clock(time::Duration::seconds(30)).unwrap();
    assert_eq!(toss.now() - then, time::Duration::seconds(30));
    assert_eq!(toss.requests()[0].late_status, Some(200));
    let answer = read(issue().await.unwrap()).await;
    let billing_key = answer.json["billingKey"].as_str().unwrap();
    assert!(toss.delete_billing_key(billing_key));
    assert!(!toss.delete_billing_key(billing_key));
    // No second answer to the same question.
    assert!(
        toss.inject(Fault::timeout(Endpoint::Lookup).work_after(Duration::from_secs(1)))
            .is_err()
    );
}

#[tokio::test]
async fn a_handle_that_is_dropped_stops_answering() {
    let toss = start(Config::local().unwrap()).await.unwrap();
    let address = toss.address();
    drop(toss);
    let started = std::time::Instant::now();
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        assert!(started.elapsed() < Duration::from_secs(10), "still there");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn the_buyers_buttons_are_json_too() {
    let toss = crate::harness::start().await;
    let window = toss.open("payment", payment_request("order-1")).await;
    let id = window.rsplit('/').next().unwrap();
    let press = async |action: &str, body: serde_json::Value| {
        let url = toss.url(&format!("/sandbox/api/windows/{id}/{action}"));
        read(toss.client.post(url).json(&body).send().await.unwrap()).await
    };
    assert_eq!(press("explode", json!({})).await.status, 404);
    assert_eq!(press("finish", json!([])).await.status, 400);
    let wrong = press("finish", json!({"bank": "none"})).await;
    assert_eq!((wrong.status, wrong.code()), (400, "INVALID_BANK"));
    let done = press("finish", json!({})).await;
    let url: url::Url = done.json["url"].as_str().unwrap().parse().unwrap();
    assert!(!parameter(&url, "paymentKey").is_empty());
    assert_eq!(press("cancel", json!({})).await.status, 403);
}
