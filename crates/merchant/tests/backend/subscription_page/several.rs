//! A page of several subscriptions, which is read with one query for each kind of row.

use serde_json::{Value, json};

use crate::{
    subscriptions::declined,
    support::{CUSTOMER, Shop, text},
};

#[tokio::test]
async fn of_several_subscriptions_each_shows_what_is_its_own() {
    let shop = Shop::at_noon(&[]).await;
    // Paid, with a rise that wants a consent; free; paid once and overdue now; over.
    let rising = shop
        .subscribe(|body| body["phases"] = json!([{"amount": 4_900, "periods": 1}]))
        .await;
    let free = shop
        .subscribe(|body| {
            body["startCharging"] = json!("anchor");
            body["trialEnd"] = json!("2027-03-20T23:59:59+09:00");
        })
        .await;
    let weekly = shop
        .subscribe(|body| body["interval"] = json!({"unit": "week", "count": 1}))
        .await;
    let over = shop.subscribe(|_| ()).await;
    let gone = json!({"at": "now", "refund": "prorated"});
    let (status, canceled) = shop.command(&text(&over["id"]), "cancel", gone).await;
    assert_eq!(status, 200, "{canceled}");
    shop.toss.next([declined("REJECT_CARD_PAYMENT")]);
    shop.advance_to(&text(&weekly["nextChargeAt"]));
    shop.until_subscription(&text(&weekly["id"]), |it| it["status"] == "past_due")
        .await;
    shop.until_nothing_is_under_way().await;

    let token = text(&shop.link(json!({"customerKey": CUSTOMER})).await["token"]);
    let (_, page) = shop.as_customer(&token, "", None).await;
    let page = page["subscriptions"].as_array().unwrap().clone();
    let names: Vec<_> = page.iter().map(|it| &it["id"]).collect();
    // Newest first, and what is over last.
    assert_eq!(
        names,
        [&weekly["id"], &free["id"], &rising["id"], &over["id"]]
    );
    for seen in &page {
        let only = json!({"customerKey": CUSTOMER, "subscriptionId": seen["id"]});
        let alone = text(&shop.link(only).await["token"]);
        assert_eq!(*seen, shop.seen(&alone).await);
    }
    let there =
        |what: &str| -> Vec<bool> { page.iter().map(|it: &Value| it[what].is_object()).collect() };
    assert_eq!(there("owed"), [true, false, false, false]);
    assert_eq!(there("consent"), [false, false, true, false]);
    assert_eq!(there("paymentMethod"), [true; 4]);
    assert_eq!(page[2]["cancel"]["now"]["refund"]["value"], 4_900 * 21 / 28);
}
