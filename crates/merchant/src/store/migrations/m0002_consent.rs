//! What a session wants the buyer to agree to, and what buyers agreed to.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr,
    sea_query::{Alias, ColumnDef, Table},
};

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    // JSON, in the shape of the contract; null where nothing is asked for.
    text(tx, "sessions", "consent").await?;
    // JSON, too: what came with the one-time key, until the billing key is there.
    text(tx, "attempts", "consent").await?;
    text(tx, "billing_keys", "consent_version").await?;
    text(tx, "billing_keys", "consent_text").await?;
    let mut at = ColumnDef::new(Alias::new("consent_at"));
    at.big_integer();
    add(tx, "billing_keys", at).await
}

async fn text(tx: &DatabaseTransaction, table: &str, column: &str) -> Result<(), DbErr> {
    let mut def = ColumnDef::new(Alias::new(column));
    def.text();
    add(tx, table, def).await
}

/// SQLite adds one column at a time.
async fn add(tx: &DatabaseTransaction, table: &str, column: ColumnDef) -> Result<(), DbErr> {
    let alter = Table::alter()
        .table(Alias::new(table))
        .add_column(column)
        .to_owned();
    tx.execute(&alter).await?;
    Ok(())
}
