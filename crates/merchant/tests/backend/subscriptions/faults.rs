//! What Toss, the merchant's settings or the customer get wrong, and what must not follow from it.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};
use toss_merchant::domain::ids::{ShopId, SubscriptionId};
use toss_sandbox::{Endpoint, Fault};

use super::monthly;
use crate::{
    operator::good,
    support::{CUSTOMER, Shop, text},
};

pub(super) async fn execute(shop: &Shop, sql: &str) {
    let database = Database::connect(shop.database.url()).await.unwrap();
    database.execute_unprepared(sql).await.unwrap();
    database.close().await.unwrap();
}

/// Waits until the newest invoice is as wanted.
async fn until_invoice(shop: &Shop, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..400 {
        if let Some(newest) = shop.invoices(id).await.into_iter().next()
            && wanted(&newest)
        {
            return newest;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never: {:?}", shop.invoices(id).await);
}

/// Toss carries out the last charge all the same that it has refused for a fault.
async fn goes_through(shop: &Shop, id: &str) {
    let asked = shop.toss.seen("charge").pop().unwrap().body;
    carried_out(shop, id, asked).await;
}

async fn carried_out(shop: &Shop, id: &str, mut asked: Value) {
    // The log of requests shows no customer.
    asked["customerKey"] = json!(CUSTOMER);
    let records = &shop.state().subscriptions;
    let subscription = records.subscription(&SubscriptionId::new(id)).await;
    let method = subscription.unwrap().unwrap().payment_method_id;
    let method = shop.state().records.payment_method(&method).await;
    let key = shop.state().billing_key(&method.unwrap().unwrap()).unwrap();
    let answer = shop
        .http
        .post(format!("{}/v1/billing/{}", shop.toss.url(), key.expose()))
        .basic_auth(shop.toss.secret_key(), Some(""))
        .json(&asked)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
}

impl Shop {
    /// Whether it was told that money is there that should not be.
    async fn is_alarmed(&self) -> bool {
        let alarms = ["payment.surplus", "attention.needed"];
        let events = self.events().await;
        events.iter().any(|name| alarms.contains(&name.as_str()))
    }
}

fn fault() -> Fault {
    Fault::error(Endpoint::Charge, 400).code("PROVIDER_ERROR")
}

/// `PROVIDER_ERROR` is a 400, and the charge may go through all the same.
#[tokio::test]
async fn a_fault_that_was_answered_for_a_charge_that_went_through_is_seen_before_the_next_one() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.toss.next([fault()]);
    let at = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    shop.advance_to(&at);
    let refused = until_invoice(&shop, &id, |it| it["charges"][0]["status"] == "declined").await;
    assert_eq!(refused["charges"][0]["class"], "transient");
    goes_through(&shop, &id).await;
    shop.advance(Duration::from_mins(11));
    let renewed = shop
        .until_subscription(&id, |it| {
            it["currentPeriod"]["no"] == 2 && it["owedAmount"].is_null()
        })
        .await;
    assert_eq!(
        (renewed["status"].as_str(), shop.toss.done("charge")),
        (Some("active"), 2),
        "{renewed}"
    );
    assert_eq!(shop.told(&id).await.last().unwrap(), "subscription.renewed");
    // The won has its place: nobody is alarmed.
    let paid = &shop.invoices(&id).await[0];
    assert_eq!(
        (&paid["status"], &paid["charges"][0]["status"]),
        (&json!("paid"), &json!("succeeded"))
    );
    assert_eq!(paid["charges"].as_array().unwrap().len(), 1, "{paid}");
    let order = text(&paid["charges"][0]["orderId"]);
    assert_eq!(shop.payment(&order).await.needs_attention, None);
    assert!(!shop.is_alarmed().await, "{:?}", shop.events().await);
}

/// Nobody looks at the first charge any more once the second one has paid; a webhook tells of it.
#[tokio::test]
async fn a_charge_that_goes_through_after_the_next_one_has_paid_is_surplus() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.toss.next([fault()]);
    let at = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    shop.advance_to(&at);
    until_invoice(&shop, &id, |it| it["charges"][0]["status"] == "declined").await;
    shop.until_nothing_is_under_way().await;
    let first = shop.toss.seen("charge").pop().unwrap().body;
    shop.advance(Duration::from_mins(11));
    let paid = until_invoice(&shop, &id, |it| it["status"] == "paid").await;
    assert_eq!(paid["charges"].as_array().unwrap().len(), 2, "{paid}");
    assert!(!shop.is_alarmed().await);

    let order = text(&first["orderId"]);
    carried_out(&shop, &id, first).await;
    let hook = json!({
        "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2027-02-28T12:00:00.000000",
        "data": {"orderId": order, "status": "DONE", "secret": null},
    });
    assert_eq!(shop.webhook_raw("w1", &hook).await, 200);
    let surplus = shop
        .until_payment(&order, |payment| payment.balance == 9_900)
        .await;
    assert!(surplus.needs_attention.unwrap().contains("all the same"));
    assert!(shop.is_alarmed().await, "{:?}", shop.events().await);
    let charges = &shop.invoices(&id).await[0]["charges"];
    assert_eq!(
        (&charges[1]["status"], &charges[0]["status"]),
        (&json!("surplus"), &json!("succeeded"))
    );
}

/// An operator has mended what an invoice was held for, and does not wait for its next hour.
#[tokio::test]
async fn what_was_held_is_charged_as_soon_as_an_operator_says_that_it_is_mended() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    let wrong = || Fault::error(Endpoint::Charge, 403).code("NOT_MATCHES_CUSTOMER_KEY");
    shop.toss.next([wrong(), wrong()]);
    let at = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    shop.advance_to(&at);
    until_invoice(&shop, &id, |it| it["status"] == "held").await;
    let resume = ["subscriptions", "resume", &id, "--reason", "키를 고쳤음"];
    // It was not mended: it is held again, and listed again.
    good(&shop, &resume).await;
    until_invoice(&shop, &id, |it| {
        it["status"] == "held" && it["charges"].as_array().unwrap().len() == 2
    })
    .await;
    let list = ["subscriptions", "list", "--needs-attention"];
    for _ in 0..400 {
        if good(&shop, &list).await.contains(&id) {
            break;
        }
    }
    good(&shop, &resume).await;
    let paid = until_invoice(&shop, &id, |it| it["status"] == "paid").await;
    assert_eq!(paid["charges"][0]["trigger"], "operator");
    assert_eq!(good(&shop, &list).await, "");
    assert_eq!(shop.told(&id).await.last().unwrap(), "subscription.renewed");
}

/// An operator who has mended the settings does not wait for the next charge that finds it out; one who has not
/// causes one charge, and not everybody's.
#[tokio::test]
async fn an_operators_word_is_tried_while_the_charges_of_the_shop_are_stopped() {
    const MANY: usize = 8;
    let shop = Shop::at_noon(&[]).await;
    let card = shop.card().await;
    let mut ids = Vec::new();
    for _ in 0..MANY {
        let body = Some(monthly(&card));
        let (status, made) = shop.ask("POST", "/api/subscriptions", body).await;
        assert_eq!(status, 201, "{made}");
        ids.push(text(&made["id"]));
    }
    shop.until_nothing_is_under_way().await;
    let wrong = Fault::error(Endpoint::Charge, 403).code("NOT_MATCHES_CUSTOMER_KEY");
    shop.toss.next([wrong.times(1_000)]);
    shop.advance_to("2027-02-28T11:30:00+09:00");
    let shop_id = ShopId::new("shop_default");
    let stopped = async || {
        let charges = shop.state().subscriptions.charge_stop(&shop_id).await;
        charges.unwrap().until.is_some()
    };
    for _ in 0..400 {
        if stopped().await {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(stopped().await);
    shop.until_nothing_is_under_way().await;
    let list = ["subscriptions", "list", "--needs-attention"];
    let listed = good(&shop, &list).await;
    let held = ids.iter().find(|id| listed.contains(id.as_str())).unwrap();
    let charges = async || {
        let newest = shop.invoices(held).await.remove(0);
        newest["charges"].as_array().unwrap().len()
    };
    let (before, sent) = (charges().await, shop.toss.seen("charge").len());

    // The next charge that finds it out by itself comes after a quarter of an hour.
    shop.advance(Duration::from_mins(1));
    let resume = ["subscriptions", "resume", held, "--reason", "키를 고쳤음"];
    good(&shop, &resume).await;
    until_invoice(&shop, held, |it| {
        it["charges"].as_array().unwrap().len() == before + 1 && it["status"] == "held"
    })
    .await;
    shop.until_nothing_is_under_way().await;
    assert_eq!(shop.toss.seen("charge").len(), sent + 1, "of one alone");
    assert!(stopped().await);

    shop.toss.clear_faults();
    shop.advance(Duration::from_mins(1));
    good(&shop, &resume).await;
    let paid = until_invoice(&shop, held, |it| it["status"] == "paid").await;
    assert_eq!(paid["charges"][0]["trigger"], "operator");
    // All the others go on by that, and by nothing else.
    for id in &ids {
        shop.until_subscription(id, |it| {
            it["currentPeriod"]["no"] == 2 && it["owedAmount"].is_null()
        })
        .await;
    }
    assert!(!stopped().await);
    assert_eq!(good(&shop, &list).await, "");
    assert_eq!(shop.toss.done("charge"), 2 * MANY);
}

/// The charge that finds out whether the settings are right was carried out, and its answer was lost.
#[tokio::test]
async fn a_stop_ends_with_a_charge_whose_outcome_is_learnt_later() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.until_nothing_is_under_way().await;
    shop.toss
        .next([Fault::error(Endpoint::Charge, 403).code("NOT_MATCHES_CUSTOMER_KEY")]);
    shop.advance_to("2027-02-28T11:30:00+09:00");
    until_invoice(&shop, &id, |it| it["status"] == "held").await;
    shop.until_nothing_is_under_way().await;
    shop.advance(Duration::from_mins(1));
    let (shop_id, now) = (ShopId::new("shop_default"), shop.state().now());
    let records = &shop.state().subscriptions;
    let until = Some(now.plus(Duration::from_mins(15)));
    let stopped = records.stop_charges(&shop_id, None, until, now).await;
    assert!(stopped.unwrap());
    // Nor do the look-ups that follow it have an answer.
    shop.toss.next([
        Fault::lost_response(Endpoint::Charge),
        Fault::error(Endpoint::Lookup, 500).times(1_000),
    ]);
    let resume = ["subscriptions", "resume", &id, "--reason", "키를 고쳤음"];
    good(&shop, &resume).await;
    until_invoice(&shop, &id, |it| it["charges"][0]["status"] == "unknown").await;
    shop.toss.clear_faults();
    shop.advance(Duration::from_mins(1));
    until_invoice(&shop, &id, |it| {
        it["periodNo"] == 2 && it["status"] == "paid"
    })
    .await;
    for _ in 0..400 {
        if records.charge_stop(&shop_id).await.unwrap().until.is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("charges stay stopped");
}

/// A change does not happen when its charge is refused, so no next charge would ever look at it.
#[tokio::test]
async fn a_charge_that_goes_through_after_its_change_has_failed_is_told() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.toss.next([fault()]);
    let body = json!({
        "amount": {"value": 19_900, "currency": "KRW"}, "when": "now", "proration": "charge",
        "consent": {"textVersion": "1", "text": "매월 19,900원을 결제하는 데 동의합니다.", "channel": "web"},
    });
    let (status, same) = shop.command(&id, "change", body).await;
    assert_eq!((status, &same["amount"]["value"]), (200, &json!(9_900)));
    assert_eq!(
        shop.told(&id).await.last().unwrap(),
        "subscription.change_failed"
    );
    goes_through(&shop, &id).await;
    shop.advance(Duration::from_mins(2));
    let order = text(&shop.invoices(&id).await[0]["charges"][0]["orderId"]);
    let there = shop
        .until_payment(&order, |payment| payment.needs_attention.is_some())
        .await;
    assert_eq!(there.status.as_str(), "paid");
    assert!(shop.is_alarmed().await);
}

/// The customer does not wait for the next try.
#[tokio::test]
async fn a_customer_who_pays_at_once_after_a_fault_is_not_charged_twice() {
    let shop = Shop::at_noon(&[]).await;
    shop.toss.next([fault()]);
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    let (status, waits) = shop.command(&id, "charge", json!({})).await;
    assert_eq!(
        (status, waits["status"].as_str()),
        (200, Some("incomplete"))
    );
    goes_through(&shop, &id).await;
    shop.advance(Duration::from_mins(2));
    shop.until_subscription(&id, |it| it["status"] == "active")
        .await;
    assert_eq!(shop.toss.done("charge"), 1);
    assert!(!shop.is_alarmed().await, "{:?}", shop.events().await);
}

#[tokio::test]
async fn a_refund_that_toss_refuses_later_is_told() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.toss.next([
        Fault::error(Endpoint::Cancel, 500),
        Fault::error(Endpoint::Cancel, 403).code("NOT_CANCELABLE_PAYMENT"),
    ]);
    let body = json!({"at": "now", "refund": "prorated"});
    let (status, canceled) = shop.command(&id, "cancel", body).await;
    assert_eq!(
        (status, canceled["status"].as_str()),
        (200, Some("canceled")),
        "{canceled}"
    );
    let told = shop.told(&id).await;
    assert_eq!(told.last().unwrap(), "subscription.canceled");
    for _ in 0..10 {
        shop.advance(Duration::from_mins(2));
        // A clock that moves on ends the leases of whoever is at work.
        for _ in 0..40 {
            if shop.told(&id).await.last().unwrap() == "attention.needed" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    panic!("never: {:?}", shop.told(&id).await);
}

#[tokio::test]
async fn a_billing_key_that_cannot_be_opened_is_found_before_anything_is_written() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    execute(
        &shop,
        "UPDATE payment_methods SET sealed_key = '!' || sealed_key",
    )
    .await;
    let at = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    shop.advance_to(&at);
    let held = until_invoice(&shop, &id, |it| it["status"] == "held").await;
    assert_eq!(held["charges"], json!([]));
    let it = shop.read_subscription(&id).await;
    assert_eq!(
        (it["status"].as_str(), it["entitled"].as_bool()),
        (Some("active"), Some(true)),
        "{it}"
    );
    assert_eq!(shop.told(&id).await.last().unwrap(), "invoice.held");
    // An operator who was wrong about it finds it on the list again.
    let resume = ["subscriptions", "resume", &id, "--reason", "키를 넣었음"];
    good(&shop, &resume).await;
    let list = ["subscriptions", "list", "--needs-attention"];
    while !good(&shop, &list).await.contains(&id) {
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let it = shop.read_subscription(&id).await;
    execute(
        &shop,
        "UPDATE payment_methods SET sealed_key = substr(sealed_key, 2)",
    )
    .await;
    let at = text(&it["nextChargeAt"]);
    shop.advance_to(&at);
    shop.until_subscription(&id, |it| it["owedAmount"].is_null())
        .await;
    assert_eq!(shop.toss.done("charge"), 2);
}

/// After an outage those whose own `customerKey` is wrong kept the shop stopped.
#[tokio::test]
async fn customers_who_are_refused_again_stop_nobody_else() {
    let shop = Shop::at_noon(&[]).await;
    let card = shop.card().await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        let (_, made) = shop
            .ask("POST", "/api/subscriptions", Some(monthly(&card)))
            .await;
        ids.push(text(&made["id"]));
    }
    let wrong = || {
        Fault::error(Endpoint::Charge, 403)
            .code("NOT_MATCHES_CUSTOMER_KEY")
            .times(1_000)
    };
    shop.toss.next([wrong()]);
    shop.advance_to("2027-02-28T11:30:00+09:00");
    let records = Arc::clone(&shop.state().subscriptions);
    let shop_id = ShopId::new("shop_default");
    // One after the other is tried and held.
    for id in &ids {
        for _ in 0..400 {
            let newest = shop.invoices(id).await.remove(0);
            if newest["status"] == "held" {
                break;
            }
            let halted = records.charge_stop(&shop_id).await.unwrap();
            if halted.until.is_some_and(|until| until > shop.state().now()) {
                shop.until_nothing_is_under_way().await;
                shop.advance(Duration::from_mins(15));
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
    assert!(records.charge_stop(&shop_id).await.unwrap().until.is_some());

    // The settings are right, and five are refused again.
    shop.until_nothing_is_under_way().await;
    shop.toss.clear_faults();
    shop.toss.next([Fault::delay(Endpoint::Charge, 1), wrong()]);
    let sent = shop.toss.seen("charge").len();
    shop.advance(Duration::from_mins(16));
    let seen = || shop.toss.seen("charge").len();
    for _ in 0..60 {
        // What is due now is charged before time goes on: a charge that is held waits for its next hour.
        let before = seen();
        for _ in 0..40 {
            shop.until_nothing_is_under_way().await;
            if seen() > before {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        if seen() >= sent + 6 {
            break;
        }
        shop.advance(Duration::from_mins(1));
    }
    assert_eq!(shop.toss.seen("charge").len(), sent + 6);
    shop.toss.clear_faults();
    let (_, made) = shop
        .ask("POST", "/api/subscriptions", Some(monthly(&card)))
        .await;
    assert_eq!(made["status"], "active", "{made}");
}

#[tokio::test]
async fn what_toss_would_refuse_is_refused_before_a_subscription_is_made() {
    let shop = Shop::at_noon(&[]).await;
    let card = shop.card().await;
    for (path, value) in [
        ("/customer", json!({"name": "김토스", "email": "nobody"})),
        ("/customer", json!({"mobilePhone": "010-1234-5678"})),
        (
            "/phases",
            json!([{"amount": 10_000_000_000_000_000_u64, "periods": 1}]),
        ),
    ] {
        let mut body = monthly(&card);
        body[&path[1..]] = value;
        let (status, answer) = shop.ask("POST", "/api/subscriptions", Some(body)).await;
        assert_eq!(status, 400, "{path}: {answer}");
    }
    assert_eq!(shop.toss.done("charge"), 0);
}

#[tokio::test]
async fn consents_of_one_customer_at_the_same_moment_are_all_kept() {
    let shop = Arc::new(Shop::at_noon(&[]).await);
    let mut asked = Vec::new();
    for _ in 0..6 {
        let made = shop
            .subscribe(|body| {
                body["startCharging"] = json!("anchor");
                body["trialEnd"] = json!("2027-02-14T23:59:59+09:00");
            })
            .await;
        asked.push((
            text(&made["id"]),
            made["consentNeeded"]["effectiveAt"].clone(),
        ));
    }
    let given = asked.into_iter().map(|(id, at)| {
        let shop = Arc::clone(&shop);
        let body = json!({
            "kind": "trial_conversion", "effectiveAt": at, "textVersion": "1",
            "text": "무료 이용이 끝나면 매월 9,900원을 결제하는 데 동의합니다.", "channel": "web",
        });
        tokio::spawn(async move { shop.command(&id, "consents", body).await })
    });
    for given in given.collect::<Vec<_>>() {
        let (status, answer) = given.await.unwrap();
        assert_eq!(status, 200, "{answer}");
    }
    let path = format!("/api/customers/{CUSTOMER}/consents");
    let (_, evidence) = shop.ask("GET", &path, None).await;
    assert_eq!(evidence["chainIsWhole"], true);
    assert_eq!(evidence["consents"].as_array().unwrap().len(), 6);
}
