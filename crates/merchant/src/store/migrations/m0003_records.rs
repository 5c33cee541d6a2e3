//! Payments, attempts, payment methods, refunds, shops and events as rows of their own. What a session
//! held alone before is moved into them.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr,
    sea_query::{ForeignKey, Table, TableCreateStatement},
};

use super::{
    columns::{add, counter, dates, due_index, index, name, number, small, text, unique, work},
    m0003_move,
};
use crate::domain::shop::DEFAULT_SHOP;

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    shops(tx).await?;
    customers(tx).await?;
    payments(tx).await?;
    payment_methods(tx).await?;
    sessions(tx).await?;
    attempts(tx).await?;
    refunds(tx).await?;
    events(tx).await?;
    webhooks(tx).await?;
    api(tx).await?;
    m0003_move::rows(tx).await?;
    finish(tx).await
}

fn table(called: &str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name(called));
    table
}

fn due(table: &mut TableCreateStatement) {
    for column in work() {
        table.col(column);
    }
}

fn belongs_to(table: &mut TableCreateStatement, own: &str, column: &str, other: &str) {
    table.foreign_key(
        ForeignKey::create()
            .name(format!("{own}_{column}_key"))
            .from(name(own), name(column))
            .to(name(other), name("id")),
    );
}

async fn shops(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut shops = table("shops");
    shops
        .col(text("id").not_null().primary_key())
        .col(text("merchant_id"))
        // payment, billing, both
        .col(text("purpose").not_null())
        // test, live
        .col(text("mode").not_null())
        .col(text("client_key").not_null())
        .col(text("sealed_secret").not_null())
        .col(text("key_fingerprint").not_null())
        .col(number("toss_free_at").not_null().default(0_i64));
    dates(&mut shops);
    tx.execute(&shops).await?;
    Ok(())
}

async fn customers(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut customers = table("customers");
    customers
        .col(text("id").not_null().primary_key())
        .col(text("customer_key").not_null().unique_key())
        .col(text("contact").not_null())
        .col(number("erased_at"));
    dates(&mut customers);
    tx.execute(&customers).await?;
    Ok(())
}

async fn payments(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut payments = table("payments");
    payments
        .col(counter("seq"))
        .col(text("id").not_null().unique_key())
        .col(text("shop_id").not_null())
        // A used order number is never used again.
        .col(text("order_id").not_null().unique_key())
        .col(text("purpose").not_null())
        .col(text("session_id"))
        .col(text("payment_method_id"))
        .col(text("customer_key").not_null())
        .col(text("order_name").not_null())
        .col(text("customer").not_null())
        .col(number("amount").not_null())
        .col(text("currency").not_null())
        .col(number("balance").not_null())
        .col(text("status").not_null())
        // Every change is `where revision = <the one that was read>`: compare and set.
        .col(number("revision").not_null())
        .col(text("payment_key").unique_key())
        .col(text("secret_digest"))
        .col(text("details").not_null())
        .col(number("approved_at"))
        .col(number("due_at"));
    dates(&mut payments);
    due(&mut payments);
    tx.execute(&payments).await?;
    due_index(tx, "payments").await?;
    index(tx, "payments", &["session_id"]).await?;
    index(tx, "payments", &["customer_key", "seq"]).await?;
    index(tx, "payments", &["status", "seq"]).await?;
    index(tx, "payments", &["created_at"]).await?;
    index(tx, "payments", &["payment_method_id", "seq"]).await
}

async fn payment_methods(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut methods = table("payment_methods");
    methods
        .col(counter("seq"))
        .col(text("id").not_null().unique_key())
        .col(text("shop_id").not_null())
        .col(text("customer_key").not_null())
        // A session registers one.
        .col(text("session_id").unique_key())
        .col(text("method"))
        .col(text("sealed_key").not_null())
        .col(text("key_digest").not_null())
        .col(text("display").not_null())
        .col(text("status").not_null())
        .col(text("dead_code"))
        .col(text("consent"))
        .col(number("revision").not_null());
    dates(&mut methods);
    due(&mut methods);
    tx.execute(&methods).await?;
    due_index(tx, "payment_methods").await?;
    index(tx, "payment_methods", &["customer_key", "seq"]).await?;
    index(tx, "payment_methods", &["key_digest"]).await
}

async fn sessions(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut shop = text("shop_id");
    shop.not_null().default(DEFAULT_SHOP);
    let columns = [
        text("currency"),
        text("consent_given"),
        shop,
        text("payment_id"),
        text("payment_method_id"),
    ];
    add(tx, "sessions", columns).await?;
    add(tx, "sessions", work()).await?;
    index(tx, "sessions", &["payment_id"]).await
}

/// A request is about a session, a payment, or both; SQLite cannot take `NOT NULL` from a column, so
/// the table is made anew.
async fn attempts(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut attempts = table("new_attempts");
    attempts
        .col(text("id").not_null().primary_key())
        // confirm, issue, charge, cancel
        .col(text("kind").not_null())
        .col(text("shop_id").not_null())
        .col(text("session_id"))
        .col(text("payment_id"))
        .col(text("payment_method_id"))
        .col(text("refund_id"))
        // Digest of the one-time key, to recognise it when it comes again.
        .col(text("key_digest"))
        // The one-time key itself, sealed, to send the same request again after a crash.
        .col(text("sealed_key"))
        .col(text("idempotency_key").not_null().unique_key())
        .col(text("key_fingerprint").not_null())
        .col(text("order_id"))
        .col(number("amount"))
        .col(text("currency"))
        // intended, sent, unknown, succeeded, declined, surplus
        .col(text("status").not_null())
        .col(text("failure_code"))
        .col(text("failure_message"))
        .col(small("failure_status"))
        .col(text("consent"))
        .col(number("sent_at"))
        .col(number("settled_at"));
    dates(&mut attempts);
    due(&mut attempts);
    belongs_to(&mut attempts, "new_attempts", "session_id", "sessions");
    belongs_to(&mut attempts, "new_attempts", "payment_id", "payments");
    tx.execute(&attempts).await?;
    Ok(())
}

async fn refunds(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut refunds = table("refunds");
    refunds
        .col(text("id").not_null().primary_key())
        .col(text("payment_id").not_null())
        .col(text("shop_id").not_null())
        .col(text("request_key"))
        .col(number("amount").not_null())
        .col(text("currency").not_null())
        .col(number("expected_balance"))
        // pending, succeeded, declined
        .col(text("status").not_null())
        // api, toss
        .col(text("origin").not_null())
        .col(text("transaction_key").unique_key())
        .col(text("sealed_account"))
        .col(text("details").not_null());
    dates(&mut refunds);
    belongs_to(&mut refunds, "refunds", "payment_id", "payments");
    tx.execute(&refunds).await?;
    unique(tx, "refunds", &["payment_id", "request_key"]).await?;
    // Two refunds at once could give back more than was meant.
    tx.execute_unprepared(
        "CREATE UNIQUE INDEX refunds_one_pending ON refunds (payment_id) WHERE status = 'pending'",
    )
    .await?;
    Ok(())
}

async fn events(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut events = table("events");
    events
        .col(counter("seq"))
        .col(text("id").not_null().unique_key())
        .col(text("kind").not_null())
        .col(text("subject").not_null())
        .col(number("subject_revision").not_null())
        .col(number("at").not_null())
        .col(text("data").not_null());
    tx.execute(&events).await?;
    index(tx, "events", &["subject", "seq"]).await?;

    let mut endpoints = table("endpoints");
    endpoints
        .col(text("id").not_null().primary_key())
        .col(text("url").not_null().unique_key())
        .col(text("sealed_secrets").not_null())
        // enabled, gone, disabled, removed
        .col(text("state").not_null());
    dates(&mut endpoints);
    tx.execute(&endpoints).await?;

    let mut deliveries = table("deliveries");
    deliveries
        .col(text("id").not_null().primary_key())
        .col(text("event_id").not_null())
        .col(number("event_seq").not_null())
        .col(text("subject").not_null())
        .col(text("endpoint_id").not_null())
        // pending, delivered, failed, canceled
        .col(text("state").not_null())
        .col(small("last_status"))
        .col(text("last_error"))
        .col(number("delivered_at"))
        .col(number("created_at").not_null());
    due(&mut deliveries);
    belongs_to(&mut deliveries, "deliveries", "event_id", "events");
    belongs_to(&mut deliveries, "deliveries", "endpoint_id", "endpoints");
    tx.execute(&deliveries).await?;
    due_index(tx, "deliveries").await?;
    unique(tx, "deliveries", &["event_id", "endpoint_id"]).await?;
    index(tx, "deliveries", &["state", "endpoint_id", "event_seq"]).await?;
    index(tx, "deliveries", &["endpoint_id", "subject", "event_seq"]).await
}

async fn webhooks(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut webhooks = table("webhooks");
    webhooks
        .col(text("id").not_null().primary_key())
        .col(text("transmission_id").not_null().unique_key())
        .col(text("event_type").not_null())
        .col(text("order_id"))
        .col(text("key_digest"))
        .col(text("claimed_status"))
        .col(text("secret_digest"))
        .col(text("body").not_null())
        // pending, processed, ignored
        .col(text("state").not_null())
        .col(text("note"))
        .col(small("deliveries").not_null())
        .col(number("received_at").not_null());
    due(&mut webhooks);
    tx.execute(&webhooks).await?;
    due_index(tx, "webhooks").await?;
    index(tx, "webhooks", &["order_id", "state"]).await?;
    index(tx, "webhooks", &["received_at"]).await
}

async fn api(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut keys = table("api_keys");
    keys.col(text("id").not_null().primary_key())
        .col(text("prefix").not_null())
        .col(text("digest").not_null().unique_key())
        .col(text("scopes").not_null())
        .col(text("label").not_null())
        .col(number("created_at").not_null())
        .col(number("last_used_at"))
        .col(number("revoked_at"));
    tx.execute(&keys).await?;

    let mut requests = table("api_requests");
    requests
        .col(text("idempotency_key").not_null().primary_key())
        .col(text("route").not_null())
        .col(text("digest").not_null())
        .col(small("status"))
        .col(text("body"))
        .col(number("created_at").not_null());
    tx.execute(&requests).await?;

    let mut audit = table("audit");
    audit
        .col(counter("seq"))
        .col(text("actor").not_null())
        .col(text("action").not_null())
        .col(text("subject").not_null())
        .col(text("details").not_null())
        .col(number("at").not_null());
    tx.execute(&audit).await?;
    Ok(())
}

/// Drops what was moved, and puts the indexes up.
async fn finish(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    for gone in ["attempts", "billing_keys", "webhook_events"] {
        tx.execute(&Table::drop().table(name(gone)).to_owned())
            .await?;
    }
    let rename = Table::rename()
        .table(name("new_attempts"), name("attempts"))
        .to_owned();
    tx.execute(&rename).await?;
    unique(tx, "attempts", &["session_id", "kind", "key_digest"]).await?;
    index(tx, "attempts", &["payment_id"]).await?;
    due_index(tx, "attempts").await?;
    for constraint in [
        // At most one attempt of a session is under way, whichever process began it.
        "CREATE UNIQUE INDEX attempts_one_open ON attempts (session_id) \
         WHERE status IN ('intended', 'sent', 'unknown') AND kind <> 'cancel'",
        // At most one attempt of a payment took, or may have taken, its money.
        "CREATE UNIQUE INDEX attempts_one_payment ON attempts (payment_id) \
         WHERE status IN ('intended', 'sent', 'unknown', 'succeeded') AND kind IN ('confirm', 'charge')",
        // At most one cancel of a payment is under way.
        "CREATE UNIQUE INDEX attempts_one_cancel ON attempts (payment_id) \
         WHERE status IN ('intended', 'sent', 'unknown') AND kind = 'cancel'",
        "DROP INDEX sessions_status_next_check_at",
        "CREATE INDEX sessions_next ON sessions (next_action_at) WHERE next_action_at IS NOT NULL",
        "CREATE INDEX sessions_attention ON sessions (needs_attention) WHERE needs_attention IS NOT NULL",
    ] {
        tx.execute_unprepared(constraint).await?;
    }
    for gone in ["payment_key", "secret_digest", "due_at", "next_check_at"] {
        let alter = Table::alter()
            .table(name("sessions"))
            .drop_column(name(gone))
            .to_owned();
        tx.execute(&alter).await?;
    }
    Ok(())
}
