//! A worker that goes on for weeks.

use std::time::Duration;

use serde_json::json;
use toss_merchant::application::ports::Queue;

use super::DAY;
use crate::support::{Shop, text};

const DAYS: usize = 42;
/// As the alarm on `toss_checkout_due_work_lag_seconds` has it.
const MOST_LAG: Duration = Duration::from_mins(5);

/// Elsewhere the worker of a queue stopped after some days, and nothing told of it.
#[tokio::test]
async fn the_worker_goes_on_for_weeks_and_nothing_is_late() {
    let shop = Shop::at_noon(&[]).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let daily = |body: &mut serde_json::Value| {
            body["interval"] = json!({"unit": "day", "count": 1});
        };
        ids.push(text(&shop.subscribe(daily).await["id"]));
    }
    for day in 1..=DAYS {
        shop.advance(DAY);
        shop.until_nothing_is_under_way().await;
        let records = &shop.state().records;
        for queue in [Queue::Subscriptions, Queue::Attempts] {
            let now = shop.state().now();
            let backlog = records.backlog(queue, now).await.unwrap();
            let lag = backlog.oldest.map_or(Duration::ZERO, |due| now.since(due));
            assert!(lag < MOST_LAG, "day {day}: {queue} is {lag:?} late");
            assert_eq!(backlog.needs_attention, 0, "day {day}: {queue}");
        }
        assert_eq!(shop.toss.done("charge"), 3 * (day + 1), "day {day}");
    }
    for id in &ids {
        let told = shop.told(id).await;
        let renewed = told.iter().filter(|it| *it == "subscription.renewed");
        assert_eq!((renewed.count(), told.len()), (DAYS, DAYS + 2), "{told:?}");
    }
}
