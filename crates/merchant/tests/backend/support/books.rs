//! What Toss and the records say of the same won.

use std::collections::BTreeMap;

use serde_json::Value;
use toss_merchant::{
    application::ports::{Page, PaymentFilter},
    domain::payment::Payment,
};

use super::{Shop, text};

/// Every payment that is written down.
pub(crate) async fn payments(shop: &Shop) -> Vec<Payment> {
    let page = Page {
        limit: 100_000,
        before: None,
    };
    let listed = shop
        .state()
        .records
        .payments(page, &PaymentFilter::default())
        .await;
    let rows = listed
        .unwrap()
        .into_iter()
        .map(|listed| listed.row.unwrap());
    rows.collect()
}

/// What Toss holds of each payment that it has carried out, by its payment key.
fn at_toss(shop: &Shop) -> BTreeMap<String, (String, u64)> {
    let payments = shop.toss.payments();
    let done = payments.iter().filter(|it| {
        let status = it["status"].as_str().unwrap();
        [
            "DONE",
            "PARTIAL_CANCELED",
            "CANCELED",
            "WAITING_FOR_DEPOSIT",
        ]
        .contains(&status)
    });
    let won = |it: &Value| match it["status"].as_str() {
        Some("DONE" | "PARTIAL_CANCELED") => it["balanceAmount"].as_u64().unwrap(),
        _ => 0,
    };
    done.map(|it| {
        let order = text(&it["orderId"]);
        (text(&it["paymentKey"]), (order, won(it)))
    })
    .collect()
}

/// Every won at Toss is written down, and every won that is written down is at Toss: by payment key, with
/// its order and what is left of it. Answers what differs.
pub(crate) async fn differences(shop: &Shop) -> Vec<String> {
    let toss = at_toss(shop);
    let mut ours = BTreeMap::new();
    let mut differences = Vec::new();
    for payment in payments(shop).await {
        let Some(key) = &payment.payment_key else {
            if payment.balance > 0 {
                differences.push(format!("{payment:?} has won and no payment key"));
            }
            continue;
        };
        let entry = (payment.order_id.as_str().to_owned(), payment.balance);
        let carried_out = payment.status.has_outcome() || toss.contains_key(key.expose());
        if carried_out {
            ours.insert(key.expose().to_owned(), entry);
        }
    }
    for (key, entry) in &toss {
        if ours.get(key) != Some(entry) {
            differences.push(format!(
                "Toss has {key} of {entry:?}, we have {:?}",
                ours.get(key)
            ));
        }
    }
    for (key, entry) in ours {
        if !toss.contains_key(&key) {
            differences.push(format!("we have {key} of {entry:?}, Toss has not"));
        }
    }
    differences
}
