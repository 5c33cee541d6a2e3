//! How many requests a second due work may make with a shop's key, counted for all copies of the program in the
//! column `toss_free_at` of the shop: the moment until which its requests are reserved.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, ExprTrait,
    sea_query::{Expr, LockType, Query, SelectStatement},
};

use super::{Due, name};
use crate::{application::ports::Queue, domain::time::Millis};

/// How far ahead of the clock a shop's requests may be reserved, so that a few can go at once.
const BURST: Duration = Duration::from_secs(1);
/// The same for work that can wait. The rest of the burst is left for open payments, however much of the
/// other is due: a shop has few requests a second, and buyers wait for these.
const PATIENT_BURST: Duration = Duration::from_millis(500);
/// Only a clock that was ahead reserves requests so far ahead: what it wrote does not count.
const TOO_FAR: Duration = Duration::from_mins(1);

/// How far ahead of the clock its requests may be reserved.
pub(super) fn burst(queue: Queue) -> Duration {
    match queue {
        Queue::Attempts => BURST,
        Queue::Payments
        | Queue::PaymentMethods
        | Queue::Subscriptions
        | Queue::Sessions
        | Queue::Webhooks
        | Queue::Deliveries => PATIENT_BURST,
    }
}

/// The requests of a shop are reserved beyond what may go at once.
pub(super) fn spent_shops(queue: Queue, now: Millis) -> SelectStatement {
    Query::select()
        .column(name("id"))
        .from(name("shops"))
        .and_where(Expr::col(name("toss_free_at")).gt(now.plus(burst(queue)).0))
        .and_where(Expr::col(name("toss_free_at")).lte(now.plus(TOO_FAR).0))
        .to_owned()
}

pub(super) async fn is_spent(
    tx: &DatabaseTransaction,
    queue: Queue,
    now: Millis,
) -> Result<bool, DbErr> {
    let spent = spent_shops(queue, now).limit(1).to_owned();
    Ok(tx.query_one(&spent).await?.is_some())
}

/// Drops what a shop has no requests left for, and reserves requests for the rest. The column is shared by all
/// copies of the program, and its row is locked until the claim is committed.
pub(super) async fn within_rate(
    tx: &DatabaseTransaction,
    due: Vec<Due>,
    now: Millis,
    rate: u32,
    burst: Duration,
) -> Result<Vec<Due>, DbErr> {
    let gap = gap(rate);
    let mut kept = Vec::with_capacity(due.len());
    let names: BTreeSet<&String> = due.iter().filter_map(|row| row.shop.as_ref()).collect();
    let mut shops = BTreeMap::new();
    // In the order of their names: two claims that lock several shops never wait for each other.
    for shop in names {
        shops.insert(shop.clone(), free_at(tx, shop, now).await?);
    }
    for row in due {
        let Some(shop) = &row.shop else {
            kept.push(row);
            continue;
        };
        if let Some(free) = shops.get_mut(shop)
            && *free <= now.plus(burst).0
        {
            *free += gap;
            kept.push(row);
        }
    }
    for (shop, free) in shops {
        set_free_at(tx, &shop, free).await?;
    }
    Ok(kept)
}

/// A claim reserved one request of a shop, and its work made so many.
pub(in crate::store) async fn correct_rate(
    tx: &DatabaseTransaction,
    shop: &str,
    made: u32,
    rate: u32,
    now: Millis,
) -> Result<(), DbErr> {
    let free = free_at(tx, shop, now).await?;
    let free = free + gap(rate) * (i64::from(made) - 1);
    set_free_at(tx, shop, Ord::max(free, now.0)).await
}

/// Between two requests of a shop, in milliseconds.
fn gap(rate: u32) -> i64 {
    1000_i64 / i64::from(Ord::max(rate, 1))
}

async fn set_free_at(tx: &DatabaseTransaction, shop: &str, free: i64) -> Result<(), DbErr> {
    let update = Query::update()
        .table(name("shops"))
        .value(name("toss_free_at"), free)
        .and_where(Expr::col(name("id")).eq(shop))
        .to_owned();
    tx.execute(&update).await.map(drop)
}

/// From when on a shop's requests are not reserved: now or later.
async fn free_at(tx: &DatabaseTransaction, shop: &str, now: Millis) -> Result<i64, DbErr> {
    let select = Query::select()
        .column(name("toss_free_at"))
        .from(name("shops"))
        .and_where(Expr::col(name("id")).eq(shop))
        .lock(LockType::Update)
        .to_owned();
    let free: i64 = match tx.query_one(&select).await? {
        Some(row) => row.try_get("", "toss_free_at")?,
        None => 0,
    };
    Ok(if free > now.plus(TOO_FAR).0 {
        now.0
    } else {
        Ord::max(free, now.0)
    })
}
