//! What one piece of work costs the others.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Database};
use toss_merchant::{application::ports::Queue, clock::Clock, config::Timing};
use toss_sandbox::{Endpoint, Fault};

use crate::support::{Session, Shop, confirm_body, quick};

const ACCOUNTS: u64 = 50_000;

/// Writes so many more waiting virtual accounts down, all of them due for a look-up for longer than
/// anything else.
async fn wait_for_deposits(shop: &Shop, like: &Session) {
    let database = Database::connect(shop.database.url()).await.unwrap();
    let insert = format!(
        "INSERT INTO payments (id, shop_id, order_id, purpose, customer_key, order_name, customer, amount, \
             currency, balance, status, revision, payment_key, details, due_at, created_at, updated_at, \
             next_action_at, lease_no, tries) \
         WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ACCOUNTS}) \
         SELECT id || '_' || n, shop_id, order_id || '_' || n, purpose, customer_key, order_name, customer, \
             amount, currency, balance, status, revision, payment_key || '_' || n, details, due_at, \
             created_at, updated_at, created_at, 0, 0 \
         FROM payments, numbers WHERE order_id = '{}'",
        like.order_id
    );
    database.execute_unprepared(&insert).await.unwrap();
    database.close().await.unwrap();
}

/// A confirm that Toss has carried out, and that nobody knows of since the program died. The program starts
/// again and is at work on the accounts when the confirm falls due. Answers how many look-ups are made
/// until the buyer is told.
async fn lookups_before_an_abandoned_confirm(timing: Timing, slow: Option<u64>) -> usize {
    let mut shop = Shop::with(&[], Clock::running(), timing).await;
    let like = shop.issued().await;
    let session = shop.order().await;
    let key = shop.toss.authenticate(&session.order_id);
    shop.toss
        .next([Fault::timeout(Endpoint::Confirm).work_after_real(Duration::from_millis(50))]);
    let path = format!("/api/checkout/sessions/{}/confirm", session.id);
    let body = confirm_body(&session, &key);
    let confirm = shop.http.post(shop.url(&path)).json(&body).send();
    let buyer = tokio::spawn(confirm);
    while shop.toss.done("confirm") < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shop.crash();
    assert!(buyer.await.unwrap().is_err());
    wait_for_deposits(&shop, &like).await;
    if let Some(milliseconds) = slow {
        shop.toss
            .next([Fault::delay(Endpoint::Lookup, milliseconds).times(100_000)]);
    }
    shop.restart().await;
    shop.until_seen("lookup", 20).await;
    assert_eq!(shop.status(&session).await, "confirming");
    let before = shop.toss.seen("lookup").len();
    shop.advance(Duration::from_mins(5));
    shop.until(&session, "waiting_for_deposit").await;
    let lookups = shop.toss.seen("lookup").len() - before;
    let now = shop.state().now();
    let backlog = shop.state().records.backlog(Queue::Payments, now).await;
    assert!(backlog.unwrap().due >= 9_000, "they still wait");
    lookups
}

/// Each look-up takes long, and all of them are behind schedule.
#[tokio::test]
async fn fifty_thousand_accounts_and_a_slow_toss_do_not_delay_an_abandoned_confirm() {
    let timing = Timing {
        lookup: Duration::from_secs(5),
        lease_margin: Duration::from_mins(1),
        ..quick()
    };
    let lookups = lookups_before_an_abandoned_confirm(timing, Some(700)).await;
    assert!(lookups <= 100, "after {lookups} look-ups");
}

/// Toss answers at once, and the accounts want every request that the shop may make.
#[tokio::test]
async fn fifty_thousand_accounts_leave_an_abandoned_confirm_its_requests() {
    let timing = Timing {
        shop_rate: 10,
        tick: Duration::from_secs(1),
        lease_margin: Duration::from_mins(1),
        ..quick()
    };
    let lookups = lookups_before_an_abandoned_confirm(timing, None).await;
    assert!(lookups <= 60, "after {lookups} look-ups");
}
