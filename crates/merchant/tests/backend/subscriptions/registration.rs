//! A registration that begins a subscription.

use serde_json::json;
use toss_sandbox::{Endpoint, Fault};

use crate::support::{Session, Shop, subscription, text};

async fn session(shop: &Shop, charge_now: bool) -> Session {
    let mut body = subscription(charge_now);
    body["subscribe"] = json!(true);
    shop.create(body).await
}

#[tokio::test]
async fn a_registration_begins_a_subscription_with_its_first_charge() {
    let shop = Shop::at_noon(&[]).await;
    let session = session(&shop, true).await;
    let auth = shop.toss.auth_key("CARD");
    let (status, done) = shop.billing(&session, &auth).await;
    assert_eq!(status, 200, "{done}");
    let id = text(&done["result"]["subscriptionId"]);
    assert_eq!(done["result"]["charge"]["status"], "succeeded", "{done}");
    let begun = shop
        .until_subscription(&id, |it| it["status"] == "active")
        .await;
    assert_eq!(begun["amount"]["value"], 4_900);
    assert_eq!(begun["currentPeriod"]["start"], "2027-01-31");
    assert_eq!(shop.status(&session).await, "active");
    let renewed = shop.next_charge(&id).await;
    assert_eq!(renewed["currentPeriod"]["no"], 2);
    assert_eq!(shop.toss.done("charge"), 2);
}

#[tokio::test]
async fn a_first_charge_that_is_refused_leaves_the_card_and_begins_nothing() {
    let shop = Shop::at_noon(&[]).await;
    let session = session(&shop, true).await;
    shop.toss
        .next([Fault::error(Endpoint::Charge, 403).code("REJECT_CARD_PAYMENT")]);
    let auth = shop.toss.auth_key("CARD");
    let (_, done) = shop.billing(&session, &auth).await;
    assert_eq!(done["result"]["charge"]["status"], "declined", "{done}");
    let id = text(&done["result"]["subscriptionId"]);
    let waits = shop
        .until_subscription(&id, |it| it["owedAmount"].is_object())
        .await;
    assert_eq!(
        (waits["status"].as_str(), waits["entitled"].as_bool()),
        (Some("incomplete"), Some(false))
    );
    let (status, paid) = shop.command(&id, "charge", json!({})).await;
    assert_eq!((status, paid["status"].as_str()), (200, Some("active")));
}

#[tokio::test]
async fn a_registration_without_a_charge_is_charged_at_its_hour() {
    let shop = Shop::at_noon(&[]).await;
    let session = session(&shop, false).await;
    let auth = shop.toss.auth_key("CARD");
    let (_, done) = shop.billing(&session, &auth).await;
    let id = text(&done["result"]["subscriptionId"]);
    // Registered at noon on 31 January, when the hours of charging are over.
    let begun = shop.read_subscription(&id).await;
    let at = text(&begun["nextChargeAt"]);
    assert!(
        at.starts_with("2027-02-01T09:") || at.starts_with("2027-02-01T10:"),
        "{at}"
    );
    assert_eq!(
        (begun["status"].as_str(), shop.toss.done("charge")),
        (Some("active"), 0)
    );
    let paid = shop.next_charge(&id).await;
    assert_eq!(
        (&paid["currentPeriod"]["no"], shop.toss.done("charge")),
        (&1.into(), 1)
    );
    assert_eq!(paid["currentPeriod"]["start"], "2027-01-31");
}
