//! When Toss named a fault for a request that was sent again: looks count long after it only.

use sea_orm::{DatabaseTransaction, DbErr};

use super::columns::{add, number};

pub(super) async fn up(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    add(tx, "attempts", [number("fault_at")]).await
}
