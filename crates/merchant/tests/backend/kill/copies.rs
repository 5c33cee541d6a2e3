//! Three copies of the program on one PostgreSQL, in the middle of the same batch of renewals: one dies,
//! one stands still until its leases have ended, one goes on. Elsewhere a worker that was thought to be dead
//! went on (rows 19 and 20 of the list of others' faults).

use std::time::Duration;

use test_database::Engine;
use toss_merchant::{clock::Clock, domain::time::Millis};

use super::{
    LATER,
    scenario::patient,
    subscribed::{begun, come_to},
    until_quiet,
};
use crate::support::{Shop, books, program::Program};

/// More than a copy takes at once.
const MANY: usize = 48;

async fn copy(shop: &Shop, fate: Option<&str>) -> Program {
    let mut command = shop.program();
    Program::launch(command.envs(fate.map(|fate| ("FAILPOINT", fate)))).await
}

/// A copy that reads the clock in the middle of its being moved takes its own for wrong, and stands still for
/// a minute: then the minutes go on.
async fn until_renewed(shop: &Shop, id: &str) {
    for _ in 0..30 {
        for _ in 0..40 {
            let it = shop.read_subscription(id).await;
            if it["currentPeriod"]["no"] == 2 && it["owedAmount"].is_null() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        shop.advance(Duration::from_mins(1));
    }
    panic!("never: {}", shop.read_subscription(id).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_copies_charge_each_period_once_while_one_dies_and_one_stands_still() {
    let mut shop = Shop::on(Engine::Postgres, &[], Clock::running(), patient()).await;
    let card = shop.card().await;
    let mut ids = Vec::new();
    let mut last = Millis(0);
    for _ in 0..MANY {
        let (id, due) = begun(&shop, &card).await;
        ids.push(id);
        last = last.max(due);
    }
    shop.crash();
    let mut dies = copy(&shop, Some("charge.before:5=abort")).await;
    let stands_still = copy(&shop, Some("charge.after:3=stop")).await;
    let goes_on = copy(&shop, None).await;
    come_to(&shop, last);
    dies.until_aborted().await;
    stands_still.until_stopped().await;
    shop.advance(LATER);
    shop.backend.origin = goes_on.origin();
    for id in &ids {
        until_renewed(&shop, id).await;
    }
    assert_eq!(shop.toss.done("charge"), 2 * MANY);
    stands_still.signal("-CONT");
    until_quiet(&stands_still).await;
    drop((stands_still, goes_on));
    shop.restart().await;
    assert_eq!(shop.toss.done("charge"), 2 * MANY);
    assert_eq!(books::differences(&shop).await, [""; 0]);
    for id in &ids {
        let told = shop.told(id).await;
        let renewed = told.iter().filter(|it| *it == "subscription.renewed");
        assert_eq!((renewed.count(), told.len()), (1, 3), "{told:?}");
    }
}
