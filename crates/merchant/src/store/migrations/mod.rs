//! Creates and upgrades the tables, through sea-orm's schema builder so that one text serves both
//! engines. A migration, once released, is never edited: a change is a new one at the end.

mod columns;
mod m0001_checkout;
mod m0002_consent;
mod m0003_move;
mod m0003_records;
mod m0004_api;
mod m0007_methods;
mod m0008_subscriptions;
mod m0009_foreign_easy_pay;
mod m0011_upkeep;
mod m0012_customer_links;
mod m0013_notices;
mod m0014_fault_time;
mod m0015_fewer_entries;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, ExprTrait,
    sea_query::{Alias, ColumnDef, Expr, Query, Table},
};

use super::{OpenError, connection::Engine, writer};
use crate::domain::time::Millis;

type Step = for<'a> fn(&'a DatabaseTransaction) -> Done<'a>;
type Done<'a> = std::pin::Pin<Box<dyn Future<Output = Result<(), DbErr>> + Send + 'a>>;

const ALL: &[(&str, Step)] = &[
    ("checkout", |tx| Box::pin(m0001_checkout::up(tx))),
    ("consent", |tx| Box::pin(m0002_consent::up(tx))),
    ("records", |tx| Box::pin(m0003_records::up(tx))),
    ("api", |tx| Box::pin(m0004_api::up(tx))),
    ("methods", |tx| Box::pin(m0007_methods::up(tx))),
    ("subscriptions", |tx| Box::pin(m0008_subscriptions::up(tx))),
    ("foreign_easy_pay", |tx| {
        Box::pin(m0009_foreign_easy_pay::up(tx))
    }),
    ("upkeep", |tx| Box::pin(m0011_upkeep::up(tx))),
    ("customer_links", |tx| {
        Box::pin(m0012_customer_links::up(tx))
    }),
    ("notices", |tx| Box::pin(m0013_notices::up(tx))),
    ("fault_time", |tx| Box::pin(m0014_fault_time::up(tx))),
    ("fewer_entries", |tx| Box::pin(m0015_fewer_entries::up(tx))),
];

/// The version of tables that this program works with.
pub(super) const KNOWN: usize = ALL.len();

const TABLE: &str = "schema_migrations";
/// Names the lock under which copies that start together take turns.
const LOCK: i64 = 0x746f_7373;

/// Brings the database to the newest shape. All steps and their records are one transaction.
pub(super) async fn run(
    connection: &DatabaseConnection,
    engine: Engine,
    now: Millis,
) -> Result<(), OpenError> {
    upgrade(connection, engine, ALL, now).await
}

/// The tables as version 0.1 made them.
#[cfg(test)]
pub(super) async fn released_0_1(
    connection: &DatabaseConnection,
    engine: Engine,
) -> Result<(), OpenError> {
    upgrade(connection, engine, ALL.split_at(2).0, Millis(1)).await
}

async fn upgrade(
    connection: &DatabaseConnection,
    engine: Engine,
    all: &[(&str, Step)],
    now: Millis,
) -> Result<(), OpenError> {
    let tx = writer::begin(connection).await?;
    if engine == Engine::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})"))
            .await?;
    }
    let applied = applied(&tx).await?;
    if applied > all.len() {
        return Err(OpenError::Newer {
            found: applied,
            known: all.len(),
        });
    }
    for (index, (name, step)) in all.iter().enumerate().skip(applied) {
        step(&tx).await?;
        let version = i32::try_from(index + 1).unwrap_or(i32::MAX);
        let record = Query::insert()
            .into_table(Alias::new(TABLE))
            .columns(["version", "name", "applied_at"].map(Alias::new))
            .values_panic([version.into(), (*name).into(), now.0.into()])
            .to_owned();
        tx.execute(&record).await?;
        tracing::info!(version, name, "database upgraded");
    }
    tx.commit().await?;
    Ok(())
}

/// How many steps the database has seen.
async fn applied(tx: &DatabaseTransaction) -> Result<usize, DbErr> {
    let table = Table::create()
        .table(Alias::new(TABLE))
        .if_not_exists()
        .col(
            ColumnDef::new(Alias::new("version"))
                .integer()
                .not_null()
                .primary_key(),
        )
        .col(ColumnDef::new(Alias::new("name")).text().not_null())
        .col(
            ColumnDef::new(Alias::new("applied_at"))
                .big_integer()
                .not_null(),
        )
        .to_owned();
    tx.execute(&table).await?;
    let newest = Query::select()
        .expr(Expr::col(Alias::new("version")).max())
        .from(Alias::new(TABLE))
        .to_owned();
    let newest: Option<i32> = match tx.query_one(&newest).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    Ok(usize::try_from(newest.unwrap_or(0)).unwrap_or(0))
}
