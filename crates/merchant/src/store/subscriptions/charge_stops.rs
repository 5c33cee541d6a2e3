//! The stop of a shop's charges.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
};

use super::wake::wake_held;
use crate::{
    domain::{ids::ShopId, time::Millis},
    store::{columns::Text, entities::shop},
};

/// Stops charges, moves the end of the stop, or has them go on: then what was held is due. `false`: the stop was
/// no more as it was read.
pub(super) async fn change(
    tx: &DatabaseTransaction,
    shop: &ShopId,
    before: Option<Millis>,
    until: Option<Millis>,
    now: Millis,
) -> Result<bool, DbErr> {
    let known = match before {
        Some(before) => shop::Column::ChargesStoppedUntil.eq(before),
        None => shop::Column::ChargesStoppedUntil.is_null(),
    };
    let mut change = shop::ActiveModel {
        charges_stopped_until: Set(until),
        ..shop::ActiveModel::default()
    };
    if until.is_none() {
        change.charges_resumed_at = Set(Some(now));
    }
    let stopped = shop::Entity::update_many()
        .set(change)
        .filter(shop::Column::Id.eq(Text(shop.clone())))
        .filter(known)
        .exec(tx)
        .await?;
    let turned = before.is_some() != until.is_some();
    if stopped.rows_affected == 1 && turned {
        wake_held(tx, shop, now).await?;
    }
    Ok(stopped.rows_affected == 1)
}
