//! What customers were to be told before a charge, and what the merchant says of its delivery.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr,
    sea_query::{ForeignKey, Table},
};

use super::columns::{counter, index, name, number, text, unique};

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    notices(tx).await?;
    deliveries(tx).await
}

async fn notices(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut notices = Table::create();
    notices
        .table(name("notices"))
        .col(counter("seq"))
        .col(text("id").not_null().unique_key())
        .col(text("subscription_id").not_null())
        .col(text("customer_key").not_null())
        // consent_request, trial_ending, price_increase
        .col(text("kind").not_null())
        .col(number("for_at").not_null())
        .col(number("price_before").not_null())
        .col(number("price_after").not_null())
        // JSON: the finished text in each language.
        .col(text("text").not_null())
        .col(number("due_at").not_null())
        .foreign_key(
            ForeignKey::create()
                .name("notices_subscription_id_key")
                .from(name("notices"), name("subscription_id"))
                .to(name("subscriptions"), name("id")),
        );
    tx.execute(&notices).await?;
    index(tx, "notices", &["customer_key", "seq"]).await
}

async fn deliveries(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut deliveries = Table::create();
    deliveries
        .table(name("notice_deliveries"))
        .col(counter("seq"))
        .col(text("notice_id").not_null().unique_key())
        .col(text("customer_key").not_null())
        .col(number("delivered_at").not_null())
        .col(text("channel").not_null())
        .col(number("reported_at").not_null())
        .col(text("prev_hash").not_null())
        .col(text("hash").not_null())
        .foreign_key(
            ForeignKey::create()
                .name("notice_deliveries_of_notice")
                .from(name("notice_deliveries"), name("notice_id"))
                .to(name("notices"), name("id")),
        );
    tx.execute(&deliveries).await?;
    // A chain: no delivery to a customer has two that follow it.
    unique(tx, "notice_deliveries", &["customer_key", "prev_hash"]).await
}
