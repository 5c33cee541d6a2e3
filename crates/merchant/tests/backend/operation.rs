//! What operators' tools ask.

use serde_json::Value;

use crate::support::{API_KEY, Shop};

#[tokio::test]
async fn a_shop_that_sells_is_alive_ready_and_measured() {
    let shop = Shop::open().await;
    for path in ["/healthz", "/readyz"] {
        let answer = shop.http.get(shop.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.json::<Value>().await.unwrap()["status"], "ok");
    }
    let session = shop.issued().await;
    let answer = shop.http.get(shop.url("/metrics")).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let request = shop.http.get(shop.url("/metrics")).bearer_auth(API_KEY);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/plain; version=0.0.4"));
    let text = answer.text().await.unwrap();
    for line in [
        r#"toss_checkout_http_requests_total{method="POST",route="/api/sessions",status="201"}"#,
        r#"toss_checkout_http_request_seconds_count{route="/api/checkout/sessions/{id}/confirm"}"#,
        r#"toss_checkout_toss_requests_total{call="confirm",status="200"}"#,
        r#"toss_checkout_attempts_total{kind="confirm",outcome="payment"}"#,
        r#"toss_checkout_due_work_lag_seconds{queue="webhooks"}"#,
        r#"toss_checkout_due_work_lag_seconds{queue="deliveries"}"#,
        "toss_checkout_open_unknowns ",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    for secret in [&session.id, &session.order_id] {
        assert!(!text.contains(secret.as_str()), "{text}");
    }
}
