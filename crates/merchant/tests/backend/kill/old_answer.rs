//! Two copies of the program on one PostgreSQL. One has an answer of Toss's in its hand and stands still; when
//! it goes on, the answer is older than what the other has written down: the deposit came, and the bank has taken
//! it back.

use serde_json::json;
use test_database::Engine;
use toss_merchant::clock::Clock;

use super::{scenario::patient, until_quiet};
use crate::support::{Shop, program::Program, text};

async fn told(shop: &Shop) -> Vec<String> {
    let events = shop.read("/api/events?limit=100").await.body;
    let events = events["events"].as_array().unwrap().iter();
    events.map(|event| text(&event["type"])).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_copies_and_an_answer_that_is_older_than_what_is_written_down() {
    let mut shop = Shop::on(Engine::Postgres, &[], Clock::running(), patient()).await;
    let session = shop.issued().await;
    let order = session.order_id.clone();
    // It proves nothing, and so is a reason to ask.
    let changed = json!({
        "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-21T09:00:00.000000",
        "data": {"orderId": order},
    });
    shop.toss.deposit_for(&order);
    shop.crash();
    let mut command = shop.program();
    let stops = command.env("FAILPOINT", "lookup.after:1=stop");
    let stands_still = Program::launch(stops).await;
    shop.backend.origin = stands_still.origin();
    assert_eq!(shop.webhook_raw("w1", &changed).await, 200);
    stands_still.until_stopped().await;

    let goes_on = Program::launch(&mut shop.program()).await;
    shop.backend.origin = goes_on.origin();
    assert_eq!(shop.webhook_raw("w2", &changed).await, 200);
    shop.until(&session, "paid").await;
    shop.toss.reverse(&order);
    assert_eq!(shop.webhook_raw("w3", &changed).await, 200);
    shop.until(&session, "waiting_for_deposit").await;
    let told = told(&shop).await;
    stands_still.signal("-CONT");
    until_quiet(&stands_still).await;
    assert_eq!(shop.status(&session).await, "waiting_for_deposit");
    drop((stands_still, goes_on));
    shop.restart().await;
    let payment = shop.payment(&order).await;
    assert_eq!(payment.status.as_str(), "waiting_for_deposit");
    assert_eq!(self::told(&shop).await, told);
}
