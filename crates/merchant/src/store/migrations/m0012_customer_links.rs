//! Links with which customers open the page of their subscriptions, and checkouts in which they register
//! another card or account for one.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, sea_query::Table};

use super::columns::{add, index, name, number, text};

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    let mut links = Table::create();
    links
        .table(name("customer_links"))
        // Whoever reads a backup opens nothing with it.
        .col(text("token_digest").not_null().primary_key())
        .col(text("customer_key").not_null())
        // The only one that it opens; absent: all of the customer's.
        .col(text("subscription_id"))
        // Where "back to the shop" leads.
        .col(text("return_url"))
        .col(number("expires_at").not_null())
        .col(number("created_at").not_null());
    tx.execute(&links).await?;
    index(tx, "customer_links", &["expires_at"]).await?;
    // The subscription that charges what the session registers.
    add(tx, "sessions", [text("replaces_method_of")]).await
}
