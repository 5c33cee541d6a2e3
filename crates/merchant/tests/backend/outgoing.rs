//! Events on their way to the merchant's own server, over HTTP.

use std::time::Duration;

use serde_json::Value;

use crate::support::{API_KEY, receiver::Receiver};

#[tokio::test]
async fn the_merchants_server_hears_of_a_deposit_in_order_and_signed() {
    let (receiver, shop) = Receiver::open().await;
    let session = shop.issued().await;
    shop.webhooks_on();
    shop.toss.deposit_for(&session.order_id);
    receiver.until_got(2).await;
    assert_eq!(
        receiver.types(),
        ["payment.waiting_for_deposit", "payment.paid"]
    );
    let (id, paid) = receiver.got().pop().unwrap();
    assert_eq!(paid["id"], id);
    assert_eq!(paid["data"]["orderId"], session.order_id);
    assert_eq!(paid["data"]["balance"], 15_000);
    assert_eq!(paid["data"]["status"], "paid");
}

#[tokio::test]
async fn two_days_down_and_a_crash_in_between_lose_nothing() {
    let (receiver, mut shop) = Receiver::open().await;
    receiver.set_down(true);
    let session = shop.issued().await;
    // Written with the change, so that it is there after a crash at any moment behind it.
    shop.crash_and_restart().await;
    receiver.until_refused(1).await;
    shop.webhooks_on();
    shop.toss.deposit_for(&session.order_id);
    shop.until(&session, "paid").await;
    for _ in 0..8 {
        shop.advance(Duration::from_hours(6));
    }
    // While nobody delivers: a clock that jumps ends the lease of a delivery under way, which is then
    // made twice.
    shop.crash();
    receiver.set_down(false);
    shop.advance(Duration::from_hours(27));
    shop.restart().await;
    receiver.until_got(2).await;
    assert_eq!(
        receiver.types(),
        ["payment.waiting_for_deposit", "payment.paid"]
    );
}

#[tokio::test]
async fn what_was_delivered_is_listed_and_sent_again_with_the_same_id() {
    let (receiver, shop) = Receiver::open().await;
    shop.issued().await;
    receiver.until_got(1).await;
    let events = shop.url("/api/events");
    let refused = shop.http.get(&events).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let ask = || shop.http.get(&events).bearer_auth(API_KEY);
    let mut list = Value::Null;
    for _ in 0..200 {
        list = ask().send().await.unwrap().json().await.unwrap();
        if list["events"][0]["deliveries"][0]["state"] == "delivered" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let event = &list["events"][0];
    assert_eq!(event["deliveries"][0]["state"], "delivered", "{list}");
    let id = event["id"].as_str().unwrap();
    let resend = shop.http.post(format!("{events}/{id}/resend"));
    let answer = resend.bearer_auth(API_KEY).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    receiver.until_got(2).await;
    let got = receiver.got();
    assert_eq!(got[0], got[1]);
}
