//! The same request under the same key gets the same answer for ever.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use toss_merchant::{
    application::api_requests::{ApiRequests, Begun},
    crypto::KeyRing,
};
use toss_sandbox::{Endpoint, Fault};

use crate::{
    merchant_methods::{card, charge, path},
    support::{ENCRYPTION_KEYS, Shop, text},
};

#[tokio::test]
async fn an_answer_is_given_again_before_anything_is_checked() {
    let shop = Shop::open().await;
    let card = card(&shop).await;
    let charges = format!("{}/charges", path(&card));
    let first = shop
        .post_once(&charges, "c1", charge("renewal-1", 9_900))
        .await;
    assert_eq!(first.status, 201);
    // What was right then is wrong now.
    assert_eq!(
        shop.call(Method::DELETE, path(&card)).send().await.status,
        200
    );
    shop.advance(Duration::from_hours(400 * 24));
    let again = shop
        .post_once(&charges, "c1", charge("renewal-1", 9_900))
        .await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.headers["content-type"], "application/json");
    for (address, body) in [
        (charges.as_str(), charge("renewal-1", 9_901)),
        (charges.as_str(), charge("renewal-2", 9_900)),
        ("/api/payments/pay_x/refunds", charge("renewal-1", 9_900)),
        (
            "/api/event-endpoints",
            json!({"url": "https://shop.example/"}),
        ),
    ] {
        let other = shop.post_once(address, "c1", body).await;
        assert_eq!(
            (other.status, other.code()),
            (422, "CHECKOUT_IDEMPOTENCY_KEY_USED"),
            "{address}"
        );
    }
    let long = shop
        .post_once(&charges, &"k".repeat(301), charge("renewal-3", 9_900))
        .await;
    assert_eq!(long.status, 400);
}

#[tokio::test]
async fn of_two_requests_at_once_one_runs_and_the_other_is_told_to_come_again() {
    let shop = Shop::open().await;
    let card = card(&shop).await;
    let charges = format!("{}/charges", path(&card));
    shop.toss.next([Fault::delay(Endpoint::Charge, 700)]);
    let call = || shop.post_once(&charges, "c1", charge("renewal-1", 9_900));
    let (first, second) = futures_util::join!(call(), async {
        shop.until_seen("charge", 1).await;
        call().await
    });
    assert_eq!(first.status, 201);
    assert_eq!(
        (second.status, second.code()),
        (409, "CHECKOUT_IN_PROGRESS")
    );
    assert_eq!(second.body["retryable"], true);
    assert!(second.headers.contains_key("retry-after"));
    let again = call().await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(shop.toss.seen("charge").len(), 1);
}

#[tokio::test]
async fn a_caller_who_hangs_up_finds_the_answer() {
    let shop = Shop::open().await;
    let card = card(&shop).await;
    let charges = format!("{}/charges", path(&card));
    shop.toss.next([Fault::delay(Endpoint::Charge, 500)]);
    let call = shop.call(Method::POST, charges.as_str()).once("c1");
    let request = call.body(charge("renewal-1", 9_900)).request();
    let hung_up = request.timeout(Duration::from_millis(200)).send().await;
    assert!(hung_up.is_err());
    for _ in 0..200 {
        let again = shop
            .post_once(&charges, "c1", charge("renewal-1", 9_900))
            .await;
        if again.status != 409 {
            assert_eq!(again.status, 201);
            assert_eq!(shop.toss.seen("charge").len(), 1);
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no answer was kept");
}

#[tokio::test]
async fn after_a_crash_in_between_the_same_request_ends_as_it_began() {
    let mut shop = Shop::open().await;
    let card = card(&shop).await;
    let charges = format!("{}/charges", path(&card));
    shop.toss.next([Fault::delay(Endpoint::Charge, 1_000)]);
    let call = shop.call(Method::POST, charges.as_str()).once("c1");
    let request = call.body(charge("renewal-1", 9_900)).request();
    let asked = tokio::spawn(request.send());
    shop.until_seen("charge", 1).await;
    shop.crash();
    assert!(asked.await.unwrap().is_err());
    shop.until_done("charge").await;
    shop.restart().await;
    // Nobody knows whether somebody is still at it; after two minutes nobody can be.
    let waiting = shop
        .post_once(&charges, "c1", charge("renewal-1", 9_900))
        .await;
    assert_eq!(
        (waiting.status, waiting.code()),
        (409, "CHECKOUT_IN_PROGRESS")
    );
    let other = shop
        .post_once(&charges, "c1", charge("renewal-1", 100))
        .await;
    assert_eq!(other.status, 422);
    shop.advance(Duration::from_mins(2));
    shop.until_payment("renewal-1", |payment| payment.status.has_money())
        .await;
    let known = shop
        .post_once(&charges, "c1", charge("renewal-1", 9_900))
        .await;
    assert_eq!((known.status, &known.body["status"]), (201, &json!("paid")));
    assert_eq!(shop.toss.done("charge"), 1);
}

#[tokio::test]
async fn a_secret_is_told_to_whoever_made_it_and_to_nobody_else() {
    let shop = Shop::open().await;
    let body = json!({"url": "https://shop.example/hooks"});
    let made = shop
        .post_once("/api/event-endpoints", "e1", body.clone())
        .await;
    let secret = text(&made.body["secret"]);
    assert_eq!(made.status, 201);
    let again = shop.post_once("/api/event-endpoints", "e1", body).await;
    assert_eq!((again.status, &again.body), (201, &made.body));
    let rotate = format!("/api/event-endpoints/{}/secrets", text(&made.body["id"]));
    let rotated = shop
        .call(Method::POST, rotate.as_str())
        .once("e2")
        .send()
        .await;
    let once = shop
        .call(Method::POST, rotate.as_str())
        .once("e2")
        .send()
        .await;
    assert_eq!((once.status, &once.body), (201, &rotated.body));
    assert_eq!(once.body["secrets"], 2, "rotated once, not twice");
    let records = &shop.state().store;
    for key in ["e1", "e2"] {
        use toss_merchant::application::api_requests::ApiRequestStore as _;
        let kept = records.api_request(key).await.unwrap().unwrap();
        let kept = format!("{kept:?}");
        assert!(
            !kept.contains(&secret) && !kept.contains("whsec_"),
            "{kept}"
        );
        assert!(kept.contains("/api/event-endpoints"), "{kept}");
    }
}

/// After the encryption key is gone the answer cannot be given again; what was done is not done twice.
#[tokio::test]
async fn a_request_whose_encryption_key_is_gone_is_not_run_a_second_time() {
    let shop = Shop::open().await;
    let key = "c1";
    let body = json!({"url": "https://shop.example/hooks"});
    let made = shop.post_once("/api/event-endpoints", key, body).await;
    assert_eq!(made.status, 201);
    let newer = "k2:QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=";
    let with = |keys: String| {
        let clock = shop.state().services.clock.clone();
        ApiRequests::new(
            shop.state().store.clone(),
            KeyRing::parse(&keys).unwrap(),
            clock,
        )
    };
    let rotated = with(format!("{newer},{ENCRYPTION_KEYS}"));
    let other = rotated.begin(key, "/x", "another request").await;
    assert!(matches!(other, Ok(Begun::OtherRequest)), "{other:?}");
    let gone = with(newer.to_owned()).begin(key, "/x", "any").await;
    let error = gone.unwrap_err().to_string();
    assert!(error.contains("cannot be opened any more"), "{error}");
}
