//! Claims of due rows, the same for every table and both engines.
//!
//! A claim moves the due time of a row forward by the length of the lease and counts its `lease_no` up:
//! a worker that dies leaves nothing to clean up, and one that comes back late writes nothing, since
//! whatever it writes is `where lease_no = <its own>`. On PostgreSQL `SKIP LOCKED` lets several copies
//! claim at once; SQLite has one writer at a time and no such clause, which the query builder leaves out.

mod rate;

pub(super) use self::rate::correct_rate;

use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, ExprTrait, QueryResult,
    sea_query::{Alias, Expr, LockBehavior, LockType, Order, Query, SelectStatement},
};

use self::rate::{is_spent, spent_shops, within_rate};
use super::{Engine, Store, database, writer::Outcome};
use crate::{
    application::ports::{Backlog, Claimed, DueWork, Queue, RecordsError, Release},
    domain::time::Millis,
};

/// More rows than this are only said to be many.
const COUNTED: u64 = 10_000;

fn name(text: &str) -> Alias {
    Alias::new(text)
}

impl Queue {
    fn table(self) -> &'static str {
        self.as_str()
    }

    /// Whether its rows name the shop whose requests to Toss they make.
    fn has_shop(self) -> bool {
        match self {
            Self::Attempts | Self::Payments | Self::PaymentMethods | Self::Subscriptions => true,
            Self::Sessions | Self::Webhooks | Self::Deliveries => false,
        }
    }
}

struct Due {
    claimed: Claimed,
    shop: Option<String>,
}

#[async_trait]
impl DueWork for Store {
    async fn claim(
        &self,
        queue: Queue,
        now: Millis,
        lease: Duration,
        limit: u64,
        shop_rate: Option<u32>,
    ) -> Result<Vec<Claimed>, RecordsError> {
        let from = self.low_water.of(queue, now);
        let limited = shop_rate.is_some() && queue.has_shop();
        // Nothing due is the usual answer; it needs no write lock.
        if self
            .read
            .query_one(&due_rows(queue, from, now, 1, limited))
            .await
            .map_err(database)?
            .is_none()
        {
            self.low_water.forget(queue);
            return Ok(Vec::new());
        }
        let low_water = self.low_water.clone();
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let mut due = find(tx, queue, from, now, limit, limited).await?;
                    let first = due.first().map(|row| row.claimed.due_at);
                    // What a shop has to wait with is older than the first that was found.
                    let complete = !limited || !is_spent(tx, queue, now).await?;
                    match first.filter(|_| complete && due.len() as u64 == limit) {
                        Some(first) => low_water.set(queue, first, now),
                        None => low_water.forget(queue),
                    }
                    if let Some(rate) = shop_rate.filter(|_| queue.has_shop()) {
                        due = within_rate(tx, due, now, rate, rate::burst(queue)).await?;
                    }
                    take(tx, queue, &due, now.plus(lease)).await?;
                    let claimed = due.into_iter().map(|row| Claimed {
                        lease_no: row.claimed.lease_no + 1,
                        ..row.claimed
                    });
                    Ok(Outcome::Keep(claimed.collect()))
                })
            })
            .await
    }

    async fn release(
        &self,
        queue: Queue,
        claimed: &Claimed,
        release: Release,
    ) -> Result<bool, RecordsError> {
        let mut update = Query::update();
        update.table(name(queue.table()));
        match release {
            Release::Done => {
                update.value(name("next_action_at"), Option::<i64>::None);
                update.value(name("tries"), 0_i32);
            }
            Release::At(then) => {
                update.value(name("next_action_at"), then.0);
                update.value(name("tries"), 0_i32);
            }
            Release::Again(then) => {
                update.value(name("next_action_at"), then.0);
            }
            Release::NeedsAttention(reason) => {
                update.value(name("next_action_at"), Option::<i64>::None);
                update.value(name("needs_attention"), reason);
            }
        }
        update
            .and_where(Expr::col(name("id")).eq(claimed.id.as_str()))
            .and_where(Expr::col(name("lease_no")).eq(claimed.lease_no));
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let done = tx.execute(&update).await?;
                    Ok(Outcome::Keep(done.rows_affected() == 1))
                })
            })
            .await
    }

    async fn backlog(&self, queue: Queue, now: Millis) -> Result<Backlog, RecordsError> {
        let due = Query::select()
            .column(name("next_action_at"))
            .from(name(queue.table()))
            .and_where(Expr::col(name("next_action_at")).lte(now.0))
            .order_by(name("next_action_at"), Order::Asc)
            .limit(COUNTED)
            .to_owned();
        let rows = self.read.query_all(&due).await.map_err(database)?;
        let oldest = rows
            .first()
            .map(|row| row.try_get("", "next_action_at"))
            .transpose()
            .map_err(database)?;
        let aside = Query::select()
            .expr(Expr::col(name("needs_attention")).count())
            .from(name(queue.table()))
            .and_where(Expr::col(name("needs_attention")).is_not_null())
            .to_owned();
        let aside: i64 = match self.read.query_one(&aside).await.map_err(database)? {
            Some(row) => row.try_get_by_index(0).map_err(database)?,
            None => 0,
        };
        Ok(Backlog {
            due: rows.len() as u64,
            oldest: oldest.map(Millis),
            needs_attention: u64::try_from(aside).unwrap_or(0),
        })
    }
}

impl Store {
    /// How the database finds due rows, in its own words.
    ///
    /// # Errors
    /// The database fails.
    pub async fn claim_plan(
        &self,
        queue: Queue,
        now: Millis,
        limit: u64,
    ) -> Result<Vec<String>, RecordsError> {
        let backend = self.read.get_database_backend();
        let mut statement = backend.build(&due_rows(queue, None, now, limit, false));
        let (explain, column) = match self.engine {
            Engine::Postgres => ("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF)", 0),
            Engine::Sqlite => ("EXPLAIN QUERY PLAN", 3),
        };
        statement.sql = format!("{explain} {}", statement.sql);
        let rows = self.read.query_all_raw(statement).await.map_err(database)?;
        rows.iter()
            .map(|row| row.try_get_by_index(column).map_err(database))
            .collect()
    }
}

/// The rows that have been due longest. Only the columns of the work are read, so that a row which
/// cannot be read as a whole does not keep the others from being found. `limited`: without those of a shop
/// whose requests are all reserved, whose backlog would stand before what is due of the others.
pub(super) fn due_rows(
    queue: Queue,
    from: Option<Millis>,
    now: Millis,
    limit: u64,
    limited: bool,
) -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(["id", "lease_no", "tries", "next_action_at"].map(name))
        .from(name(queue.table()))
        .and_where(Expr::col(name("next_action_at")).lte(now.0))
        .order_by(name("next_action_at"), Order::Asc)
        .limit(limit);
    if let Some(from) = from {
        select.and_where(Expr::col(name("next_action_at")).gte(from.0));
    }
    if queue.has_shop() {
        select.column(name("shop_id"));
    }
    if limited {
        // Not as a correlated query: PostgreSQL would expect every row of the only shop to be left out, and
        // sort all that is due instead of walking along the index.
        let shop = || Expr::col(name("shop_id"));
        let goes = shop().not_in_subquery(spent_shops(queue, now));
        select.and_where(shop().is_null().or(goes));
    }
    select
}

async fn find(
    tx: &DatabaseTransaction,
    queue: Queue,
    from: Option<Millis>,
    now: Millis,
    limit: u64,
    limited: bool,
) -> Result<Vec<Due>, DbErr> {
    let mut select = due_rows(queue, from, now, limit, limited);
    select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let rows = tx.query_all(&select).await?;
    rows.iter().map(|row| due(row, queue)).collect()
}

fn due(row: &QueryResult, queue: Queue) -> Result<Due, DbErr> {
    let tries: i32 = row.try_get("", "tries")?;
    Ok(Due {
        claimed: Claimed {
            id: row.try_get("", "id")?,
            lease_no: row.try_get("", "lease_no")?,
            tries: u32::try_from(tries).unwrap_or(0),
            due_at: Millis(row.try_get("", "next_action_at")?),
        },
        shop: if queue.has_shop() {
            row.try_get("", "shop_id")?
        } else {
            None
        },
    })
}

async fn take(
    tx: &DatabaseTransaction,
    queue: Queue,
    due: &[Due],
    until: Millis,
) -> Result<(), DbErr> {
    if due.is_empty() {
        return Ok(());
    }
    let update = Query::update()
        .table(name(queue.table()))
        .value(name("next_action_at"), until.0)
        .value(name("lease_no"), Expr::col(name("lease_no")).add(1_i64))
        // Counted here and not when the work has failed: work that ends the process is a try, too.
        .value(name("tries"), Expr::col(name("tries")).add(1_i32))
        .and_where(Expr::col(name("id")).is_in(due.iter().map(|row| row.claimed.id.as_str())))
        .to_owned();
    tx.execute(&update).await?;
    Ok(())
}
