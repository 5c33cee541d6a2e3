//! Sessions, attempts, billing keys, webhooks, failure reports.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr,
    sea_query::{ColumnDef, ForeignKey, Table, TableCreateStatement},
};

use super::columns::{counter, index, name, number, small, text, unique};

fn belongs_to_session(table: &mut TableCreateStatement, of: &str) {
    table.foreign_key(
        ForeignKey::create()
            .name(format!("{of}_session"))
            .from(name(of), name("session_id"))
            .to(name("sessions"), name("id")),
    );
}

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    sessions(tx).await?;
    attempts(tx).await?;
    billing_keys(tx).await?;
    webhook_events(tx).await?;
    failure_reports(tx).await
}

async fn sessions(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table(name("sessions"))
        .col(counter("seq"))
        .col(text("id").not_null().unique_key())
        .col(text("kind").not_null())
        .col(text("status").not_null())
        // Every change is `where revision = <the one that was read>`: compare and set.
        .col(number("revision").not_null())
        .col(text("order_id").unique_key())
        .col(text("order_name").not_null())
        .col(number("amount"))
        .col(text("customer_key").not_null())
        // JSON, in the shape of the contract.
        .col(text("methods").not_null())
        .col(text("customer").not_null())
        .col(text("virtual_account"))
        .col(text("plan"))
        .col(ColumnDef::new(name("charge_now")).boolean().not_null())
        .col(text("locale"))
        .col(text("return_url"))
        // Moments are milliseconds since 1970.
        .col(number("expires_at").not_null())
        .col(text("result"))
        .col(text("payment_key"))
        // SHA-256 of the `secret` with which webhooks prove themselves.
        .col(text("secret_digest"))
        .col(number("due_at"))
        .col(number("next_check_at"))
        // Of the request that created it.
        .col(text("idempotency_key").unique_key())
        .col(text("request_digest"))
        .col(number("created_at").not_null())
        .col(number("updated_at").not_null());
    tx.execute(&table).await?;
    index(tx, "sessions", &["status", "expires_at"]).await?;
    index(tx, "sessions", &["status", "next_check_at"]).await?;
    index(tx, "sessions", &["customer_key", "seq"]).await
}

async fn attempts(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table(name("attempts"))
        .col(text("id").not_null().primary_key())
        .col(text("session_id").not_null())
        // confirm, issue, charge
        .col(text("kind").not_null())
        // SHA-256 of the one-time key, to recognise it when it comes again.
        .col(text("key_digest"))
        // The one-time key itself, sealed, to send the same request again after a crash.
        .col(text("sealed_key"))
        .col(text("idempotency_key").not_null().unique_key())
        .col(text("order_id"))
        .col(number("amount"))
        // pending, unknown, succeeded, declined
        .col(text("status").not_null())
        .col(text("failure_code"))
        .col(text("failure_message"))
        .col(small("failure_status"))
        .col(small("tries").not_null())
        // Until then whoever holds it works on it; afterwards the reconciler may take it.
        .col(number("lease_until").not_null())
        .col(number("created_at").not_null())
        .col(number("updated_at").not_null());
    belongs_to_session(&mut table, "attempts");
    tx.execute(&table).await?;
    unique(tx, "attempts", &["session_id", "kind", "key_digest"]).await?;
    index(tx, "attempts", &["status", "lease_until"]).await?;
    // At most one attempt of a session is under way, whichever process began it.
    tx.execute_unprepared(
        "CREATE UNIQUE INDEX attempts_one_open ON attempts (session_id) \
         WHERE status IN ('pending', 'unknown')",
    )
    .await?;
    Ok(())
}

async fn billing_keys(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table(name("billing_keys"))
        .col(counter("id"))
        .col(text("session_id").not_null().unique_key())
        .col(text("customer_key").not_null())
        .col(text("sealed_key").not_null())
        .col(text("key_digest").not_null())
        .col(text("method"))
        .col(number("created_at").not_null());
    belongs_to_session(&mut table, "billing_keys");
    tx.execute(&table).await?;
    index(tx, "billing_keys", &["customer_key"]).await?;
    index(tx, "billing_keys", &["key_digest"]).await
}

async fn webhook_events(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table(name("webhook_events"))
        .col(counter("seq"))
        .col(text("transmission_id").not_null().unique_key())
        .col(text("event_type").not_null())
        .col(text("order_id"))
        .col(text("claimed_status"))
        .col(text("secret_digest"))
        // pending, processed, ignored
        .col(text("state").not_null())
        .col(text("note"))
        .col(small("deliveries").not_null())
        .col(small("tries").not_null())
        .col(number("next_try_at").not_null())
        .col(number("received_at").not_null());
    tx.execute(&table).await?;
    index(tx, "webhook_events", &["state", "next_try_at"]).await
}

async fn failure_reports(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut table = Table::create();
    table
        .table(name("failure_reports"))
        .col(counter("id"))
        .col(text("session_id").not_null())
        .col(text("code").not_null())
        .col(text("message").not_null())
        .col(text("order_id"))
        .col(number("created_at").not_null());
    belongs_to_session(&mut table, "failure_reports");
    tx.execute(&table).await?;
    index(tx, "failure_reports", &["session_id"]).await
}
