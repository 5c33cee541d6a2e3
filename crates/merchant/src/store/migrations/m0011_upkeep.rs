//! What strangers' webhooks may cost is counted in the database, old events are found, and updates of rows
//! in work write fewer entries into indexes.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, sea_query::Table};

use super::columns::{counter, drop_index, index, name, number, small, text};

/// The tables whose rows are claimed: each row is updated several times within a short while.
const CLAIMED: [&str; 7] = [
    "sessions",
    "payments",
    "attempts",
    "payment_methods",
    "subscriptions",
    "webhooks",
    "deliveries",
];

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let hints = Table::create()
        .table(name("hints"))
        .col(counter("seq"))
        .col(text("shop_id").not_null())
        .col(text("payment_id").not_null())
        .col(small("times").not_null())
        .col(number("at").not_null())
        .to_owned();
    tx.execute(&hints).await?;
    index(tx, "hints", &["payment_id", "seq"]).await?;
    index(tx, "hints", &["shop_id", "at"]).await?;
    index(tx, "hints", &["at"]).await?;
    index(tx, "events", &["at"]).await?;
    // Sessions end by `next_action_at` since they are due work; nothing asks for them by status any more.
    drop_index(tx, "sessions_status_expires_at").await?;
    // Most payments are made without a registered card or account.
    drop_index(tx, "payments_payment_method_id_seq").await?;
    tx.execute_unprepared(
        "CREATE INDEX payments_payment_method_id_seq ON payments (payment_method_id, seq) \
         WHERE payment_method_id IS NOT NULL",
    )
    .await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        for table in CLAIMED {
            // Room for a new version of a row beside the old one, which then needs no new entries in indexes
            // whose columns did not change; and old entries of the due index go soon.
            tx.execute_unprepared(&format!(
                "ALTER TABLE {table} SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01)"
            ))
            .await?;
        }
    }
    Ok(())
}
