//! A registration that begins a subscription.

use std::time::Duration;

use serde_json::{Value, json};
use toss_merchant::config::Timing;
use toss_sandbox::{Endpoint, Fault};

use crate::support::{Session, Shop, quick, subscription, text};

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

/// A shop in which nothing is done because a job looks for work: only what somebody is told of.
async fn without_looking() -> Shop {
    let timing = Timing {
        confirm: Duration::from_secs(6),
        charge: Duration::from_secs(6),
        tick: Duration::from_hours(1),
        ..quick()
    };
    Shop::at_noon_with(&[], timing).await
}

/// The subscription as the merchant's server reads it when the registration was answered.
async fn at_the_answer(shop: &Shop) -> Value {
    let session = session(shop, true).await;
    let auth = shop.toss.auth_key("CARD");
    let (status, done) = shop.billing(&session, &auth).await;
    assert_eq!(status, 200, "{done}");
    let id = text(&done["result"]["subscriptionId"]);
    shop.read_subscription(&id).await
}

#[tokio::test]
async fn a_subscription_stands_as_its_first_charge_left_it_when_the_registration_is_answered() {
    let shop = without_looking().await;
    let paid = at_the_answer(&shop).await;
    assert_eq!(paid["status"], "active");
    assert_eq!(paid["entitled"], true);
    assert_eq!(paid["lastPaidAmount"]["value"], 4_900);

    shop.toss
        .next([Fault::error(Endpoint::Charge, 403).code("REJECT_CARD_PAYMENT")]);
    let refused = at_the_answer(&shop).await;
    assert_eq!(refused["status"], "incomplete");
    assert_eq!(refused["owedAmount"]["value"], 4_900);
}

/// A card is deleted: its subscription asks for another at once.
#[tokio::test]
async fn what_a_change_makes_due_is_not_waited_for() {
    let shop = without_looking().await;
    let begun = at_the_answer(&shop).await;
    let id = text(&begun["id"]);
    let card = text(&begun["paymentMethod"]["id"]);
    let path = format!("/api/payment-methods/{card}");
    let deleted = shop.call(reqwest::Method::DELETE, path).send().await;
    assert!(matches!(deleted.status, 200 | 202), "{deleted:?}");
    for _ in 0..400 {
        let told = shop.told(&id).await;
        if told
            .iter()
            .any(|kind| kind == "payment_method.action_required")
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("nobody asked for another card: {:?}", shop.told(&id).await);
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
