//! What a session wants the buyer to agree to, and what buyers agreed to.

use sea_orm::{DatabaseTransaction, DbErr};

use super::columns::{add, number, text};

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    // JSON, in the shape of the contract; null where nothing is asked for.
    add(tx, "sessions", [text("consent")]).await?;
    // JSON, too: what came with the one-time key, until the billing key is there.
    add(tx, "attempts", [text("consent")]).await?;
    let given = [
        text("consent_version"),
        text("consent_text"),
        number("consent_at"),
    ];
    add(tx, "billing_keys", given).await
}
