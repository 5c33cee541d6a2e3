//! Creates and upgrades the tables, through sea-orm's schema builder so that one text serves every
//! engine. A migration, once released, is never edited: a change is a new one at the end.

mod m0001_checkout;

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, ExprTrait,
    sea_query::{Alias, ColumnDef, Expr, Query, Table},
};

use super::{Store, StoreError};
use crate::clock::Millis;

type Step = for<'a> fn(&'a DatabaseTransaction) -> Done<'a>;
type Done<'a> = std::pin::Pin<Box<dyn Future<Output = Result<(), DbErr>> + Send + 'a>>;

const ALL: &[(&str, Step)] = &[("checkout", |tx| Box::pin(m0001_checkout::up(tx)))];

const TABLE: &str = "schema_migrations";

/// Brings the database to the newest shape. Every step and its record are one transaction, and the
/// write lock lets two processes that start together take turns.
pub(super) async fn run(store: &Store, now: Millis) -> Result<(), StoreError> {
    let tx = store.begin().await?;
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
    let applied = usize::try_from(newest.unwrap_or(0)).unwrap_or(0);
    if applied > ALL.len() {
        return Err(StoreError::Newer {
            found: applied,
            known: ALL.len(),
        });
    }
    for (index, (name, step)) in ALL.iter().enumerate().skip(applied) {
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
