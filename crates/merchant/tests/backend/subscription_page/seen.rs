//! What the customer was shown holds until something changes that they decide by.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    subscriptions::{DAY, declined},
    support::{Shop, text},
};

impl Shop {
    /// Asks for something of a subscription as it was seen then. Links are good for half an hour, so it is a
    /// new one.
    async fn press_as_seen(&self, seen: &Value, what: &str, mut body: Value) -> (u16, Value) {
        body["revision"] = seen["revision"].clone();
        let path = format!("/subscriptions/{}/{what}", text(&seen["id"]));
        self.as_customer(&self.token().await, &path, Some(body))
            .await
    }

    async fn until_told(&self, id: &str, kind: &str, number: usize) {
        for _ in 0..400 {
            let told = self.told(id).await;
            if told.iter().filter(|it| *it == kind).count() >= number {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!(
            "{kind} was not told {number} times: {:?}",
            self.told(id).await
        );
    }
}

#[tokio::test]
async fn a_notice_that_comes_due_does_not_send_away_who_agrees() {
    let shop = Shop::at_noon(&[]).await;
    let made = shop
        .subscribe(|body| {
            body["startCharging"] = json!("anchor");
            body["trialEnd"] = json!("2027-02-14T23:59:59+09:00");
        })
        .await;
    let id = text(&made["id"]);
    shop.until_told(&id, "notice.due", 1).await;
    let seen = shop.seen(&shop.token().await).await;
    shop.advance_to("2027-02-08T12:00:00+09:00");
    shop.until_told(&id, "notice.due", 2).await;
    let now = shop.read_subscription(&id).await;
    assert!(now["revision"].as_u64() > seen["revision"].as_u64());
    let answer = json!({"consent": seen["consent"]["ko"]});
    let (status, agreed) = shop.press_as_seen(&seen, "consents", answer).await;
    assert_eq!(status, 200, "{agreed}");
    assert!(agreed["consent"].is_null());
}

#[tokio::test]
async fn a_charge_that_finds_no_consent_does_not_send_away_who_agrees_on_the_day() {
    let shop = Shop::at_noon(&[]).await;
    let made = shop
        .subscribe(|body| body["phases"] = json!([{"amount": 4_900, "periods": 1}]))
        .await;
    let id = text(&made["id"]);
    let seen = shop.seen(&shop.token().await).await;
    let needed = shop.read_subscription(&id).await["consentNeeded"].clone();
    shop.advance_to(&text(&made["nextChargeAt"]));
    shop.until_subscription(&id, |it| it["status"] == "awaiting_consent")
        .await;
    // The merchant's own page, too: what it was shown is of the day.
    shop.advance(Duration::from_mins(1));
    let another_day = json!({
        "kind": needed["kind"], "effectiveAt": "2027-03-01T09:00:00+09:00", "textVersion": "1",
        "text": "동의합니다", "channel": "web",
    });
    let (status, refused) = shop.command(&id, "consents", another_day).await;
    assert_eq!(status, 409, "{refused}");
    let answer = json!({"consent": seen["consent"]["en"]});
    let (status, agreed) = shop.press_as_seen(&seen, "consents", answer).await;
    assert_eq!(status, 200, "{agreed}");
    shop.until_subscription(&id, |it| it["lastPaidAmount"]["value"] == 9_900)
        .await;
}

#[tokio::test]
async fn dunning_does_not_send_away_who_pays() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.overdue(&id, "REJECT_CARD_PAYMENT").await;
    let seen = shop.seen(&shop.token().await).await;
    shop.toss.next([declined("REJECT_CARD_PAYMENT")]);
    shop.next_charge(&id).await;
    shop.toss.next([declined("INVALID_REJECT_CARD")]);
    let at = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    shop.advance_to(&at);
    // Access ends a week after the first refusal.
    shop.until_subscription(&id, |it| it["nextChargeAt"].is_null())
        .await;
    shop.advance(DAY * 7);
    shop.until_told(&id, "subscription.access_ended", 1).await;
    let (status, paid) = shop.press_as_seen(&seen, "charge", json!({})).await;
    assert_eq!(status, 200, "{paid}");
    shop.until_subscription(&id, |it| it["status"] == "active")
        .await;
}

#[tokio::test]
async fn what_a_person_decides_by_is_shown_before_it_is_decided() {
    let shop = Shop::at_noon(&[]).await;
    let made = shop.subscribe(|_| ()).await;
    let id = text(&made["id"]);
    let seen = shop.seen(&shop.token().await).await;
    shop.next_charge(&id).await;
    let at_the_end = json!({"at": "period_end"});
    let (status, refused) = shop
        .press_as_seen(&seen, "cancel", at_the_end.clone())
        .await;
    assert_eq!(
        (status, refused["code"].as_str()),
        (412, Some("CHECKOUT_REVISION_MISMATCH")),
        "another month is paid"
    );
    let seen = shop.seen(&shop.token().await).await;
    let dearer = json!({"amount": {"value": 12_900, "currency": "KRW"}, "when": "next_period"});
    let (status, changed) = shop.command(&id, "change", dearer).await;
    assert_eq!(status, 200, "{changed}");
    let (status, _) = shop
        .press_as_seen(&seen, "cancel", at_the_end.clone())
        .await;
    assert_eq!(status, 412, "it costs another price");

    // The merchant's server by If-Match, likewise: a notice is no change, and a cancel is.
    shop.advance(DAY * 3);
    shop.until_told(&id, "notice.due", 1).await;
    let path = format!("/api/subscriptions/{id}/cancel");
    let cancel = async |revision: &Value, at: &str| {
        let call = shop.call(Method::POST, path.as_str());
        let call = call.header("if-match", &revision.to_string());
        call.body(json!({"at": at})).send().await.status
    };
    assert_eq!(cancel(&changed["revision"], "period_end").await, 200);
    assert_eq!(cancel(&changed["revision"], "now").await, 412);
}
