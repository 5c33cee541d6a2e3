use serde_json::json;

use super::{DAY, declined};
use crate::support::{CUSTOMER, Shop, text};

#[tokio::test]
async fn a_subscription_begins_with_its_first_charge_and_renews_on_the_anchor() {
    let shop = Shop::at_noon(&[]).await;
    let made = shop.subscribe(|_| ()).await;
    let id = text(&made["id"]);
    assert_eq!(
        (made["status"].as_str(), made["entitled"].as_bool()),
        (Some("active"), Some(true))
    );
    assert_eq!(
        made["currentPeriod"],
        json!({"no": 1, "start": "2027-01-31", "end": "2027-02-28"})
    );
    assert_eq!(made["lastPaidAmount"]["value"], 9_900);
    assert_eq!(made["paymentMethod"]["status"], "active");
    assert!(
        text(&made["nextChargeAt"]).starts_with("2027-02-28T"),
        "{made}"
    );

    for end in ["2027-03-31", "2027-04-30", "2027-05-31"] {
        let renewed = shop.next_charge(&id).await;
        assert_eq!(renewed["currentPeriod"]["end"], end);
        assert_eq!(renewed["status"], "active");
    }
    assert_eq!(
        shop.told(&id).await,
        [
            "subscription.created",
            "subscription.activated",
            "subscription.renewed",
            "subscription.renewed",
            "subscription.renewed"
        ]
    );
    let invoices = shop.invoices(&id).await;
    assert_eq!(invoices.len(), 4);
    assert!(invoices.iter().all(|invoice| invoice["status"] == "paid"));
    let charge = &invoices[0]["charges"][0];
    assert_eq!(
        (charge["attemptNo"].as_u64(), charge["trigger"].as_str()),
        (Some(1), Some("schedule"))
    );
    assert!(text(&charge["receiptUrl"]).starts_with("http"));
    assert_eq!(shop.toss.done("charge"), 4);
    let keys: Vec<String> = shop
        .toss
        .seen("charge")
        .into_iter()
        .map(|seen| seen.idempotency_key.unwrap())
        .collect();
    assert!(
        keys.iter()
            .all(|key| key.starts_with("s-") && key.contains(':')),
        "{keys:?}"
    );
}

#[tokio::test]
async fn a_first_charge_that_is_refused_begins_nothing_until_it_is_paid() {
    let shop = Shop::at_noon(&[]).await;
    shop.toss.next([declined("REJECT_CARD_PAYMENT")]);
    let made = shop.subscribe(|_| ()).await;
    let id = text(&made["id"]);
    assert_eq!(
        (made["status"].as_str(), made["entitled"].as_bool()),
        (Some("incomplete"), Some(false))
    );
    assert_eq!(made["owedAmount"]["value"], 9_900);
    let (status, paid) = shop.command(&id, "charge", json!({})).await;
    assert_eq!(
        (status, paid["status"].as_str()),
        (200, Some("active")),
        "{paid}"
    );
    let (status, _) = shop.command(&id, "charge", json!({})).await;
    assert_eq!(status, 409, "nothing is owed any more");
}

#[tokio::test]
async fn a_refused_renewal_is_dunned_and_a_new_card_pays_at_once() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.toss.next([
        declined("REJECT_CARD_PAYMENT"),
        declined("INVALID_STOPPED_CARD"),
    ]);
    let due = shop.next_charge(&id).await;
    assert_eq!(
        (due["status"].as_str(), due["entitled"].as_bool()),
        (Some("past_due"), Some(true))
    );
    assert!(text(&due["nextChargeAt"]).starts_with("2027-03-01T"));
    shop.advance_to(&text(&due["nextChargeAt"]));
    let dead = shop
        .until_subscription(&id, |it| it["paymentMethod"]["status"] == "dead")
        .await;
    assert_eq!(dead["status"], "past_due");
    let dead = shop
        .until_subscription(&id, |it| it["nextChargeAt"].is_null())
        .await;
    assert!(dead["nextChargeAt"].is_null());
    let (status, _) = shop.command(&id, "charge", json!({})).await;
    assert_eq!(status, 409);

    let card = shop.card().await;
    let (status, paid) = shop
        .command(&id, "payment-method", json!({"paymentMethodId": card}))
        .await;
    assert_eq!(
        (status, paid["status"].as_str()),
        (200, Some("active")),
        "{paid}"
    );
    let invoice = &shop.invoices(&id).await[0];
    let charges: Vec<(u64, &str, &str)> = invoice["charges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|charge| {
            (
                charge["attemptNo"].as_u64().unwrap(),
                charge["trigger"].as_str().unwrap(),
                charge["status"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        charges,
        [
            (3, "method_changed", "succeeded"),
            (2, "retry", "declined"),
            (1, "schedule", "declined")
        ]
    );
    assert_eq!(invoice["charges"][1]["class"], "hard_new_method");
    assert_eq!(
        shop.told(&id).await[2..],
        [
            "subscription.past_due",
            "payment_method.action_required",
            "subscription.changed",
            "subscription.recovered"
        ]
    );
}

#[tokio::test]
async fn a_free_time_ends_in_a_charge_only_with_the_customers_consent() {
    let shop = Shop::at_noon(&[]).await;
    let trial = |body: &mut serde_json::Value| {
        body["startCharging"] = json!("anchor");
        body["trialEnd"] = json!("2027-02-14T23:59:59+09:00");
    };
    let made = shop.subscribe(trial).await;
    let id = text(&made["id"]);
    assert_eq!(
        (made["status"].as_str(), made["anchorDate"].as_str()),
        (Some("trialing"), Some("2027-02-15"))
    );
    let needed = &made["consentNeeded"];
    assert_eq!(
        (
            needed["kind"].as_str(),
            needed["after"]["amount"]["value"].as_u64()
        ),
        (Some("trial_conversion"), Some(9_900))
    );
    let consent = |kind: &str| {
        json!({
            "kind": kind, "effectiveAt": needed["effectiveAt"], "textVersion": "2027-01",
            "text": "무료 이용이 끝나면 매월 9,900원을 결제하는 데 동의합니다.", "channel": "web",
            "ip": "2001:db8::7", "userAgent": "Mozilla/5.0 (iPhone)",
        })
    };
    let (status, _) = shop
        .command(&id, "consents", consent("price_increase"))
        .await;
    assert_eq!(status, 409, "to another thing");
    for (wrong, with) in [
        ("ip", json!("somewhere")),
        ("userAgent", json!("x".repeat(501))),
    ] {
        let mut body = consent("trial_conversion");
        body[wrong] = with;
        let (status, error) = shop.command(&id, "consents", body).await;
        assert_eq!(status, 400, "{error}");
    }

    let other = shop.subscribe(trial).await;
    let (status, agreed) = shop
        .command(&id, "consents", consent("trial_conversion"))
        .await;
    assert_eq!(
        (status, agreed["consentNeeded"].is_null()),
        (200, true),
        "{agreed}"
    );
    let path = format!("/api/customers/{CUSTOMER}/consents");
    let (_, evidence) = shop.ask("GET", &path, None).await;
    let given = &evidence["consents"][0];
    assert_eq!(
        (&given["ip"], &given["userAgent"], &evidence["chainIsWhole"]),
        (
            &json!("2001:db8::7"),
            &json!("Mozilla/5.0 (iPhone)"),
            &json!(true)
        )
    );
    shop.advance_to("2027-02-15T11:30:00+09:00");
    let paid = shop
        .until_subscription(&id, |it| it["status"] == "active")
        .await;
    assert_eq!(paid["lastPaidAmount"]["value"], 9_900);
    let other = text(&other["id"]);
    let waits = shop
        .until_subscription(&other, |it| it["status"] == "awaiting_consent")
        .await;
    assert_eq!(
        (
            waits["entitled"].as_bool(),
            waits["consentNeeded"].is_null()
        ),
        (Some(false), false)
    );
    assert_eq!(shop.toss.done("charge"), 1);
    shop.advance(DAY * 8);
    let ended = shop
        .until_subscription(&other, |it| it["status"] == "canceled")
        .await;
    assert_eq!(ended["endReason"], "no_consent");
    assert!(shop.told(&other).await.contains(&"notice.due".to_owned()));

    let path = format!("/api/customers/{CUSTOMER}/consents");
    let (status, evidence) = shop.ask("GET", &path, None).await;
    assert_eq!(
        (status, evidence["chainIsWhole"].as_bool()),
        (200, Some(true))
    );
    assert_eq!(evidence["consents"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_change_is_previewed_and_made_only_if_it_is_paid() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.advance(DAY * 14);
    let up = json!({"amount": {"value": 15_800, "currency": "KRW"}, "when": "now", "proration": "charge"});
    let (status, quote) = shop.command(&id, "change/preview", up.clone()).await;
    assert_eq!(
        (status, quote["chargeNow"]["value"].as_u64()),
        (200, Some(2_950)),
        "{quote}"
    );
    assert_eq!(quote["consentRequired"], true);
    let (status, refused) = shop.command(&id, "change", up.clone()).await;
    assert_eq!(
        (status, refused["code"].as_str()),
        (422, Some("CHECKOUT_CONSENT_REQUIRED"))
    );

    let mut agreed = up.clone();
    agreed["consent"] =
        json!({"textVersion": "1", "text": "월 15,800원에 동의합니다.", "channel": "app"});
    shop.toss.next([declined("REJECT_CARD_PAYMENT")]);
    let (status, failed) = shop.command(&id, "change", agreed.clone()).await;
    assert_eq!(
        (status, failed["amount"]["value"].as_u64()),
        (200, Some(9_900)),
        "{failed}"
    );
    assert_eq!(failed["status"], "active");
    let (status, changed) = shop.command(&id, "change", agreed).await;
    assert_eq!(
        (status, changed["amount"]["value"].as_u64()),
        (200, Some(15_800)),
        "{changed}"
    );
    let invoices = shop.invoices(&id).await;
    let kinds: Vec<(&str, &str)> = invoices
        .iter()
        .map(|invoice| {
            (
                invoice["kind"].as_str().unwrap(),
                invoice["status"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("proration", "paid"),
            ("proration", "void"),
            ("period", "paid")
        ]
    );
    let renewed = shop.next_charge(&id).await;
    assert_eq!(
        (
            renewed["status"].as_str(),
            renewed["lastPaidAmount"]["value"].as_u64()
        ),
        (Some("active"), Some(15_800))
    );
}

#[tokio::test]
async fn a_cancel_now_gives_the_unused_days_back() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.advance(DAY * 14);
    let (status, ended) = shop
        .command(&id, "cancel", json!({"at": "now", "refund": "prorated"}))
        .await;
    assert_eq!(
        (status, ended["status"].as_str()),
        (200, Some("canceled")),
        "{ended}"
    );
    assert_eq!(ended["endReason"], "requested");
    let invoice = &shop.invoices(&id).await[0];
    assert_eq!(invoice["refunds"][0]["amount"]["value"], 4_950, "{invoice}");
    assert_eq!(invoice["refunds"][0]["status"], "succeeded");
    assert_eq!(shop.toss.done("cancel"), 1);
    let (status, _) = shop.command(&id, "uncancel", json!({})).await;
    assert_eq!(status, 409);
}

#[tokio::test]
async fn a_pause_a_resume_and_a_cancel_that_is_taken_back() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    let (_, soon) = shop
        .command(&id, "cancel", json!({"at": "period_end"}))
        .await;
    assert_eq!(soon["cancelAt"], "2027-02-28T00:00:00+09:00");
    assert!(soon["nextChargeAt"].is_null());
    let (_, back) = shop.command(&id, "uncancel", json!({})).await;
    assert!(back["cancelAt"].is_null() && !back["nextChargeAt"].is_null());

    let (_, paused) = shop
        .command(&id, "pause", json!({"at": "period_end"}))
        .await;
    assert_eq!(paused["pauseAt"], "2027-02-28T00:00:00+09:00");
    shop.advance(DAY * 60);
    shop.until_subscription(&id, |it| it["status"] == "paused")
        .await;
    assert_eq!(shop.toss.done("charge"), 1);
    let (status, active) = shop
        .command(&id, "resume", json!({"anchor": "restart"}))
        .await;
    assert_eq!(
        (status, active["status"].as_str()),
        (200, Some("active")),
        "{active}"
    );
    assert_eq!(active["anchorDate"], "2027-04-01");
    assert_eq!(shop.toss.done("charge"), 2);
}

#[tokio::test]
async fn lists_are_filtered_and_paged_and_a_stale_revision_changes_nothing() {
    let shop = Shop::at_noon(&[]).await;
    let first = shop.subscribe(|_| ()).await;
    let second = shop.subscribe(|_| ()).await;
    let (_, page) = shop.ask("GET", "/api/subscriptions?limit=1", None).await;
    assert_eq!(page["subscriptions"][0]["id"], second["id"]);
    let (_, page) = shop
        .ask(
            "GET",
            &format!("/api/subscriptions?limit=1&after={}", text(&page["next"])),
            None,
        )
        .await;
    assert_eq!(page["subscriptions"][0]["id"], first["id"]);
    assert!(page["next"].is_null());
    let (_, none) = shop
        .ask("GET", "/api/subscriptions?status=paused", None)
        .await;
    assert_eq!(none["subscriptions"], json!([]));
    let (status, _) = shop
        .ask("GET", "/api/subscriptions?status=sleeping", None)
        .await;
    assert_eq!(status, 400);
    let (status, _) = shop.ask("GET", "/api/subscriptions/sub_nobody", None).await;
    assert_eq!(status, 404);
    let mut dollars = super::monthly(&shop.card().await);
    dollars["amount"] = json!({"value": 1_250, "currency": "USD"});
    let (status, refused) = shop.ask("POST", "/api/subscriptions", Some(dollars)).await;
    assert_eq!(status, 400, "{refused}");
    assert!(text(&refused["message"]).contains("KRW"), "{refused}");

    let path = format!("/api/subscriptions/{}/cancel", text(&first["id"]));
    let stale = shop
        .http
        .post(shop.url(&path))
        .bearer_auth(crate::support::API_KEY)
        .header("if-match", "\"1\"")
        .json(&json!({"at": "now"}))
        .send()
        .await
        .unwrap();
    assert_eq!(stale.status(), 412);
}
