//! What went wrong elsewhere in operation: zones, keys, contracts, and programs that died unnoticed.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use toss_merchant::{
    application::{
        change::{Change, Committed, SubscriptionChange},
        ports::{DueWork as _, Queue, Records as _},
    },
    domain::{
        ids::{PaymentMethodId, ShopId, SubscriptionId},
        subscription::{
            calendar::{Interval, Unit},
            create::{Draft, Start, create},
            rules::SubscriptionRules,
        },
        time::Millis,
    },
    store::Store,
};

use super::{DAY, NOON, monthly};
use crate::support::{
    CUSTOMER, Shop,
    program::Program,
    text,
    toss::{BILLING_CLIENT_KEY, BILLING_SECRET_KEY},
};

/// What is the same for everybody who asks the same of Toss.
async fn ledger(shop: &Shop, id: &str) -> Vec<Value> {
    let invoices = shop.invoices(id).await;
    let of = |invoice: &Value| {
        let charges: Vec<_> = invoice["charges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|charge| json!([charge["orderId"], charge["status"], charge["approvedAt"]]))
            .collect();
        json!([
            invoice["periodNo"],
            invoice["periodStart"],
            invoice["periodEnd"],
            invoice["status"],
            charges
        ])
    };
    invoices.iter().map(of).collect()
}

async fn three_months_in(zone: &str) -> (Vec<Value>, String) {
    let mut shop = Shop::at_noon(&[]).await;
    let plan = monthly(&shop.card().await);
    // The same key, so the same name and the same minute in all zones.
    let made = shop.post_once("/api/subscriptions", "zone", plan).await;
    let id = text(&made.body["id"]);
    shop.until_subscription(&id, |it| it["status"] == "active")
        .await;
    shop.crash();
    let program = Program::launch(shop.program().env("TZ", zone)).await;
    shop.backend.origin = program.origin();
    for _ in 0..3 {
        shop.next_charge(&id).await;
        shop.until_subscription(&id, |it| it["owedAmount"].is_null())
            .await;
    }
    let next = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    (ledger(&shop, &id).await, next)
}

/// Row 5: loops and double invoices around zones and daylight saving time, which Juneau begins on 14 March.
#[tokio::test]
async fn the_servers_time_zone_changes_nothing() {
    let (utc, seoul, juneau) = tokio::join!(
        three_months_in("UTC"),
        three_months_in("Asia/Seoul"),
        three_months_in("America/Juneau"),
    );
    assert_eq!(utc.0.len(), 4);
    let start = |ledger: &(Vec<Value>, String)| ledger.0[0][1].clone();
    assert_eq!(start(&utc), "2027-04-30");
    assert_eq!(dates(&utc), dates(&seoul));
    assert_eq!(dates(&utc), dates(&juneau));
}

/// Without the seconds, which a program needs to find that something is due.
fn dates((ledger, next): &(Vec<Value>, String)) -> (Vec<Value>, String) {
    let mut ledger = ledger.clone();
    for charge in ledger
        .iter_mut()
        .flat_map(|row| row[4].as_array_mut().unwrap())
    {
        let approved = text(&charge[2]);
        charge[2] = json!(approved[..13]);
    }
    (ledger, next.clone())
}

/// Row 21: thousands of rows stayed "running" for ever after their worker was killed.
#[tokio::test]
async fn what_a_killed_worker_held_is_due_again_after_one_lease() {
    const MANY: u64 = 1_000;
    let shop = Shop::at_noon(&[]).await;
    let store = Store::open(shop.database.url(), Millis(NOON))
        .await
        .unwrap();
    let rules = SubscriptionRules::default();
    for n in 0..MANY {
        let draft = Draft {
            id: SubscriptionId::new(format!("sub_{n}")),
            // Nobody works on another shop's rows here.
            shop_id: ShopId::new("shop_default"),
            customer_key: CUSTOMER.parse().unwrap(),
            payment_method_id: PaymentMethodId::new("pm_1"),
            minimum: 100,
            order_name: "구독".to_owned(),
            customer: toss_checkout_contract::Customer::default(),
            price: 9_900,
            interval: Interval {
                unit: Unit::Month,
                count: 1,
            },
            phases: Vec::new(),
            anchor: Some("2027-03-31".parse().unwrap()),
            trial_end: None,
            start: Start::Anchor,
        };
        let mut subscription = create(draft, &rules, Millis(NOON)).unwrap();
        // Not due for the backend that runs here.
        subscription.work.next_action_at = Some(Millis(NOON).plus(DAY * 50));
        let change = Change {
            subscribing: Some(Box::new(SubscriptionChange {
                new_subscription: Some(subscription),
                ..SubscriptionChange::default()
            })),
            ..Change::default()
        };
        assert_eq!(
            store.commit(change, Millis(NOON)).await.unwrap(),
            Committed::Done
        );
    }
    let lease = Duration::from_mins(2);
    let due = Millis(NOON).plus(DAY * 51);
    let claim = async |at: Millis| -> BTreeSet<String> {
        let claimed = store.claim(Queue::Subscriptions, at, lease, 2 * MANY, None);
        claimed.await.unwrap().into_iter().map(|it| it.id).collect()
    };
    let many = usize::try_from(MANY).unwrap();
    assert_eq!(claim(due).await.len(), many);
    assert!(claim(due).await.is_empty());
    let ended = due.plus(lease);
    assert_eq!(claim(ended).await.len(), many, "all of them at once");
    store.close().await.unwrap();
}

/// Row 29: a billing key is charged with the pair of its own merchant id, whatever else the shop has.
#[tokio::test]
async fn a_card_of_the_billing_contract_is_charged_with_its_own_keys() {
    let client = format!("--toss-billing-client-key={BILLING_CLIENT_KEY}");
    let secret = format!("--toss-billing-secret-key={BILLING_SECRET_KEY}");
    let shop = Shop::at_noon(&[&client, &secret]).await;
    let mut plan = crate::support::subscription(true);
    plan["subscribe"] = json!(true);
    let session = shop.create(plan).await;
    let auth = crate::shops::auth_key(&shop, BILLING_CLIENT_KEY).await;
    let (status, begun) = shop.billing(&session, &auth).await;
    assert_eq!(status, 200, "{begun}");
    let id = text(&begun["result"]["subscriptionId"]);
    let first = begun["result"]["charge"]["orderId"].clone();
    shop.until_subscription(&id, |it| it["status"] == "active")
        .await;
    shop.next_charge(&id).await;
    shop.until_subscription(&id, |it| it["owedAmount"].is_null())
        .await;
    let second = shop.invoices(&id).await[0]["charges"][0]["orderId"].clone();
    for order in [first, second] {
        assert_eq!(shop.toss.payment_of(&text(&order))["mId"], "billing");
    }
    // And so is what goes back.
    let (status, canceled) = shop
        .command(&id, "cancel", json!({"at": "now", "refund": "prorated"}))
        .await;
    assert_eq!((status, &canceled["status"]), (200, &json!("canceled")));
    assert!(canceled["needsAttention"].is_null(), "{canceled}");
    assert_eq!(shop.toss.done("cancel"), 1);
}

/// Toss tells that a billing key was deleted: nothing is sent to it any more, the customer is asked for
/// another card once, and the next one is charged at once.
#[tokio::test]
async fn a_billing_key_that_is_deleted_at_toss_is_not_charged_and_another_card_is_asked_for() {
    let shop = Shop::at_noon(&[]).await;
    shop.webhooks_on();
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    let method = text(&shop.read_subscription(&id).await["paymentMethod"]["id"]);
    let method = PaymentMethodId::new(method);
    let method = shop.state().records.payment_method(&method).await.unwrap();
    let key = shop.state().services.billing_key(&method.unwrap()).unwrap();
    assert!(shop.toss.delete_billing_key(key.expose()));
    shop.until_subscription(&id, |it| it["paymentMethod"]["status"] == "deleted")
        .await;
    let asks = |told: &[String]| {
        let asks = told
            .iter()
            .filter(|it| *it == "payment_method.action_required");
        asks.count()
    };
    for _ in 0..400 {
        if asks(&shop.told(&id).await) == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    shop.advance_to("2027-02-28T11:00:00+09:00");
    let due = shop
        .until_subscription(&id, |it| it["status"] == "past_due")
        .await;
    assert_eq!(due["owedAmount"]["value"], 9_900);
    assert_eq!(asks(&shop.told(&id).await), 1);
    assert_eq!(shop.toss.seen("charge").len(), 1);
    let card = shop.card().await;
    let body = json!({"paymentMethodId": card});
    let (status, paid) = shop.command(&id, "payment-method", body).await;
    assert_eq!((status, &paid["status"]), (200, &json!("active")), "{paid}");
    assert_eq!(shop.toss.done("charge"), 2);
}
