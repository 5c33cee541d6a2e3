use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::*;

#[tokio::test]
async fn the_script_is_served_to_any_page() {
    let toss = start().await;
    let url = toss.url("/v2/standard");
    let response = toss.client.get(&url).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let headers = response.headers();
    assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(headers["access-control-allow-origin"], "*");
    let script = response.text().await.unwrap();
    assert!(script.contains("TossPayments.ANONYMOUS"));
    // Under a strict policy these would not work.
    for word in [
        "eval(",
        "new Function",
        "innerHTML",
        "insertAdjacentHTML",
        "cssText",
    ] {
        assert!(!script.contains(word), "{word}");
    }
}

#[tokio::test]
async fn a_script_of_version_1_says_what_to_load_instead() {
    let toss = start().await;
    for path in ["/v1", "/v1/payment", "/v1/payment-widget", "/v1/brandpay"] {
        let script = toss.client.get(toss.url(path)).send().await.unwrap();
        let text = script.text().await.unwrap();
        assert!(text.contains("load /v2/standard"), "{path}");
    }
    // Whoever posts to it is told that it takes no posts.
    let posted = toss.call("/v1/payment", &json!({})).await;
    assert_eq!(
        (posted.status, posted.code()),
        (404, "NOT_FOUND_HTTP_METHOD")
    );
}

#[tokio::test]
async fn the_script_can_be_slow_missing_or_cut_off() {
    let toss = start().await;
    let url = toss.url("/v2/standard");
    let get = || toss.client.get(&url).send();
    toss.fault(&json!({"endpoint": "sdk", "kind": "error", "status": 503}))
        .await;
    let broken = get().await.unwrap();
    assert_eq!(broken.status(), 503);
    assert_ne!(
        broken.headers()["content-type"],
        "text/javascript; charset=utf-8"
    );
    toss.fault(&json!({"endpoint": "sdk", "kind": "reset"}))
        .await;
    assert!(get().await.is_err());
    toss.fault(&json!({"endpoint": "sdk", "kind": "delay", "delayMs": 1_000}))
        .await;
    let started = Instant::now();
    assert_eq!(get().await.unwrap().status(), 200);
    assert!(started.elapsed() >= Duration::from_secs(1));
    let started = Instant::now();
    assert_eq!(get().await.unwrap().status(), 200);
    assert!(started.elapsed() < Duration::from_secs(1));
}
