//! How often Toss is asked for subscriptions that are due together.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::json;
use toss_merchant::config::Timing;

use super::DAY;
use crate::support::{Shop, quick, text};

/// One request a second.
fn slow() -> Timing {
    Timing {
        shop_rate: 1,
        confirm: Duration::from_secs(6),
        charge: Duration::from_secs(6),
        ..quick()
    }
}

impl Shop {
    /// Waits until the request that has become free is spoken for, or so many charges are made.
    async fn until_asked(&self, charges: usize) {
        let now = self.state().now().0;
        let database = Database::connect(self.database.url()).await.unwrap();
        let backend = database.get_database_backend();
        for _ in 0..400 {
            let free = Statement::from_string(backend, "SELECT toss_free_at FROM shops");
            let row = database.query_one_raw(free).await.unwrap().unwrap();
            let is_taken = row.try_get_by_index::<i64>(0).unwrap() > now;
            if is_taken || self.toss.done("charge") == charges {
                database.close().await.unwrap();
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no request was made");
    }
}

#[tokio::test]
async fn steps_that_ask_toss_nothing_use_up_no_request_of_the_shop() {
    let shop = Shop::at_noon_with(&[], slow()).await;
    let mut ids = Vec::new();
    for _ in 0..8 {
        let made = shop
            .subscribe(|body| {
                body["startCharging"] = json!("anchor");
                body["trialEnd"] = json!("2027-02-14T23:59:59+09:00");
            })
            .await;
        ids.push(text(&made["id"]));
    }
    // While the clock stands still no request becomes free.
    let told = async |id: &str, number: usize| {
        for _ in 0..400 {
            let told = shop.told(id).await;
            let notices = told.iter().filter(|kind| *kind == "notice.due");
            if notices.count() == number {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("never: {:?}", shop.told(id).await);
    };
    for id in &ids {
        told(id, 1).await;
    }
    shop.advance(DAY * 8);
    for id in &ids {
        told(id, 2).await;
    }
}

#[tokio::test]
async fn renewals_that_are_due_together_ask_toss_no_more_often_than_the_shop_may() {
    let shop = Shop::at_noon_with(&[], slow()).await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(text(&shop.subscribe(|_| ()).await["id"]));
    }
    shop.advance_to("2027-02-28T11:30:00+09:00");
    // Looks at what was paid before take requests, too.
    let mut seconds = 0;
    while shop.toss.done("charge") < 8 {
        assert!(seconds < 60, "{} in a minute", shop.toss.done("charge"));
        shop.until_asked(8).await;
        assert!(shop.toss.seen("charge").len() <= 4 + 1 + seconds);
        seconds += 1;
        shop.advance(Duration::from_secs(1));
    }
    for id in &ids {
        let renewed = shop
            .until_subscription(id, |it| {
                it["currentPeriod"]["no"] == 2 && it["owedAmount"].is_null()
            })
            .await;
        assert_eq!(renewed["status"], "active");
    }
    assert_eq!(shop.toss.done("charge"), 8);
}
