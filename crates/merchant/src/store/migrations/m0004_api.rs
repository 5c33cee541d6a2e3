//! Keys of the merchant API end, and the requests that they sent are held while they are at work.

use sea_orm::{DatabaseTransaction, DbErr};

use super::columns::{add, number};

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    add(tx, "api_keys", [number("expires_at")]).await?;
    // Until then whoever began the request is at it; absent: nobody is.
    add(tx, "api_requests", [number("held_until")]).await
}
