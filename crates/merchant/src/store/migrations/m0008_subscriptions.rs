//! Subscriptions, what they owe, and what customers agreed to.
//!
//! Two indexes make a second charge for a period impossible, whatever the code above does: one invoice per
//! period (A), and per invoice at most one attempt that took its money or may have taken it (B).

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr,
    sea_query::{ColumnDef, ForeignKey, Table, TableCreateStatement},
};

use super::columns::{add, counter, dates, due_index, index, name, number, text, unique, work};

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    subscriptions(tx).await?;
    invoices(tx).await?;
    consents(tx).await?;
    // The invoice that a charge is to pay, its number within the invoice, and why it was made.
    let charge = [
        text("invoice_id"),
        number("charge_no"),
        text("charge_trigger"),
    ];
    add(tx, "attempts", charge).await?;
    unique(tx, "attempts", &["invoice_id", "charge_no"]).await?;
    // While a shop's settings make Toss refuse everything, nothing is charged before the first moment;
    // the second says since when that is over.
    let stop = [
        number("charges_stopped_until"),
        number("charges_resumed_at"),
    ];
    add(tx, "shops", stop).await?;
    // Whether a registration begins a subscription to the session's plan.
    let mut subscribe = ColumnDef::new(name("subscribe"));
    subscribe.boolean().not_null().default(false);
    add(tx, "sessions", [subscribe]).await?;
    for constraint in [
        // After every charge of a subscription a shop's last ones are read, newest first.
        "CREATE INDEX attempts_last_charges ON attempts (shop_id, settled_at) \
         WHERE invoice_id IS NOT NULL AND settled_at IS NOT NULL",
        "CREATE INDEX invoices_held ON invoices (subscription_id) WHERE status = 'held'",
        "CREATE UNIQUE INDEX invoices_one_per_period ON invoices (subscription_id, period_no) \
         WHERE kind = 'period'",
        "CREATE UNIQUE INDEX attempts_one_per_invoice ON attempts (invoice_id) \
         WHERE status IN ('intended', 'sent', 'unknown', 'succeeded')",
        // Nobody owes two things at once, so a payment never has to be told which one it is for.
        "CREATE UNIQUE INDEX invoices_one_owed ON invoices (subscription_id) \
         WHERE status IN ('open', 'held')",
    ] {
        tx.execute_unprepared(constraint).await?;
    }
    Ok(())
}

fn table(called: &str) -> TableCreateStatement {
    let mut table = Table::create();
    table.table(name(called));
    table
}

fn of_subscription(table: &mut TableCreateStatement, own: &str) {
    table.foreign_key(
        ForeignKey::create()
            .name(format!("{own}_subscription_id_key"))
            .from(name(own), name("subscription_id"))
            .to(name("subscriptions"), name("id")),
    );
}

async fn subscriptions(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut subscriptions = table("subscriptions");
    subscriptions
        .col(counter("seq"))
        .col(text("id").not_null().unique_key())
        .col(text("shop_id").not_null())
        .col(text("customer_key").not_null())
        .col(text("payment_method_id").not_null())
        // incomplete, trialing, active, past_due, unpaid, awaiting_consent, paused, canceled
        .col(text("status").not_null())
        // Every change, also of an invoice, is `where revision = <the one that was read>`.
        .col(number("revision").not_null())
        .col(text("order_name").not_null())
        // JSON: price, schedule, period, what is pending.
        .col(text("state").not_null());
    dates(&mut subscriptions);
    for column in work() {
        subscriptions.col(column);
    }
    tx.execute(&subscriptions).await?;
    due_index(tx, "subscriptions").await?;
    index(tx, "subscriptions", &["customer_key", "seq"]).await?;
    index(tx, "subscriptions", &["status", "seq"]).await?;
    index(tx, "subscriptions", &["payment_method_id"]).await
}

async fn invoices(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut invoices = table("invoices");
    invoices
        .col(counter("seq"))
        .col(text("id").not_null().unique_key())
        .col(text("subscription_id").not_null())
        // period, proration
        .col(text("kind").not_null())
        .col(number("period_no").not_null())
        .col(text("request_key"))
        .col(number("amount").not_null())
        .col(text("currency").not_null())
        // open, paid, void, held, uncollectible
        .col(text("status").not_null())
        // JSON: the period, lines, planned tries.
        .col(text("state").not_null())
        .col(number("paid_at"));
    dates(&mut invoices);
    of_subscription(&mut invoices, "invoices");
    tx.execute(&invoices).await?;
    index(tx, "invoices", &["subscription_id", "seq"]).await?;
    unique(tx, "invoices", &["subscription_id", "request_key"]).await
}

async fn consents(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut consents = table("consents");
    consents
        .col(counter("seq"))
        .col(text("id").not_null().unique_key())
        .col(text("subscription_id").not_null())
        .col(text("customer_key").not_null())
        // price_increase, trial_conversion
        .col(text("kind").not_null())
        // JSON: price and interval.
        .col(text("terms_before").not_null())
        .col(text("terms_after").not_null())
        .col(number("effective_at").not_null())
        .col(text("text_version").not_null())
        .col(text("text").not_null())
        .col(text("method_label").not_null())
        .col(text("channel").not_null())
        // From where, as far as it is known.
        .col(text("ip"))
        .col(text("user_agent"))
        .col(number("given_at").not_null())
        .col(text("prev_hash").not_null())
        .col(text("hash").not_null());
    of_subscription(&mut consents, "consents");
    tx.execute(&consents).await?;
    index(tx, "consents", &["subscription_id", "seq"]).await?;
    // A chain: no consent of a customer has two that follow it.
    unique(tx, "consents", &["customer_key", "prev_hash"]).await
}
