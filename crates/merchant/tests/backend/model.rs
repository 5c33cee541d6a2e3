//! The model test: random lives of a shop. Buyers, Toss's webhooks, the clock, faults of every kind, the
//! merchant's server, Toss's dashboard and crashes come in any order; when everything has settled, every
//! won at Toss is written down and every won that is written down is at Toss, and nobody is left waiting.
//!
//! `MODEL_SEED=7` lives one life again, and with `--nocapture` tells it.

mod end;
mod life;

use std::{collections::BTreeSet, env, sync::Arc};

use rand::Rng as _;
use tokio::{sync::Semaphore, task::JoinSet};

use self::life::Life;

/// New lives per run.
const LIVES: usize = 36;
/// Acts of a life.
const ACTS: usize = 25;
/// Lives at once: most of their time they wait.
const AT_ONCE: usize = 4;
/// Lives that ended badly once.
const SEEDS: [u64; 4] = [1, 2, 3, 4];

fn seeds() -> BTreeSet<u64> {
    if let Ok(seed) = env::var("MODEL_SEED") {
        return BTreeSet::from([seed.parse().unwrap()]);
    }
    let mut seeds = BTreeSet::from(SEEDS);
    // Short ones are easily copied from a log.
    seeds.extend((0..LIVES).map(|_| rand::rng().random_range(1_000..1_000_000)));
    seeds
}

#[expect(clippy::print_stdout, reason = "--nocapture shows what happened")]
async fn live(seed: u64) {
    let mut life = Life::begin(seed).await;
    for _ in 0..ACTS {
        life.act().await;
    }
    if env::var("MODEL_SEED").is_ok() {
        println!("{}", life.told());
    }
    life.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_every_won_is_written_down() {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut lives = JoinSet::new();
    let seeds = seeds();
    for &seed in &seeds {
        let places = Arc::clone(&places);
        lives.spawn(async move {
            let _place = places.acquire().await.unwrap();
            tokio::spawn(live(seed)).await.map(|()| seed)
        });
    }
    let mut well = BTreeSet::new();
    while let Some(life) = lives.join_next().await {
        // What went wrong was printed by the panic.
        well.extend(life.unwrap().ok());
    }
    let badly: Vec<&u64> = seeds.difference(&well).collect();
    assert!(badly.is_empty(), "live them again by MODEL_SEED: {badly:?}");
}
