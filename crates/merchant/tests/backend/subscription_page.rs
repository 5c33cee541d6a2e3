//! The page of a customer's subscriptions over HTTP: a link opens those of one customer, and what they do
//! there happens to the subscription.

mod seen;
mod several;

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use toss_sandbox::{Endpoint, Fault};

use crate::{
    subscriptions::DAY,
    support::{API_KEY, CUSTOMER, Session, Shop, text},
};

const OTHER: &str = "11111111-8f7e-4f0e-9d6a-2f8f0c1f1d11";
/// What the customer's browser calls itself.
const BROWSER: &str = "Mozilla/5.0 (iPhone)";
const BASE: &str = "/api/subscription-page";

/// The checkout in which a card is registered for a subscription.
fn session(to: &Value) -> Session {
    let url = text(&to["url"]);
    Session {
        id: url.split_once("?session=").unwrap().1.to_owned(),
        order_id: String::new(),
        url,
    }
}

impl Shop {
    async fn link(&self, body: Value) -> Value {
        let (status, link) = self.ask("POST", "/api/customer-links", Some(body)).await;
        assert_eq!(status, 201, "{link}");
        link
    }

    async fn token(&self) -> String {
        text(&self.link(json!({"customerKey": CUSTOMER})).await["token"])
    }

    async fn as_customer(&self, token: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = self.url(&format!("{BASE}{path}"));
        let request = match &body {
            Some(body) => self.http.post(url).json(body),
            None => self.http.get(url),
        };
        let request = request.bearer_auth(token).header("user-agent", BROWSER);
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// The only subscription of the page.
    async fn seen(&self, token: &str) -> Value {
        let (status, mut page) = self.as_customer(token, "", None).await;
        assert_eq!(status, 200, "{page}");
        assert_eq!(page["subscriptions"].as_array().map(Vec::len), Some(1));
        page["subscriptions"][0].take()
    }

    /// Asks for something in the state in which the customer sees the subscription.
    async fn press(&self, token: &str, what: &str, mut body: Value) -> (u16, Value) {
        let seen = self.seen(token).await;
        body["revision"] = seen["revision"].clone();
        let path = format!("/subscriptions/{}/{what}", text(&seen["id"]));
        self.as_customer(token, &path, Some(body)).await
    }

    /// Waits until the customer sees it so.
    async fn until_seen_as(&self, token: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut seen = Value::Null;
        // As the page does it; a link may not ask more often for long.
        for _ in 0..50 {
            seen = self.seen(token).await;
            if wanted(&seen) {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
        panic!("never: {seen}");
    }

    /// The subscription's next charge is refused.
    async fn overdue(&self, id: &str, code: &str) -> Value {
        self.toss
            .next([Fault::error(Endpoint::Charge, 403).code(code)]);
        let at = text(&self.read_subscription(id).await["nextChargeAt"]);
        self.advance_to(&at);
        self.until_subscription(id, |it| it["status"] == "past_due")
            .await
    }
}

#[tokio::test]
async fn a_link_opens_one_customers_subscriptions_for_half_an_hour() {
    let shop = Shop::at_noon(&[]).await;
    let mine = text(&shop.subscribe(|_| ()).await["id"]);
    let back = "https://shop.example.com/me";
    let body = json!({"customerKey": CUSTOMER, "returnUrl": back});
    let link = shop.link(body).await;
    let token = text(&link["token"]);
    assert_eq!(link["expiresAt"], "2027-01-31T12:30:00+09:00");
    assert_eq!(
        text(&link["url"]),
        shop.url(&format!("/subscription/#link={token}"))
    );
    let seen = shop.seen(&token).await;
    assert_eq!(seen["id"], mine.as_str());
    let page = shop.as_customer(&token, "", None).await.1;
    assert_eq!(
        (&page["testMode"], &page["returnUrl"]),
        (&json!(true), &json!(back))
    );
    assert_eq!(seen["status"], "active");
    assert_eq!(
        seen["price"],
        json!({"amount": {"value": 9_900, "currency": "KRW"}, "unit": "month", "count": 1})
    );
    assert!(text(&seen["nextCharge"]["at"]).starts_with("2027-02-28T"));
    assert_eq!(seen["nextCharge"]["amount"]["value"], 9_900);
    assert!(text(&seen["paymentMethod"]["card"]["number"]).contains('*'));
    assert!(seen["owed"].is_null() && seen["consent"].is_null());

    let path = format!("/subscriptions/{mine}/invoices");
    let (status, invoices) = shop.as_customer(&token, &path, None).await;
    assert_eq!(status, 200);
    let invoice = &invoices["invoices"][0];
    assert_eq!(invoice["status"], "paid");
    assert_eq!(invoice["periodStart"], "2027-01-31T00:00:00+09:00");
    assert!(text(&invoice["receiptUrl"]).starts_with("http"));

    // A link of another customer: nothing of this one is known to it.
    let other = text(&shop.link(json!({"customerKey": OTHER})).await["token"]);
    let (status, page) = shop.as_customer(&other, "", None).await;
    assert_eq!((status, &page["subscriptions"]), (200, &json!([])));
    for (what, body) in [
        ("invoices", None),
        ("cancel", Some(json!({"revision": 1, "at": "now"}))),
        ("uncancel", Some(json!({"revision": 1}))),
        ("charge", Some(json!({"revision": 1}))),
        ("payment-method", Some(json!({}))),
        (
            "consents",
            Some(json!({"revision": 1, "consent": {"version": "1", "text": "네"}})),
        ),
    ] {
        let path = format!("/subscriptions/{mine}/{what}");
        let (status, answer) = shop.as_customer(&other, &path, body).await;
        assert_eq!(
            (status, answer["code"].as_str()),
            (404, Some("CHECKOUT_NOT_FOUND")),
            "{what}"
        );
    }

    // What is no link, and one that has ended.
    let unknown = "cl_0123456789abcdefghijklmnopqrstuvwxyz";
    for (token, minutes) in [(API_KEY, 0), (unknown, 0), ("", 0), (&*token, 30)] {
        shop.advance(DAY / (24 * 60) * minutes);
        let (status, answer) = shop.as_customer(token, "", None).await;
        assert_eq!(
            (status, answer["code"].as_str()),
            (401, Some("CHECKOUT_LINK_EXPIRED"))
        );
    }
    // It opens nothing else.
    let fresh = shop.token().await;
    let request = shop.http.get(shop.url("/api/subscriptions"));
    let answer = request.bearer_auth(&fresh).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 401);
}

#[tokio::test]
async fn a_link_is_made_once_per_key_and_its_token_is_not_on_disk() {
    let shop = Shop::at_noon(&[]).await;
    let first = text(&shop.subscribe(|_| ()).await["id"]);
    let card = shop.card().await;
    let mut second = crate::subscriptions::monthly(&card);
    second["orderName"] = json!("두 번째");
    let (_, second) = shop.ask("POST", "/api/subscriptions", Some(second)).await;
    let ask = async |body: &Value| {
        let request = shop.http.post(shop.url("/api/customer-links")).json(body);
        let request = request.bearer_auth(API_KEY);
        let answer = request
            .header("idempotency-key", "link-1")
            .send()
            .await
            .unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let only = json!({"customerKey": CUSTOMER, "subscriptionId": first});
    let (status, link) = ask(&only).await;
    assert_eq!((status, ask(&only).await), (201, (201, link.clone())));
    assert_eq!(ask(&json!({"customerKey": CUSTOMER})).await.0, 422);
    let token = text(&link["token"]);
    assert_eq!(shop.seen(&token).await["id"], first.as_str());
    let path = format!("/subscriptions/{}/invoices", text(&second["id"]));
    assert_eq!(shop.as_customer(&token, &path, None).await.0, 404);
    // Newest first where a link opens all.
    let (_, page) = shop.as_customer(&shop.token().await, "", None).await;
    assert_eq!(page["subscriptions"][0]["orderName"], "두 번째");

    let theirs = json!({"customerKey": OTHER, "subscriptionId": first});
    assert_eq!(
        shop.ask("POST", "/api/customer-links", Some(theirs))
            .await
            .0,
        404
    );
    let script = json!({"customerKey": CUSTOMER, "returnUrl": "javascript:alert(1)"});
    assert_eq!(
        shop.ask("POST", "/api/customer-links", Some(script))
            .await
            .0,
        400
    );
    let misspelt = json!({"customerkey": CUSTOMER});
    assert_eq!(
        shop.ask("POST", "/api/customer-links", Some(misspelt))
            .await
            .0,
        400
    );
    let disk = shop.database.everything().await;
    let holds = |text: &str| disk.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(holds(&first) && !holds(&token));
}

#[tokio::test]
async fn a_customer_cancels_with_what_is_paid_and_takes_it_back() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    let token = shop.token().await;
    let seen = shop.seen(&token).await;
    assert_eq!(seen["cancel"]["periodEnd"], "2027-02-28T00:00:00+09:00");
    assert_eq!(seen["cancel"]["now"]["refund"]["value"], 9_900);
    let at_the_end = json!({"at": "period_end"});
    let (status, canceled) = shop.press(&token, "cancel", at_the_end.clone()).await;
    assert_eq!(status, 200, "{canceled}");
    assert_eq!(canceled["cancelAt"], "2027-02-28T00:00:00+09:00");
    assert_eq!(canceled["status"], "active");
    assert!(canceled["cancel"].is_null() && canceled["nextCharge"].is_null());
    assert_eq!(
        shop.press(&token, "cancel", at_the_end.clone()).await.0,
        409
    );

    // Whoever pressed twice, or in another tab, changed nothing.
    let stale = json!({"revision": seen["revision"]});
    let path = format!("/subscriptions/{id}/uncancel");
    let (status, answer) = shop.as_customer(&token, &path, Some(stale)).await;
    assert_eq!(
        (status, answer["code"].as_str()),
        (412, Some("CHECKOUT_REVISION_MISMATCH"))
    );
    let (status, back) = shop.press(&token, "uncancel", json!({})).await;
    assert_eq!(status, 200);
    assert!(back["cancelAt"].is_null() && back["nextCharge"].is_object());
    assert_eq!(shop.press(&token, "uncancel", json!({})).await.0, 409);

    assert_eq!(shop.press(&token, "cancel", at_the_end).await.0, 200);
    shop.advance_to("2027-02-28T00:00:00+09:00");
    shop.until_subscription(&id, |it| it["status"] == "canceled")
        .await;
    let seen = shop.seen(&shop.token().await).await;
    assert!(seen["endedAt"].is_string() && seen["cancel"].is_null());
    assert_eq!(shop.toss.done("charge"), 1);
}

#[tokio::test]
async fn a_cancel_at_once_gives_back_what_the_customer_was_shown() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.advance(DAY * 14);
    let token = shop.token().await;
    // 14 of 28 days are left.
    let refund = shop.seen(&token).await["cancel"]["now"]["refund"].clone();
    assert_eq!(refund["value"], 4_950);
    let less = json!({"at": "now", "refund": {"value": 4_949, "currency": "KRW"}});
    for other in [less, json!({"at": "now"})] {
        assert_eq!(shop.press(&token, "cancel", other).await.0, 409);
    }
    let shown = json!({"at": "now", "refund": refund});
    let (status, canceled) = shop.press(&token, "cancel", shown).await;
    assert_eq!(
        (status, canceled["status"].as_str()),
        (200, Some("canceled"))
    );
    let path = format!("/subscriptions/{id}/invoices");
    // The answer may come before the refund has; then the page is told to look again.
    let mut tries = 0;
    while shop.seen(&token).await["refunding"] == true {
        tries += 1;
        assert!(tries < 100, "the refund does not end");
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    let (_, invoices) = shop.as_customer(&token, &path, None).await;
    assert_eq!(invoices["invoices"][0]["refunded"]["value"], 4_950);
}

#[tokio::test]
async fn the_shop_says_how_customers_cancel() {
    for (setting, later, at_once) in [
        ("period_end", true, false),
        ("now_prorated", false, true),
        ("choice", true, true),
    ] {
        let shop = Shop::at_noon(&[&format!("--subscription-customer-cancel={setting}")]).await;
        shop.subscribe(|_| ()).await;
        let token = shop.token().await;
        let cancel = shop.seen(&token).await["cancel"].clone();
        assert_eq!(
            (cancel["periodEnd"].is_string(), cancel["now"].is_object()),
            (later, at_once),
            "{setting}"
        );
        let refused = match setting {
            "period_end" => json!({"at": "now"}),
            _ => continue,
        };
        assert_eq!(shop.press(&token, "cancel", refused).await.0, 409);
    }
}

#[tokio::test]
async fn a_customer_pays_what_is_overdue() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    assert_eq!(
        shop.press(&shop.token().await, "charge", json!({})).await.0,
        409,
        "nothing is owed"
    );
    shop.overdue(&id, "REJECT_CARD_PAYMENT").await;
    let token = shop.token().await;
    let seen = shop.seen(&token).await;
    let owed = &seen["owed"];
    assert_eq!(owed["amount"]["value"], 9_900);
    assert_eq!(owed["code"], "REJECT_CARD_PAYMENT");
    assert_eq!(
        (owed["payable"].as_bool(), owed["underWay"].as_bool()),
        (Some(true), Some(false))
    );
    assert!(owed["since"].is_string() && owed["retryAt"].is_string());
    // Nothing that is paid lasts.
    assert_eq!(seen["cancel"], json!({"now": {}}));
    let (status, paid) = shop.press(&token, "charge", json!({})).await;
    assert_eq!(status, 200, "{paid}");
    let paid = if paid["owed"].is_null() {
        paid
    } else {
        shop.until_seen_as(&token, |it| it["owed"].is_null()).await
    };
    assert_eq!(paid["status"], "active");
    assert_eq!(shop.toss.done("charge"), 2);
}

#[tokio::test]
async fn another_card_takes_the_place_of_a_dead_one_and_pays_what_is_owed() {
    let shop = Shop::at_noon(&[]).await;
    let made = shop.subscribe(|_| ()).await;
    let id = text(&made["id"]);
    let old = text(&made["paymentMethod"]["id"]);
    shop.overdue(&id, "INVALID_STOPPED_CARD").await;
    let token = shop.token().await;
    let seen = shop.seen(&token).await;
    assert_eq!(seen["owed"]["payable"], false);
    assert_eq!(seen["paymentMethod"]["usable"], false);

    let foreign = json!({"returnUrl": "https://evil.example/subscription/"});
    assert_eq!(shop.press(&token, "payment-method", foreign).await.0, 400);
    let back = shop.url("/subscription/");
    let body = json!({"returnUrl": back, "locale": "en"});
    let (status, to) = shop.press(&token, "payment-method", body).await;
    assert_eq!(status, 201, "{to}");
    let session = session(&to);
    let read = shop.url(&format!("/api/checkout/sessions/{}", session.id));
    let shown: Value = shop
        .http
        .get(read)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(shown["kind"], "billing");
    assert_eq!(shown["plan"]["amount"]["value"], 9_900);
    assert_eq!(
        (shown["locale"].as_str(), shown["chargeNow"].as_bool()),
        (Some("en"), Some(false))
    );
    assert_eq!(shown["returnUrl"], back.as_str());

    let auth = shop.toss.auth_key("CARD");
    let (status, registered) = shop.billing(&session, &auth).await;
    assert_eq!(
        (status, registered["status"].as_str()),
        (200, Some("registered"))
    );
    let paid = shop.until_seen_as(&token, |it| it["owed"].is_null()).await;
    assert_eq!(paid["status"], "active");
    assert_eq!(paid["paymentMethod"]["usable"], true);
    let new = shop.read_subscription(&id).await;
    assert_ne!(new["paymentMethod"]["id"], old.as_str());
    // The first, the refused one, and the one by the new card.
    assert_eq!(shop.toss.done("charge"), 2);
    // The session itself begins nothing, and nothing charges twice afterwards.
    shop.next_charge(&id).await;
    shop.until_subscription(&id, |it| it["owedAmount"].is_null())
        .await;
    assert_eq!(shop.toss.done("charge"), 3);
}

#[tokio::test]
async fn a_card_that_comes_during_a_charge_is_put_in_place_afterwards() {
    let shop = Shop::at_noon(&[]).await;
    let made = shop.subscribe(|_| ()).await;
    let (id, old) = (text(&made["id"]), text(&made["paymentMethod"]["id"]));
    // Nobody knows what came of it until a minute has gone by.
    shop.toss
        .next([Fault::error(Endpoint::Charge, 500).work_after(Duration::from_mins(1))]);
    shop.advance_to(&text(&made["nextChargeAt"]));
    let token = shop.token().await;
    shop.until_seen_as(&token, |it| it["owed"]["underWay"] == true)
        .await;
    shop.until_seen("charge", 2).await;
    let (_, to) = shop.press(&token, "payment-method", json!({})).await;
    let session = session(&to);
    let auth = shop.toss.auth_key("CARD");
    assert_eq!(shop.billing(&session, &auth).await.0, 200);
    let new = shop.method(&session).await;
    let now = shop.read_subscription(&id).await;
    assert_eq!(now["paymentMethod"]["id"], old.as_str());
    shop.advance(Duration::from_secs(61));
    let settled = shop
        .until_subscription(&id, |it| it["owedAmount"].is_null())
        .await;
    assert_eq!(settled["currentPeriod"]["no"], 2);
    shop.advance(Duration::from_secs(3));
    shop.until_subscription(&id, |it| it["paymentMethod"]["id"] == new.id.as_str())
        .await;
    assert_eq!(shop.toss.done("charge"), 2);
}

#[tokio::test]
async fn a_consent_is_recorded_with_the_sentence_that_was_shown() {
    let shop = Shop::at_noon(&[]).await;
    let made = shop
        .subscribe(|body| body["phases"] = json!([{"amount": 4_900, "periods": 1}]))
        .await;
    let id = text(&made["id"]);
    let token = shop.token().await;
    let asked = shop.seen(&token).await["consent"].clone();
    assert_eq!(asked["before"]["amount"]["value"], 4_900);
    assert_eq!(asked["after"]["amount"]["value"], 9_900);
    assert!(text(&asked["effectiveAt"]).starts_with("2027-02-28T"));
    let sentence = text(&asked["ko"]["text"]);
    for part in ["2027년 2월 28일", "4,900원", "9,900원", "카드 ", "해지"] {
        assert!(sentence.contains(part), "{sentence}");
    }
    let other = json!({"consent": {"version": asked["ko"]["version"], "text": "네"}});
    assert_eq!(shop.press(&token, "consents", other).await.0, 409);
    let (status, given) = shop
        .press(&token, "consents", json!({"consent": asked["ko"]}))
        .await;
    assert_eq!(status, 200, "{given}");
    assert!(given["consent"].is_null());
    let path = format!("/api/customers/{CUSTOMER}/consents");
    let (_, evidence) = shop.ask("GET", &path, None).await;
    assert_eq!(evidence["chainIsWhole"], true);
    let record = &evidence["consents"][0];
    assert_eq!(record["text"], sentence.as_str());
    assert_eq!(record["textVersion"], asked["ko"]["version"]);
    assert_eq!(record["channel"], "subscription_page");
    assert_eq!(record["ip"], "127.0.0.1");
    assert_eq!(record["userAgent"], BROWSER);
    shop.next_charge(&id).await;
    let renewed = shop
        .until_subscription(&id, |it| it["lastPaidAmount"]["value"] == 9_900)
        .await;
    assert_eq!(renewed["status"], "active");
}

#[tokio::test]
async fn pages_of_allowed_origins_may_ask_and_nobody_asks_without_limit() {
    let shop = Shop::at_noon(&["--allowed-origins=https://shop.example.com"]).await;
    let token = shop.token().await;
    let url = shop.url(BASE);
    let preflight = async |origin: &str| {
        let request = shop.http.request(Method::OPTIONS, &url);
        let request = request.header("origin", origin);
        let request = request.header("access-control-request-method", "GET");
        let request = request.header("access-control-request-headers", "authorization");
        request.send().await.unwrap()
    };
    let answer = preflight("https://shop.example.com").await;
    let headers = answer.headers();
    assert_eq!(
        headers["access-control-allow-origin"],
        "https://shop.example.com"
    );
    let allowed = headers["access-control-allow-headers"].to_str().unwrap();
    assert!(allowed.contains("authorization"), "{allowed}");
    let answer = preflight("https://evil.example").await;
    assert!(
        answer
            .headers()
            .get("access-control-allow-origin")
            .is_none()
    );
    let mut limited = false;
    for _ in 0..400 {
        limited |= shop.as_customer(&token, "", None).await.0 == 429;
        if limited {
            break;
        }
    }
    assert!(limited);
}
