//! The drill: at night somebody puts a wrong key into the settings.

use std::time::Duration;

use toss_checkout_contract::SecretKey;
use toss_merchant::domain::ids::ShopId;

use super::monthly;
use crate::support::{Shop, text};

#[tokio::test]
async fn a_wrong_secret_key_stops_the_shop_and_duns_nobody_and_goes_on_when_it_is_mended() {
    const MANY: usize = 14;
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
    let mut wrong = shop.config();
    wrong.shops[0].secret_key = SecretKey::new("test_sk_ofSomebodyElse000000").unwrap();
    let mut shop = shop.restarted_with(wrong).await;
    let charges = shop.toss.seen("charge").len();
    shop.advance_to("2027-02-28T11:30:00+09:00");
    shop.until_nothing_is_under_way().await;
    let id = ShopId::new("shop_default");
    let standstill = shop.state().subscriptions.charge_stop(&id).await.unwrap();
    assert!(standstill.until.is_some(), "it is stopped");
    // Two days like this: what was tried is held, the others wait, and once in a while one tries.
    for _ in 0..16 {
        shop.advance(Duration::from_hours(3));
        shop.until_nothing_is_under_way().await;
    }
    let tried = shop.toss.seen("charge").len() - charges;
    assert!(tried <= MANY + 16, "{tried} charges with a wrong key");
    for id in &ids {
        let it = shop.read_subscription(id).await;
        assert_eq!(
            (&it["status"], &it["entitled"]),
            (&"active".into(), &true.into())
        );
        let told = shop.told(id).await;
        let dunned = told.iter().any(|event| event == "subscription.past_due");
        assert!(!dunned, "{told:?}");
    }
    shop.backend.stop().await;
    let right = shop.config();
    let shop = shop.restarted_with(right).await;
    // What waits goes on within a day, at the hours of charging.
    for _ in 0..24 {
        shop.until_nothing_is_under_way().await;
        shop.advance(Duration::from_hours(1));
    }
    shop.until_nothing_is_under_way().await;
    for id in &ids {
        let paid = shop.read_subscription(id).await;
        assert_eq!(
            (&paid["status"], &paid["currentPeriod"]["no"]),
            (&"active".into(), &2.into())
        );
        assert!(
            paid["owedAmount"].is_null() && paid["needsAttention"].is_null(),
            "{paid}"
        );
    }
    assert_eq!(shop.toss.done("charge"), 2 * MANY, "each period once");
}
