//! What the buyer agreed to: stored with the billing key, and wanted where the shop wants it.

use std::time::Duration;

use serde_json::{Value, json};

use toss_sandbox::{Endpoint, Fault};

use crate::support::{API_KEY, CUSTOMER, Session, Shop, subscription};

fn consent(version: &str) -> Value {
    json!({"version": version, "text": "상점이 매월 4,900원을\n자동으로 결제하는 데 동의해요."})
}

fn keys(auth_key: &str, consent: &Value) -> Value {
    json!({"authKey": auth_key, "customerKey": CUSTOMER, "consent": consent})
}

/// What the merchant's own server reads of a session.
async fn read(shop: &Shop, session: &Session) -> Value {
    let path = format!("/api/sessions/{}", session.id);
    let request = shop.http.get(shop.url(&path)).bearer_auth(API_KEY);
    request.send().await.unwrap().json().await.unwrap()
}

async fn demanding(shop: &Shop, version: &str) -> Session {
    let mut body = subscription(true);
    body["consent"] = consent(version);
    shop.create(body).await
}

#[tokio::test]
async fn a_consent_is_stored_with_the_billing_key_word_for_word() {
    let shop = Shop::open().await;
    let session = shop.subscription(false).await;
    assert_eq!(read(&shop, &session).await["givenConsent"], Value::Null);
    let auth = shop.toss.auth_key("CARD");
    let (status, body) = shop
        .post(&session, "billing", keys(&auth, &consent("2026-11-1")))
        .await;
    assert_eq!((status, &body["status"]), (200, &json!("registered")));
    assert!(
        !body.to_string().contains("2026-11-1"),
        "the page is not told"
    );
    let mut given = read(&shop, &session).await["givenConsent"].take();
    let at = given.as_object_mut().unwrap().remove("givenAt").unwrap();
    assert_eq!(given, consent("2026-11-1"));
    assert!(at.as_str().unwrap().ends_with("+09:00"), "{at}");
    // Toss is told nothing of it.
    let sent = &shop.toss.seen("issue")[0].body;
    assert_eq!(sent.as_object().unwrap().len(), 2, "{sent}");
}

#[tokio::test]
async fn who_asks_nobody_sends_no_consent() {
    let shop = Shop::open().await;
    let auth = || shop.toss.auth_key("CARD");
    let without = json!({"authKey": auth(), "customerKey": CUSTOMER});
    for body in [without, keys(&auth(), &Value::Null)] {
        let session = shop.subscription(true).await;
        let (status, body) = shop.post(&session, "billing", body).await;
        assert_eq!((status, &body["status"]), (200, &json!("active")));
        let read = read(&shop, &session).await;
        assert!(read.get("givenConsent").is_none(), "{read}");
    }
}

#[tokio::test]
async fn a_session_with_a_consent_wants_exactly_this_one_before_toss_is_asked() {
    let shop = Shop::open().await;
    let session = demanding(&shop, "shop-3").await;
    assert_eq!(shop.get(&session).await["consent"], consent("shop-3"));
    let auth = shop.toss.auth_key("CARD");
    let mut reworded = consent("shop-3");
    reworded["text"] = json!("네");
    for wrong in [Value::Null, consent("shop-2"), reworded] {
        let (status, body) = shop.post(&session, "billing", keys(&auth, &wrong)).await;
        assert_eq!(
            (status, &body["code"], &body["retryable"]),
            (422, &json!("CHECKOUT_CONSENT_REQUIRED"), &json!(false)),
            "{body}"
        );
        assert_eq!(shop.status(&session).await, "open", "nothing changed");
    }
    assert!(shop.toss.seen("issue").is_empty());
    // The same key is still good.
    let right = keys(&auth, &consent("shop-3"));
    let (status, body) = shop.post(&session, "billing", right).await;
    assert_eq!((status, &body["status"]), (200, &json!("active")));
    let given = read(&shop, &session).await["givenConsent"].take();
    assert_eq!(given["version"], "shop-3");
    // What is done is done: a repetition gets its answer, whatever it brings.
    assert_eq!(shop.billing(&session, &auth).await, (status, body));
    assert_eq!((shop.toss.done("issue"), shop.toss.done("charge")), (1, 1));
}

#[tokio::test]
async fn a_consent_survives_a_crash_between_intent_and_answer() {
    let mut shop = Shop::open().await;
    let session = shop.subscription(false).await;
    shop.toss
        .next([Fault::timeout(Endpoint::Issue).work_after_real(Duration::from_millis(50))]);
    let auth = shop.toss.auth_key("CARD");
    let posted = keys(&auth, &consent("2026-11-1"));
    let path = format!("/api/checkout/sessions/{}/billing", session.id);
    drop(tokio::spawn(
        shop.http.post(shop.url(&path)).json(&posted).send(),
    ));
    shop.until_done("issue").await;
    shop.crash_and_restart().await;
    shop.advance(Duration::from_secs(10));
    shop.until(&session, "registered").await;
    let given = read(&shop, &session).await["givenConsent"].take();
    assert_eq!(given["version"], "2026-11-1");
}

#[tokio::test]
async fn a_consent_that_cannot_be_one_is_named() {
    let shop = Shop::open().await;
    let session = shop.subscription(false).await;
    let long = json!({"version": "1".repeat(41), "text": "x"});
    for (consent, says) in [
        (json!({"version": "1"}), "missing field `text`"),
        (long, "version has 41 characters"),
        (json!({"version": "1", "text": ""}), "text is empty"),
        (json!("yes"), "consent"),
    ] {
        let (status, body) = shop
            .post(&session, "billing", keys("auth_card", &consent))
            .await;
        assert_eq!(status, 400, "{body}");
        assert!(body["message"].as_str().unwrap().contains(says), "{body}");
    }
    assert!(shop.toss.seen("issue").is_empty());
    let mut misspelt = subscription(true);
    misspelt["consent"] = json!({"version": "1", "text": "x", "txet": "x"});
    let answer = shop.create_raw(&misspelt).await;
    let body: Value = answer.json().await.unwrap();
    assert!(
        body["message"].as_str().unwrap().contains("consent.txet"),
        "{body}"
    );
}

#[tokio::test]
async fn a_consent_that_was_recorded_before_the_window_counts_when_the_keys_come_without() {
    let shop = Shop::open().await;
    let session = demanding(&shop, "shop-3").await;
    let (status, _) = shop.post(&session, "consent", consent("shop-2")).await;
    assert_eq!(status, 422);
    let (status, _) = shop.post(&session, "consent", consent("shop-3")).await;
    assert_eq!(status, 204);
    let auth = shop.toss.auth_key("CARD");
    let (status, body) = shop.billing(&session, &auth).await;
    assert_eq!((status, &body["status"]), (200, &json!("active")), "{body}");
    let given = read(&shop, &session).await["givenConsent"].take();
    assert_eq!(given["version"], "shop-3");
}
