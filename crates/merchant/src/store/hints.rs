//! The budget for webhooks without proof. It is in the database, so that several copies share one.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    Store,
    columns::Text,
    database,
    entities::{hint, shop},
    records::to_i32,
    writer::Outcome,
};
use crate::{
    application::ports::RecordsError,
    domain::{
        hints::{Hinted, MINUTE},
        ids::{PaymentId, ShopId},
        time::Millis,
    },
};

impl Store {
    pub(super) async fn hint(
        &self,
        shop_id: &ShopId,
        payment: &PaymentId,
        per_minute: u32,
        now: Millis,
    ) -> Result<Result<(), Millis>, RecordsError> {
        // The usual answer to a flood needs no write lock.
        let before = last(&self.read, payment).await.map_err(database)?;
        if let Err(free_at) = Hinted::next(before, now) {
            return Ok(Err(free_at));
        }
        let (shop_id, payment) = (shop_id.clone(), payment.clone());
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    // One after the other counts.
                    shop::Entity::find_by_id(Text(shop_id.clone()))
                        .lock_exclusive()
                        .one(tx)
                        .await?;
                    let next = match Hinted::next(last(tx, &payment).await?, now) {
                        Ok(next) => next,
                        Err(free_at) => return Ok(Outcome::Undo(Err(free_at))),
                    };
                    let minute_ago = now.minus(MINUTE);
                    let newest: Vec<Millis> = hint::Entity::find()
                        .select_only()
                        .column(hint::Column::At)
                        .filter(hint::Column::ShopId.eq(Text(shop_id.clone())))
                        .filter(hint::Column::At.gt(minute_ago))
                        .order_by_desc(hint::Column::At)
                        .limit(u64::from(per_minute))
                        .into_tuple()
                        .all(tx)
                        .await?;
                    let used_up = newest.len() as u64 >= u64::from(per_minute);
                    if let Some(oldest) = newest.last().filter(|_| used_up) {
                        return Ok(Outcome::Undo(Err(oldest.plus(MINUTE))));
                    }
                    let row = hint::ActiveModel {
                        seq: NotSet,
                        shop_id: Set(Text(shop_id)),
                        payment_id: Set(Text(payment)),
                        times: Set(to_i32(next.times)),
                        at: Set(next.at),
                    };
                    hint::Entity::insert(row).exec_without_returning(tx).await?;
                    Ok(Outcome::Keep(Ok(())))
                })
            })
            .await
    }
}

async fn last(
    connection: &impl ConnectionTrait,
    payment: &PaymentId,
) -> Result<Option<Hinted>, DbErr> {
    let row = hint::Entity::find()
        .filter(hint::Column::PaymentId.eq(Text(payment.clone())))
        .order_by_desc(hint::Column::Seq)
        .one(connection)
        .await?;
    Ok(row.map(|row| Hinted {
        at: row.at,
        times: u32::try_from(row.times).unwrap_or(1),
    }))
}
