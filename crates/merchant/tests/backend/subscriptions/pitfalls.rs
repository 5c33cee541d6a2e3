//! What went wrong elsewhere: rows of the list of other engines' faults, each a test named after it.

use std::{path::Path, sync::Arc, time::Duration};

use serde_json::{Value, json};
use toss_sandbox::{Endpoint, Fault};

use super::{DAY, declined, monthly};
use crate::support::{Shop, text};

/// Row 1: an unknown payment and a manual one both ended up paid.
#[tokio::test]
async fn paying_while_the_outcome_is_unknown_is_refused_and_one_charge_is_made() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.toss
        .next([Fault::error(Endpoint::Charge, 500).work_after(Duration::from_mins(1))]);
    let at = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    shop.advance_to(&at);
    shop.until_seen("charge", 2).await;
    let order = loop {
        let invoices = shop.invoices(&id).await;
        if invoices.len() == 2 {
            break text(&invoices[0]["charges"][0]["orderId"]);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    shop.until_payment(&order, |payment| payment.status.as_str() == "unknown")
        .await;
    let (status, body) = shop.command(&id, "charge", json!({})).await;
    assert_eq!(status, 409, "{body}");
    // What a cancel comes to depends on the outcome.
    let cancel = json!({"at": "now", "refund": "prorated"});
    let (status, body) = shop.command(&id, "cancel/preview", cancel).await;
    assert_eq!(
        (status, &body["code"]),
        (409, &json!("CHECKOUT_IN_PROGRESS"))
    );
    shop.advance(Duration::from_secs(61));
    let paid = shop
        .until_subscription(&id, |it| {
            it["currentPeriod"]["no"] == 2 && it["owedAmount"].is_null()
        })
        .await;
    assert_eq!(paid["status"], "active");
    assert_eq!(shop.toss.done("charge"), 2);
    assert_eq!(shop.told(&id).await.last().unwrap(), "subscription.renewed");
}

/// Row 10 and 15: the answer is lost after the approval, and the retry minted a new key.
#[tokio::test]
async fn a_lost_answer_is_looked_up_and_nothing_is_charged_again() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.toss.next([Fault::lost_response(Endpoint::Charge)]);
    shop.next_charge(&id).await;
    let renewed = shop
        .until_subscription(&id, |it| it["owedAmount"].is_null())
        .await;
    assert_eq!(
        (renewed["status"].as_str(), shop.toss.done("charge")),
        (Some("active"), 2)
    );
}

/// Row 11: the scheduler and every door at once.
#[tokio::test]
async fn all_doors_at_once_charge_once() {
    let shop = Arc::new(Shop::at_noon(&[]).await);
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.toss.next([declined("REJECT_CARD_PAYMENT")]);
    shop.next_charge(&id).await;
    let second = shop.second().await;
    let origins = [shop.backend.origin.clone(), second.origin.clone()];
    let doors = (0..8).map(|n| {
        let (shop, id, origin) = (Arc::clone(&shop), id.clone(), origins[n % 2].clone());
        tokio::spawn(async move {
            let url = format!("{origin}/api/subscriptions/{id}/charge");
            let request = shop
                .http
                .post(url)
                .bearer_auth(crate::support::API_KEY)
                .json(&json!({}));
            request.send().await.unwrap().status().as_u16()
        })
    });
    let mut answers = Vec::new();
    for door in doors.collect::<Vec<_>>() {
        answers.push(door.await.unwrap());
    }
    assert!(
        answers.iter().all(|status| matches!(status, 200 | 409)),
        "{answers:?}"
    );
    shop.until_subscription(&id, |it| it["status"] == "active")
        .await;
    assert_eq!(shop.toss.done("charge"), 2);
    let invoices = shop.invoices(&id).await;
    let took: Vec<&Value> = invoices[0]["charges"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|charge| charge["status"] == "succeeded")
        .collect();
    assert_eq!(took.len(), 1);
}

/// Row 12: three days down.
#[tokio::test]
async fn after_days_down_the_current_period_is_charged_once_and_each_missed_one_is_told() {
    let mut shop = Shop::at_noon(&[]).await;
    let made = shop
        .subscribe(|body| body["interval"] = json!({"unit": "day", "count": 1}))
        .await;
    let id = text(&made["id"]);
    shop.crash();
    shop.advance(DAY * 4);
    shop.restart().await;
    let now = shop
        .until_subscription(&id, |it| {
            it["currentPeriod"]["no"] == 5 && it["owedAmount"].is_null()
        })
        .await;
    assert_eq!(now["status"], "active");
    let invoices = shop.invoices(&id).await;
    let statuses: Vec<&str> = invoices
        .iter()
        .map(|invoice| invoice["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["paid", "void", "void", "void", "paid"]);
    assert_eq!(invoices[1]["reason"], "missed");
    assert_eq!(shop.toss.done("charge"), 2);
    let missed = shop
        .told(&id)
        .await
        .iter()
        .filter(|kind| *kind == "subscription.period_missed")
        .count();
    assert_eq!(missed, 3);
}

/// Row 21 and the crash points of a renewal: killed after the intent was written, before any answer.
#[tokio::test]
async fn a_crash_during_a_renewal_charges_once() {
    let mut shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.toss.next([Fault::delay(Endpoint::Charge, 700)]);
    let at = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    shop.advance_to(&at);
    shop.until_seen("charge", 2).await;
    shop.crash();
    shop.advance(Duration::from_mins(3));
    shop.restart().await;
    let renewed = shop.until_settled(&id).await;
    assert_eq!(
        (renewed["status"].as_str(), shop.toss.done("charge")),
        (Some("active"), 2)
    );
    assert_eq!(shop.told(&id).await.last().unwrap(), "subscription.renewed");
}

/// Row 28: after a site change every old customer was refused.
#[tokio::test]
async fn a_wrong_customer_key_stops_the_shop_and_duns_nobody_and_goes_on_when_it_is_mended() {
    let shop = Shop::at_noon(&[]).await;
    let card = shop.card().await;
    let mut ids = Vec::new();
    for _ in 0..8 {
        let (status, made) = shop
            .ask("POST", "/api/subscriptions", Some(monthly(&card)))
            .await;
        assert_eq!(status, 201, "{made}");
        assert_eq!(made["status"], "active", "{made}");
        ids.push(text(&made["id"]));
    }
    shop.toss.next([Fault::error(Endpoint::Charge, 403)
        .code("NOT_MATCHES_CUSTOMER_KEY")
        .times(1_000)]);
    shop.advance_to("2027-02-28T11:30:00+09:00");
    let shop_id = toss_merchant::domain::ids::ShopId::new("shop_default");
    let records = Arc::clone(&shop.state().subscriptions);
    for _ in 0..400 {
        if records.charge_stop(&shop_id).await.unwrap().until.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(records.charge_stop(&shop_id).await.unwrap().until.is_some());
    shop.until_nothing_is_under_way().await;
    let sent = shop.toss.seen("charge").len();
    assert!(sent < 16 + 8, "{sent}");
    for id in &ids {
        let it = shop.read_subscription(id).await;
        assert_eq!(
            (it["status"].as_str(), it["entitled"].as_bool()),
            (Some("active"), Some(true))
        );
    }
    shop.toss.clear_faults();
    shop.advance(Duration::from_mins(16));
    for id in &ids {
        let paid = shop
            .until_subscription(id, |it| {
                it["currentPeriod"]["no"] == 2 && it["owedAmount"].is_null()
            })
            .await;
        assert_eq!(paid["status"], "active");
    }
    assert_eq!(records.charge_stop(&shop_id).await.unwrap().until, None);
    assert_eq!(shop.toss.done("charge"), 16);
}

/// Row 30: the key is rotated while an attempt is unknown.
#[tokio::test]
async fn a_key_that_is_rotated_while_a_charge_is_unknown_charges_once() {
    let mut shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.toss.next([
        Fault::lost_response(Endpoint::Charge),
        Fault::error(Endpoint::Lookup, 500).times(2),
    ]);
    let at = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    shop.advance_to(&at);
    while shop.toss.done("charge") < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shop.crash();
    shop.change_secret_key();
    shop.restart().await;
    let renewed = shop.until_settled(&id).await;
    assert_eq!(
        (renewed["status"].as_str(), shop.toss.done("charge")),
        (Some("active"), 2)
    );
}

/// Row 31: yesterday's backup is put back in the middle of a cycle.
#[tokio::test]
async fn a_restored_backup_asks_for_the_same_order_and_charges_nobody_twice() {
    let mut shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    shop.backend.stop().await;
    let yesterday = shop.database.back_up().await;
    shop.restart().await;
    shop.next_charge(&id).await;
    shop.until_subscription(&id, |it| it["owedAmount"].is_null())
        .await;
    assert_eq!(shop.toss.done("charge"), 2);
    shop.backend.stop().await;
    shop.database.restore(&yesterday).await;
    shop.restart().await;
    let renewed = shop
        .until_subscription(&id, |it| {
            it["currentPeriod"]["no"] == 2 && it["owedAmount"].is_null()
        })
        .await;
    assert_eq!(
        (renewed["status"].as_str(), shop.toss.done("charge")),
        (Some("active"), 2)
    );
}

/// A clock that runs ahead must not charge tomorrow's customers today.
#[tokio::test]
async fn nothing_is_charged_while_the_clock_differs_from_tosss() {
    let shop = Shop::at_noon(&[]).await;
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    let at = text(&shop.read_subscription(&id).await["nextChargeAt"]);
    shop.advance_only_ours(DAY * 40);
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(
        shop.read_subscription(&id).await["nextChargeAt"],
        at.as_str()
    );
    assert_eq!(shop.toss.done("charge"), 1);
    shop.advance_only_tosss(DAY * 40);
    shop.advance(Duration::from_mins(2));
    shop.until_subscription(&id, |it| it["currentPeriod"]["no"] == 2)
        .await;
}

/// The list in docs/development.md: every fault of others is there once, with tests that exist.
#[test]
fn the_list_of_pitfalls_names_tests_that_exist() {
    fn sources(folder: &Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, all);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                all.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = String::new();
    sources(&root.join("src"), &mut all);
    sources(&root.join("tests"), &mut all);
    let text = include_str!("../../../../../docs/development.md");
    let (_, list) = text.split_once("## What others got wrong").unwrap();
    let (list, _) = list.split_once("\n## ").unwrap();
    let rows = list.lines().filter_map(|line| line.strip_prefix("| "));
    let rows: Vec<Vec<&str>> = rows.skip(2).map(|row| row.split(" | ").collect()).collect();
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row[0], (index + 1).to_string());
        let names: Vec<&str> = row[2].split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{row:?}");
        for name in names {
            assert!(all.contains(&format!("fn {name}(")), "no test {name}");
        }
    }
    assert_eq!(rows.len(), 35);
}
