//! What customers are told before a charge, and the merchant's word that it reached them.

use std::{fmt::Write as _, sync::Arc, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use toss_merchant::domain::api_key::Scope;

use super::faults::execute;
use crate::{
    caller::Answer,
    support::{API_KEY, CUSTOMER, Shop, text},
};

impl Shop {
    /// A subscription that is free until 14 February, so a consent to its end is asked for at once.
    async fn trial(&self) -> String {
        let trial = |body: &mut Value| {
            body["startCharging"] = json!("anchor");
            body["trialEnd"] = json!("2027-02-14T23:59:59+09:00");
        };
        text(&self.subscribe(trial).await["id"])
    }

    /// The notices of this kind that were told, oldest first.
    async fn until_notices(&self, kind: &str, number: usize) -> Vec<Value> {
        for _ in 0..400 {
            let (_, listed) = self.ask("GET", "/api/events?limit=100", None).await;
            let events = listed["events"].as_array().unwrap().iter();
            let due = events.filter(|event| event["type"] == "notice.due");
            let notices = due.map(|event| event["data"]["notice"].clone());
            let notices: Vec<Value> = notices.filter(|it| it["kind"] == kind).collect();
            if notices.len() >= number {
                return notices;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{number} notices of kind {kind} were never told");
    }

    async fn evidence(&self) -> Value {
        let path = format!("/api/customers/{CUSTOMER}/consents");
        let (status, evidence) = self.ask("GET", &path, None).await;
        assert_eq!(status, 200, "{evidence}");
        evidence
    }

    async fn deliver(&self, notice: &str, key: &str, body: Value) -> Answer {
        let path = format!("/api/notices/{notice}/delivery");
        self.post_once(&path, key, body).await
    }
}

/// A hash as docs/subscriptions.md describes it: of parts, each after its length.
fn described(parts: &[String]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(u64::try_from(part.len()).unwrap().to_be_bytes());
        sha.update(part);
    }
    let mut hex = String::new();
    for byte in sha.finalize() {
        write!(hex, "{byte:02x}").unwrap();
    }
    hex
}

/// The value at a path of the export, as it is hashed; nothing where it is absent.
fn part(of: &Value, path: &str) -> String {
    let value = of.pointer(&format!("/{}", path.replace('.', "/")));
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(number) => number.to_string(),
    }
}

fn terms(of: &Value, which: &str) -> String {
    let part = |path: &str| part(of, &format!("{which}.{path}"));
    let (amount, count) = (part("amount.value"), part("interval.count"));
    format!("{amount}/{count} {}", part("interval.unit"))
}

fn consent_hash(consent: &Value) -> String {
    let part = |path: &str| part(consent, path);
    described(&[
        "consent".to_owned(),
        part("prevHash"),
        part("id"),
        part("subscriptionId"),
        CUSTOMER.to_owned(),
        part("kind"),
        terms(consent, "before"),
        terms(consent, "after"),
        part("effectiveAtMillis"),
        part("textVersion"),
        part("text"),
        part("paymentMethod"),
        part("channel"),
        part("ip"),
        part("userAgent"),
        part("givenAtMillis"),
    ])
}

fn delivery_hash(notice: &Value) -> String {
    let part = |path: &str| part(notice, path);
    described(&[
        "notice-delivery".to_owned(),
        part("delivery.prevHash"),
        part("id"),
        part("subscriptionId"),
        CUSTOMER.to_owned(),
        part("kind"),
        part("priceBefore.value"),
        part("priceAfter.value"),
        part("forAtMillis"),
        part("text.ko"),
        part("text.en"),
        part("dueAtMillis"),
        part("delivery.deliveredAtMillis"),
        part("delivery.channel"),
        part("delivery.reportedAtMillis"),
    ])
}

/// An auditor has the export and the description, and not this program.
#[tokio::test]
async fn the_evidence_can_be_recomputed_by_its_description_alone() {
    let shop = Shop::at_noon(&[]).await;
    let first = shop.trial().await;
    let second = shop.trial().await;
    for notice in shop.until_notices("consent_request", 2).await.iter().rev() {
        let name = text(&notice["id"]);
        let told = shop.deliver(&name, &name, delivered(AT_NOON)).await;
        assert_eq!(told.status, 200, "{told:?}");
    }
    for (id, device) in [
        (first, json!({})),
        (second, json!({"ip": "2001:db8::1", "userAgent": "앱/1.0"})),
    ] {
        let needed = shop.read_subscription(&id).await["consentNeeded"].clone();
        let mut consent = json!({
            "kind": needed["kind"], "effectiveAt": needed["effectiveAt"], "textVersion": "2027-01",
            "text": "매월 9,900원을\n결제하는 데 동의합니다.", "channel": "web",
        });
        let given = consent.as_object_mut().unwrap();
        given.extend(device.as_object().unwrap().clone());
        let (status, agreed) = shop.command(&id, "consents", consent).await;
        assert_eq!(status, 200, "{agreed}");
    }

    let evidence = shop.evidence().await;
    let mut before = "0".repeat(64);
    let consents = evidence["consents"].as_array().unwrap();
    assert_eq!(consents.len(), 2);
    for consent in consents {
        assert_eq!(consent["prevHash"], before.as_str());
        assert_eq!(consent["hash"], consent_hash(consent).as_str());
        before = text(&consent["hash"]);
    }
    let mut before = "0".repeat(64);
    // Reported in the other order than they came due.
    let notices = evidence["notices"].as_array().unwrap();
    assert_eq!(notices.len(), 2);
    for notice in notices.iter().rev() {
        let delivery = &notice["delivery"];
        assert_eq!(delivery["prevHash"], before.as_str());
        assert_eq!(delivery["hash"], delivery_hash(notice).as_str());
        before = text(&delivery["hash"]);
    }
}

fn delivered(at: &str) -> Value {
    json!({"deliveredAt": at, "channel": "alimtalk"})
}

const AT_NOON: &str = "2027-01-31T12:00:00+09:00";

#[tokio::test]
async fn the_delivery_of_a_notice_is_reported_once_and_is_evidence() {
    let mut shop = Shop::at_noon(&[]).await;
    let id = shop.trial().await;
    let first = shop.until_notices("consent_request", 1).await.remove(0);
    let name = text(&first["id"]);
    let evidence = shop.evidence().await;
    let waiting = &evidence["notices"][0];
    assert_eq!(
        (&waiting["id"], &waiting["subscriptionId"], &waiting["text"]),
        (&first["id"], &json!(id), &first["text"])
    );
    assert_eq!(waiting["dueAt"], AT_NOON);
    assert!(waiting.get("delivery").is_none(), "{waiting}");

    let told = shop.deliver(&name, "d1", delivered(AT_NOON)).await;
    assert_eq!(told.status, 200, "{told:?}");
    assert_eq!(
        (&told.body["priceAfter"]["value"], &told.body["forAt"]),
        (&json!(9_900), &first["forAt"])
    );
    let delivery = &told.body["delivery"];
    assert_eq!(
        (&delivery["deliveredAt"], &delivery["channel"]),
        (&json!(AT_NOON), &json!("alimtalk"))
    );
    // An hour later the merchant's server says the same again, with another Idempotency-Key.
    shop.advance(Duration::from_hours(1));
    let again = shop.deliver(&name, "d2", delivered(AT_NOON)).await;
    assert_eq!((again.status, &again.body), (200, &told.body));
    for other in [
        delivered("2027-01-31T12:30:00+09:00"),
        json!({"deliveredAt": AT_NOON, "channel": "sms"}),
    ] {
        let refused = shop.deliver(&name, &other.to_string(), other.clone()).await;
        assert_eq!(refused.status, 409, "{refused:?}");
        assert!(refused.message().contains("by alimtalk"), "{refused:?}");
    }

    // Seven days before, the second; and a consent between the two disturbs neither chain.
    let needed = shop.read_subscription(&id).await["consentNeeded"].clone();
    let consent = json!({
        "kind": needed["kind"], "effectiveAt": needed["effectiveAt"], "textVersion": "1",
        "text": "매월 9,900원을 결제하는 데 동의합니다.", "channel": "web",
    });
    let (status, agreed) = shop.command(&id, "consents", consent).await;
    assert_eq!(status, 200, "{agreed}");
    shop.advance_to("2027-02-08T12:00:00+09:00");
    let second = shop.until_notices("trial_ending", 1).await.remove(0);
    let at = "2027-02-08T12:00:00+09:00";
    let late = shop
        .deliver(&text(&second["id"]), "d3", delivered(at))
        .await;
    assert_eq!(late.status, 200, "{late:?}");

    shop.crash_and_restart().await;
    let evidence = shop.evidence().await;
    assert_eq!(evidence["chainIsWhole"], true);
    assert_eq!(evidence["consents"].as_array().unwrap().len(), 1);
    let notices = evidence["notices"].as_array().unwrap();
    assert_eq!(notices.len(), 2, "{evidence}");
    assert_eq!(notices[0]["delivery"], told.body["delivery"]);
    assert_eq!(
        notices[1]["delivery"]["prevHash"],
        notices[0]["delivery"]["hash"]
    );
    execute(&shop, "UPDATE notice_deliveries SET channel = 'sms'").await;
    assert_eq!(shop.evidence().await["chainIsWhole"], false);
}

#[tokio::test]
async fn a_delivery_that_cannot_be_true_or_comes_from_nobody_is_refused() {
    let shop = Shop::at_noon(&[]).await;
    shop.trial().await;
    let notice = shop.until_notices("consent_request", 1).await.remove(0);
    let name = text(&notice["id"]);
    let path = format!("/api/notices/{name}/delivery");

    let unknown = shop.deliver("ntc_unknown", "u", delivered(AT_NOON)).await;
    assert_eq!(
        (unknown.status, unknown.code()),
        (404, "CHECKOUT_NOT_FOUND")
    );
    for (body, why) in [
        (json!({"channel": "sms"}), "deliveredAt"),
        (json!({"deliveredAt": AT_NOON}), "channel"),
        (json!({"deliveredAt": AT_NOON, "channel": " "}), "channel"),
        (
            delivered("yesterday"),
            "deliveredAt: 'yesterday' is no moment",
        ),
        (delivered("2027-01-31T12:02:00+09:00"), "lies ahead"),
        (delivered("2027-01-30T12:00:00+09:00"), "came due at"),
        (
            json!({"deliveredAt": AT_NOON, "chanel": "sms", "channel": "sms"}),
            "chanel is not a field",
        ),
    ] {
        let refused = shop.deliver(&name, &body.to_string(), body.clone()).await;
        assert_eq!(refused.status, 400, "{body} {refused:?}");
        assert!(refused.message().contains(why), "{body} {refused:?}");
    }

    let keys = &shop.state().api_keys;
    let (_, reader) = keys.create("reports", &[Scope::Read], None).await.unwrap();
    for (key, status) in [(reader.expose(), 403), ("mk_nobody", 401)] {
        let call = shop.call(Method::POST, path.as_str()).with_key(key);
        let refused = call.body(delivered(AT_NOON)).send().await;
        assert_eq!(refused.status, status, "{refused:?}");
    }
    let evidence = shop.evidence().await;
    assert!(evidence["notices"][0].get("delivery").is_none());
}

#[tokio::test]
async fn deliveries_that_are_reported_at_once_are_one_chain() {
    let shop = Arc::new(Shop::at_noon(&[]).await);
    for _ in 0..3 {
        shop.trial().await;
    }
    let notices = shop.until_notices("consent_request", 3).await;
    let reports: Vec<_> = notices
        .iter()
        .flat_map(|notice| [notice, notice])
        .map(|notice| {
            let (shop, name) = (Arc::clone(&shop), text(&notice["id"]));
            tokio::spawn(async move {
                let path = format!("/api/notices/{name}/delivery");
                let call = shop.call(Method::POST, path).with_key(API_KEY);
                call.body(delivered(AT_NOON)).send().await
            })
        })
        .collect();
    for report in reports {
        let answer = report.await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    let evidence = shop.evidence().await;
    assert_eq!(evidence["chainIsWhole"], true);
    let mut before: Vec<String> = evidence["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| text(&notice["delivery"]["prevHash"]))
        .collect();
    before.sort();
    before.dedup();
    assert_eq!(before.len(), 3, "{evidence}");
}
