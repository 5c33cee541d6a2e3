//! What went wrong elsewhere when a request came twice: by a customer's page, by a merchant's server, by a
//! retry of our own.

use serde_json::json;
use toss_sandbox::{Endpoint, Fault};

use super::{DAY, declined, monthly};
use crate::support::{CUSTOMER, Shop, text};

/// Row 26: clients that sent their request again were charged two and three times.
#[tokio::test]
async fn the_same_request_again_subscribes_and_charges_once() {
    let shop = Shop::at_noon(&[]).await;
    let card = shop.card().await;
    let path = "/api/subscriptions";
    let first = shop.post_once(path, "signup-1", monthly(&card)).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let again = shop.post_once(path, "signup-1", monthly(&card)).await;
    assert_eq!((again.status, again.replayed()), (201, true));
    assert_eq!(again.body, first.body);
    let mut other = monthly(&card);
    other["amount"]["value"] = json!(1_000);
    assert_eq!(shop.post_once(path, "signup-1", other).await.status, 422);
    assert_eq!(shop.toss.done("charge"), 1);

    let copy = shop.second().await;
    let origins = [shop.backend.origin.as_str(), copy.origin.as_str()];
    let sends = (0..6).map(|n| {
        let url = format!("{}{path}", origins[n % 2]);
        let request = shop.http.post(url).bearer_auth(crate::support::API_KEY);
        let request = request.header("idempotency-key", "signup-2");
        let request = request.json(&monthly(&card));
        tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
    });
    for send in sends.collect::<Vec<_>>() {
        let status = send.await.unwrap();
        assert!(matches!(status, 201 | 409), "{status}");
    }
    assert_eq!(shop.toss.done("charge"), 2);
    let list = shop.read(format!("{path}?customerKey={CUSTOMER}")).await;
    assert_eq!(list.body["subscriptions"].as_array().unwrap().len(), 2);
}

/// Row 26: the page on which a card was registered is loaded again.
#[tokio::test]
async fn a_registration_that_comes_again_begins_one_subscription() {
    let shop = Shop::at_noon(&[]).await;
    let mut plan = crate::support::subscription(true);
    plan["subscribe"] = json!(true);
    let session = shop.create(plan).await;
    let auth = shop.toss.auth_key("CARD");
    let (status, first) = shop.billing(&session, &auth).await;
    assert_eq!(status, 200, "{first}");
    let (status, again) = shop.billing(&session, &auth).await;
    assert_eq!(
        (status, &again["result"]["subscriptionId"]),
        (200, &first["result"]["subscriptionId"])
    );
    assert_eq!((shop.toss.done("issue"), shop.toss.done("charge")), (1, 1));
}

/// A command whose answer was lost with the process is the same command when it comes again, although the
/// subscription is no longer as the caller saw it.
#[tokio::test]
async fn a_command_that_comes_again_after_a_crash_has_its_answer() {
    let mut shop = Shop::at_noon(&[]).await;
    let made = shop.subscribe(|_| ()).await;
    let id = text(&made["id"]);
    let asked = toss_merchant::application::subscriptions::Asked {
        id: toss_merchant::domain::ids::SubscriptionId::new(id.as_str()),
        revision: made["revision"].as_u64(),
        request: Some("k1".to_owned()),
    };
    let cancel = async |shop: &Shop| {
        let services = &shop.state().services;
        let at = toss_merchant::domain::subscription::commands::At::Now;
        let refund = toss_merchant::domain::subscription::state::CancelRefund::Prorated;
        toss_merchant::application::subscriptions::cancel_subscription(services, &asked, at, refund)
            .await
    };
    assert!(cancel(&shop).await.unwrap().is_over());
    // The command answers before its refund is sent when the runner holds the subscription.
    shop.until_done("cancel").await;
    shop.crash_and_restart().await;
    let again = cancel(&shop).await.unwrap();
    assert!(again.is_over());
    assert_eq!(shop.toss.done("cancel"), 1);
    // Another request is another command.
    let (status, _) = shop.command(&id, "cancel", json!({"at": "now"})).await;
    assert_eq!(status, 409);
}

/// Rows 15 and 33: every new attempt has a new key, the same one when it is repeated; Toss gives a refusal
/// again under its key for 15 days.
#[tokio::test]
async fn a_new_attempt_has_a_new_key_and_the_old_one_stays_refused() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    let method = text(&shop.read_subscription(&id).await["paymentMethod"]["id"]);
    shop.toss.next([declined("REJECT_CARD_PAYMENT")]);
    shop.next_charge(&id).await;
    shop.advance_to("2027-03-01T11:00:01+09:00");
    shop.until_subscription(&id, |it| it["status"] == "active")
        .await;
    let seen = shop.toss.seen("charge");
    let keys: Vec<String> = seen
        .iter()
        .map(|it| it.idempotency_key.clone().unwrap())
        .collect();
    assert_eq!(keys.len(), 3);
    assert!(keys[0] != keys[1] && keys[1] != keys[2], "{keys:?}");
    let orders: Vec<&str> = seen
        .iter()
        .map(|it| it.body["orderId"].as_str().unwrap())
        .collect();
    assert!(orders[1].ends_with("-2-1") && orders[2].ends_with("-2-2"));

    let state = shop.state();
    let method = toss_merchant::domain::ids::PaymentMethodId::new(method);
    let method = state.records.payment_method(&method).await.unwrap();
    let billing_key = state.services.billing_key(&method.unwrap()).unwrap();
    let url = format!("{}/v1/billing/{}", shop.toss.url(), billing_key.expose());
    let again = shop
        .http
        .post(url)
        .basic_auth(shop.toss.secret_key(), Some(""))
        .header("Idempotency-Key", &keys[1])
        .json(&seen[1].body)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status().as_u16(), 403);
    let again: serde_json::Value = again.json().await.unwrap();
    assert_eq!(again["code"], "REJECT_CARD_PAYMENT");
    assert_eq!(shop.toss.done("charge"), 2);
}

/// Row 15: the retry of a refund minted a new key, too.
#[tokio::test]
async fn a_refund_whose_answer_is_lost_is_not_made_again() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.advance(DAY * 14);
    shop.toss.next([
        Fault::lost_response(Endpoint::Cancel),
        Fault::error(Endpoint::Lookup, 500).times(2),
    ]);
    let asks = json!({"at": "now", "refund": "prorated"});
    let (status, quote) = shop.command(&id, "cancel/preview", asks.clone()).await;
    assert_eq!(
        (status, quote["refundAmount"]["value"].as_u64()),
        (200, Some(4_950))
    );
    let (status, canceled) = shop.command(&id, "cancel", asks).await;
    assert_eq!(
        (status, &canceled["status"]),
        (200, &json!("canceled")),
        "{canceled}"
    );
    for _ in 0..40 {
        shop.advance(std::time::Duration::from_mins(2));
        let refund = &shop.invoices(&id).await[0]["refunds"][0];
        if refund["status"] == "succeeded" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let refund = shop.invoices(&id).await[0]["refunds"][0].clone();
    assert_eq!(
        (&refund["status"], refund["amount"]["value"].as_u64()),
        (&json!("succeeded"), Some(4_950))
    );
    let keys: std::collections::BTreeSet<_> = shop
        .toss
        .seen("cancel")
        .into_iter()
        .map(|it| it.idempotency_key)
        .collect();
    assert_eq!((keys.len(), shop.toss.done("cancel")), (1, 1));
}

/// Row 35: a payment that was given back in parts until nothing was left.
#[tokio::test]
async fn what_was_given_back_in_parts_is_not_given_back_again_by_a_cancel() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    let invoice = shop.invoices(&id).await.remove(0);
    let payment = text(&invoice["charges"][0]["paymentId"]);
    for (key, amount) in [("r1", 4_900), ("r2", 5_000)] {
        let body = json!({"amount": {"value": amount, "currency": "KRW"}, "reason": "부분 환불"});
        let path = format!("/api/payments/{payment}/refunds");
        let refund = shop.post_once(&path, key, body).await;
        assert_eq!(refund.status, 201, "{}", refund.body);
    }
    let read = shop.read(format!("/api/payments/{payment}")).await.body;
    assert_eq!(
        (&read["status"], read["balance"].as_u64()),
        (&json!("canceled"), Some(0))
    );
    let now = json!({"at": "now", "refund": "prorated"});
    let (status, preview) = shop.command(&id, "cancel/preview", now.clone()).await;
    assert_eq!(status, 200, "{preview}");
    assert_eq!(preview["refundAmount"]["value"], json!(0));
    let (status, canceled) = shop.command(&id, "cancel", now).await;
    assert_eq!((status, &canceled["status"]), (200, &json!("canceled")));
    assert!(canceled["needsAttention"].is_null(), "{canceled}");
    assert_eq!(shop.toss.done("cancel"), 2);
    let invoice = shop.invoices(&id).await.remove(0);
    assert_eq!(invoice["refunds"].as_array().unwrap().len(), 2);
}
