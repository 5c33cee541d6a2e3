//! What a session sets for the window of an easy pay service abroad.

use sea_orm::{DatabaseTransaction, DbErr};

use super::columns::{add, text};

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    // JSON, in the shape of the contract.
    add(tx, "sessions", [text("foreign_easy_pay")]).await
}
