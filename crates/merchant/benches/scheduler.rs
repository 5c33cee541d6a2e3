//! How fast due subscriptions are claimed, whatever is stored beside them. `cargo xtask bench scheduler` runs
//! it on both engines; by hand, `DATABASE_URL` names an empty database.

#![expect(clippy::print_stdout, reason = "what was measured is printed")]

use std::{
    env, fs,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, IsolationLevel,
    TransactionTrait,
};
use tokio::task::JoinSet;
use toss_merchant::{
    application::ports::{DueWork, Queue},
    domain::time::Millis,
    store::{Engine, Store},
};

/// Stored subscriptions.
const SIZES: [u64; 3] = [10_000, 100_000, 1_000_000];
/// Of which so many are due at once, if there are so many.
const DUE: u64 = 100_000;
/// How many are claimed together, and by how many at the same time.
const BATCH: u64 = 100;
const CLAIMERS: usize = 4;
const NOW: Millis = Millis(1_795_219_200_000);
const LEASE: Duration = Duration::from_hours(1);

#[tokio::main]
async fn main() -> Result<()> {
    let url = env::var("DATABASE_URL").context("DATABASE_URL names no database")?;
    let store = Arc::new(Store::open(&url, NOW).await?);
    let database = Database::connect(&url).await?;
    println!("| stored | due | an old snapshot is open | claims/s | batch p50 ms | p99 ms |");
    println!("|---:|---:|---|---:|---:|---:|");
    let mut stored = 0;
    for size in SIZES {
        fill(&database, stored, size).await?;
        stored = size;
        for snapshot in [false, true] {
            let due = size.min(DUE);
            make_due(&database, &store, due).await?;
            let held = if snapshot {
                Some(old_snapshot(&url).await?)
            } else {
                None
            };
            if held.is_some() {
                // What an earlier backlog left behind, and what cannot be cleaned up any more.
                claim_all(&store, due).await?;
                make_due(&database, &store, due).await?;
            }
            let measured = claim_all(&store, due).await?;
            if let Some(held) = held {
                held.rollback().await?;
            }
            println!(
                "| {size} | {due} | {} | {:.0} | {:.1} | {:.1} |",
                if snapshot { "yes" } else { "no" },
                measured.rate,
                measured.at(50),
                measured.at(99),
            );
        }
    }
    make_due(&database, &store, DUE).await?;
    println!("\nhow {BATCH} of {stored} are found:");
    for line in store.claim_plan(Queue::Subscriptions, NOW, BATCH).await? {
        println!("    {line}");
    }
    if let Some(memory) = memory() {
        println!("\nresident memory of this process: {memory}");
    }
    store.close().await?;
    Ok(())
}

/// Writes subscriptions down until there are so many.
async fn fill(database: &DatabaseConnection, from: u64, to: u64) -> Result<()> {
    // As long as that of a real one.
    let state = "x".repeat(400);
    let insert = format!(
        "INSERT INTO subscriptions (id, shop_id, customer_key, payment_method_id, status, revision, \
             order_name, state, created_at, updated_at, lease_no, tries) \
         WITH RECURSIVE numbers(n) AS (SELECT {from} + 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {to}) \
         SELECT 'sub_' || n, 'shop_default', 'customer_' || n, 'pm_' || n, 'active', 1, '구독', '{state}', \
             0, 0, 0, 0 FROM numbers"
    );
    database.execute_unprepared(&insert).await?;
    Ok(())
}

/// The first of them are due, the longest ago first; the others next month.
async fn make_due(database: &DatabaseConnection, store: &Store, due: u64) -> Result<()> {
    let now = NOW.0;
    let month = 30 * 24 * 3_600_000_i64;
    for update in [
        format!(
            "UPDATE subscriptions SET next_action_at = {now} - {due} + seq, lease_no = 0, tries = 0 \
             WHERE seq <= {due}"
        ),
        format!(
            "UPDATE subscriptions SET next_action_at = {now} + {month} + seq \
             WHERE seq > {due} AND (next_action_at IS NULL OR next_action_at <= {now})"
        ),
    ] {
        database.execute_unprepared(&update).await?;
    }
    let tidy = match store.engine() {
        Engine::Postgres => "VACUUM ANALYZE subscriptions",
        Engine::Sqlite => "ANALYZE subscriptions",
    };
    database.execute_unprepared(tidy).await?;
    Ok(())
}

/// A transaction that could still see what is there now.
async fn old_snapshot(url: &str) -> Result<DatabaseTransaction> {
    let connection = Database::connect(url).await?;
    let tx = connection
        .begin_with_config(Some(IsolationLevel::RepeatableRead), None)
        .await?;
    tx.execute_unprepared("SELECT count(*) FROM shops").await?;
    Ok(tx)
}

/// What claims came to.
struct Measured {
    rate: f64,
    /// Of each batch, in order.
    times: Vec<Duration>,
}

impl Measured {
    /// The time in milliseconds that so many of a hundred batches took at most.
    fn at(&self, percent: usize) -> f64 {
        let place = self.times.len() * percent / 100;
        let time = self.times.get(place).or(self.times.last());
        time.map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

/// Claims everything that is due.
async fn claim_all(store: &Arc<Store>, due: u64) -> Result<Measured> {
    let began = Instant::now();
    let mut claimers = JoinSet::new();
    for _ in 0..CLAIMERS {
        claimers.spawn(claim_until_nothing_is_due(Arc::clone(store)));
    }
    let (mut count, mut times) = (0, Vec::new());
    while let Some(claimed) = claimers.join_next().await {
        let (claimed, took) = claimed??;
        count += claimed;
        times.extend(took);
    }
    let seconds = began.elapsed().as_secs_f64();
    ensure!(count == due, "{count} of {due} were claimed");
    times.sort();
    #[expect(clippy::cast_precision_loss, reason = "it is rounded")]
    let rate = due as f64 / seconds;
    Ok(Measured { rate, times })
}

async fn claim_until_nothing_is_due(store: Arc<Store>) -> Result<(u64, Vec<Duration>)> {
    let (mut count, mut times, mut empty) = (0, Vec::new(), 0);
    // Rows that another one had locked are skipped, so that one empty batch is not the end.
    while empty < 3 {
        let began = Instant::now();
        let claimed = store
            .claim(Queue::Subscriptions, NOW, LEASE, BATCH, None)
            .await?;
        empty = if claimed.is_empty() { empty + 1 } else { 0 };
        times.push(began.elapsed());
        for row in claimed {
            ensure!(row.lease_no == 1, "{} was claimed twice", row.id);
            count += 1;
        }
    }
    Ok((count, times))
}

/// Resident memory, as Linux says it.
fn memory() -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.trim_start_matches("VmRSS:").trim().to_owned())
}
