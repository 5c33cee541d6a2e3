//! Claims while somebody holds an old snapshot open, such as a backup or a forgotten session: PostgreSQL keeps
//! the entries that claims have left behind, and whoever walks over them gets slower with each claim.

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement, TransactionTrait};

use super::*;
use crate::{application::ports::Queue, store::claim::due_rows};

const MANY: i64 = 20_000;
const BATCH: u64 = 100;
const LEASE: std::time::Duration = std::time::Duration::from_hours(1);

/// Subscriptions that have become due one each second.
async fn backlog(store: &Store) {
    let rows = format!(
        "INSERT INTO subscriptions (id, shop_id, customer_key, payment_method_id, status, revision, \
         order_name, state, created_at, updated_at, next_action_at) \
         SELECT 'sub_' || n, 'shop_default', 'customer', 'pm_1', 'active', 1, 'name', '{{}}', 0, 0, \
         {} + n * 1000 FROM generate_series(1, {MANY}) AS n",
        NOW.0 - MANY * 1000
    );
    store.read.execute_unprepared(&rows).await.unwrap();
    store.read.execute_unprepared("ANALYZE").await.unwrap();
}

/// How many pages a claim that begins there looks at.
async fn pages(store: &Store, from: Option<Millis>) -> u64 {
    let query = due_rows(Queue::Subscriptions, from, NOW, BATCH, true);
    let mut query = DbBackend::Postgres.build(&query);
    query.sql = format!("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {}", query.sql);
    let rows = store.read.query_all_raw(query).await.unwrap();
    let lines = rows.iter().map(|row| row.try_get_by_index(0).unwrap());
    let plan = lines.collect::<Vec<String>>().join("\n");
    assert!(plan.contains("subscriptions_next"), "{plan}");
    let buffers = plan.lines().find(|line| line.contains("Buffers: shared"));
    let buffers = buffers.unwrap_or_else(|| panic!("{plan}"));
    let counted = ["hit=", "read="].map(|kind| {
        let count = buffers.split(kind).nth(1).unwrap_or("0");
        let digits = count.split(|c: char| !c.is_ascii_digit()).next();
        digits.unwrap().parse::<u64>().unwrap()
    });
    counted.iter().sum()
}

#[tokio::test]
async fn a_claim_costs_what_is_due_also_while_an_old_snapshot_is_open() {
    for place in places().await {
        let store = place.open().await;
        if store.engine() != Engine::Postgres {
            continue;
        }
        backlog(&store).await;
        let fresh = pages(&store, None).await;

        let backup = Database::connect(place.url()).await.unwrap();
        let snapshot = backup.begin().await.unwrap();
        let begin = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
        snapshot.execute_unprepared(begin).await.unwrap();
        let seen =
            Statement::from_string(DbBackend::Postgres, "SELECT count(*) FROM subscriptions");
        snapshot.query_one_raw(seen).await.unwrap();

        let mut claimed = std::collections::BTreeSet::new();
        for _ in 0..MANY / 2 / 100 {
            let batch = store.claim(Queue::Subscriptions, NOW, LEASE, BATCH, None);
            let batch = batch.await.unwrap();
            claimed.extend(batch.into_iter().map(|row| row.id));
        }
        assert_eq!(claimed.len(), usize::try_from(MANY / 2).unwrap());

        // Whoever began at the end would walk over everything that was claimed.
        let naive = pages(&store, None).await;
        assert!(
            naive > 20 * fresh,
            "the snapshot holds nothing: {naive} and {fresh}"
        );
        let from = store.low_water.of(Queue::Subscriptions, NOW);
        assert!(from.is_some());
        let bounded = pages(&store, from).await;
        assert!(
            bounded < 3 * fresh + 200,
            "{bounded} pages for {BATCH} rows; {fresh} without the snapshot, {naive} from the end"
        );
        snapshot.rollback().await.unwrap();
        backup.close().await.unwrap();
    }
}
