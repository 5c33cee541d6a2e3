//! Each step of a payment writes fewer entries into indexes, and attempts without a known outcome, which are few,
//! are counted without a look at all others.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};

use super::columns::{drop_index, index};

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    // Both sides are found by their names.
    drop_index(tx, "sessions_payment_id").await?;
    drop_index(tx, "payments_session_id").await?;
    // Most attempts are made without an invoice.
    drop_index(tx, "attempts_invoice_id_charge_no").await?;
    drop_index(tx, "attempts_one_per_invoice").await?;
    for constraint in [
        "CREATE UNIQUE INDEX attempts_invoice_id_charge_no ON attempts (invoice_id, charge_no) \
         WHERE invoice_id IS NOT NULL",
        "CREATE UNIQUE INDEX attempts_one_per_invoice ON attempts (invoice_id) \
         WHERE invoice_id IS NOT NULL AND status IN ('intended', 'sent', 'unknown', 'succeeded')",
    ] {
        tx.execute_unprepared(constraint).await?;
    }
    tx.execute_unprepared(
        "CREATE INDEX attempts_unknown ON attempts (status) WHERE status = 'unknown'",
    )
    .await?;
    // PostgreSQL writes an entry into every index of a row when a single indexed value changes. The status of
    // a payment changes for the first time when an intent is written down, and nothing else does that is
    // indexed: so both statuses are listed by one word.
    drop_index(tx, "payments_status_seq").await?;
    let kept = match tx.get_database_backend() {
        DbBackend::Postgres => "STORED",
        // The only kind that can be added.
        _ => "VIRTUAL",
    };
    tx.execute_unprepared(&format!(
        "ALTER TABLE payments ADD COLUMN listed_status TEXT GENERATED ALWAYS AS \
         (CASE WHEN status = 'confirming' THEN 'ready' ELSE status END) {kept}"
    ))
    .await?;
    index(tx, "payments", &["listed_status", "seq"]).await
}
