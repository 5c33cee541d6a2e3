//! Short names for the columns of new tables. Moments are milliseconds since 1970, money is in the
//! currency's smallest unit.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr,
    sea_query::{Alias, ColumnDef, Index, Table, TableCreateStatement},
};

pub(super) fn name(text: &str) -> Alias {
    Alias::new(text)
}

pub(super) fn text(column: &str) -> ColumnDef {
    let mut def = ColumnDef::new(name(column));
    def.text();
    def
}

pub(super) fn number(column: &str) -> ColumnDef {
    let mut def = ColumnDef::new(name(column));
    def.big_integer();
    def
}

pub(super) fn small(column: &str) -> ColumnDef {
    let mut def = ColumnDef::new(name(column));
    def.integer();
    def
}

/// A number that the database counts up, in the order in which rows are written.
pub(super) fn counter(column: &str) -> ColumnDef {
    let mut def = number(column);
    def.not_null().auto_increment().primary_key();
    def
}

/// The columns of due work: see `domain::work`.
pub(super) fn work() -> [ColumnDef; 4] {
    let mut lease = number("lease_no");
    lease.not_null().default(0_i64);
    let mut tries = small("tries");
    tries.not_null().default(0_i32);
    [
        number("next_action_at"),
        lease,
        tries,
        text("needs_attention"),
    ]
}

/// When a row was written and last changed.
pub(super) fn dates(table: &mut TableCreateStatement) {
    table
        .col(number("created_at").not_null())
        .col(number("updated_at").not_null());
}

/// Only rows that are due at some time are in the index, so that its size is that of the work.
pub(super) async fn due_index(tx: &DatabaseTransaction, table: &str) -> Result<(), DbErr> {
    tx.execute_unprepared(&format!(
        "CREATE INDEX {table}_next ON {table} (next_action_at) WHERE next_action_at IS NOT NULL"
    ))
    .await?;
    // What waits for a human is counted and listed, and rare.
    tx.execute_unprepared(&format!(
        "CREATE INDEX {table}_attention ON {table} (needs_attention) WHERE needs_attention IS NOT NULL"
    ))
    .await?;
    Ok(())
}

pub(super) async fn index(
    tx: &DatabaseTransaction,
    table: &str,
    columns: &[&str],
) -> Result<(), DbErr> {
    create_index(tx, table, columns, false).await
}

pub(super) async fn unique(
    tx: &DatabaseTransaction,
    table: &str,
    columns: &[&str],
) -> Result<(), DbErr> {
    create_index(tx, table, columns, true).await
}

async fn create_index(
    tx: &DatabaseTransaction,
    table: &str,
    columns: &[&str],
    unique: bool,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index
        .name(format!("{table}_{}", columns.join("_")))
        .table(name(table));
    for column in columns {
        index.col(name(column));
    }
    if unique {
        index.unique();
    }
    tx.execute(&index).await?;
    Ok(())
}

pub(super) async fn drop_index(tx: &DatabaseTransaction, index: &str) -> Result<(), DbErr> {
    tx.execute(&Index::drop().name(index).to_owned()).await?;
    Ok(())
}

/// Adds columns; SQLite takes one at a time.
pub(super) async fn add(
    tx: &DatabaseTransaction,
    table: &str,
    columns: impl IntoIterator<Item = ColumnDef>,
) -> Result<(), DbErr> {
    for column in columns {
        let alter = Table::alter()
            .table(name(table))
            .add_column(column)
            .to_owned();
        tx.execute(&alter).await?;
    }
    Ok(())
}
