//! [`WebhookRecords`] on this database.

use async_trait::async_trait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};

use crate::{
    application::ports::{Claimed, RecordsError, WebhookRecords},
    crypto::random_name,
    domain::{
        ids::{PaymentId, ShopId},
        time::Millis,
        webhook::{NewWebhook, Webhook, WebhookState},
    },
    store::{Store, columns::Text, entities::webhook, is_duplicate, records, writer::Outcome},
};

#[async_trait]
impl WebhookRecords for Store {
    async fn insert_webhook(
        &self,
        new: NewWebhook,
        now: Millis,
    ) -> Result<Option<Webhook>, RecordsError> {
        let id = random_name("wh_");
        let transmission = new.transmission_id.clone();
        let row = records::webhook::row(id.clone(), new, now);
        let stored = self
            .writer
            .write(move |tx| {
                Box::pin(async move {
                    match webhook::Entity::insert(row)
                        .exec_without_returning(tx)
                        .await
                    {
                        Ok(_) => Ok(Outcome::Keep(true)),
                        Err(error) if is_duplicate(&error) => Ok(Outcome::Undo(false)),
                        Err(error) => Err(error),
                    }
                })
            })
            .await?;
        if stored {
            return self.webhook(&id).await;
        }
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    webhook::Entity::update_many()
                        .col_expr(
                            webhook::Column::Deliveries,
                            Expr::col(webhook::Column::Deliveries).add(1_i32),
                        )
                        .filter(webhook::Column::TransmissionId.eq(transmission))
                        .exec(tx)
                        .await?;
                    Ok(Outcome::Keep(()))
                })
            })
            .await?;
        Ok(None)
    }

    async fn webhook(&self, id: &str) -> Result<Option<Webhook>, RecordsError> {
        let query = webhook::Entity::find().filter(webhook::Column::Id.eq(id));
        self.one("webhooks", query, |row| Ok(records::webhook::record(row)))
            .await
    }

    async fn webhook_of_transmission(&self, name: &str) -> Result<Option<Webhook>, RecordsError> {
        let query = webhook::Entity::find().filter(webhook::Column::TransmissionId.eq(name));
        self.one("webhooks", query, |row| Ok(records::webhook::record(row)))
            .await
    }

    async fn finish_webhook(
        &self,
        claimed: &Claimed,
        state: WebhookState,
        note: &str,
        until: Millis,
    ) -> Result<bool, RecordsError> {
        let claimed = claimed.clone();
        let note = note.to_owned();
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let done = webhook::ActiveModel {
                        state: Set(Text(state)),
                        note: Set(Some(note)),
                        next_action_at: Set(None),
                        ..webhook::ActiveModel::default()
                    };
                    let own = webhook::Entity::update_many()
                        .set(done.clone())
                        .filter(webhook::Column::Id.eq(claimed.id.as_str()))
                        .filter(webhook::Column::LeaseNo.eq(claimed.lease_no))
                        .filter(webhook::Column::State.eq(Text(WebhookState::Pending)))
                        .exec(tx)
                        .await?;
                    if own.rows_affected != 1 {
                        return Ok(Outcome::Undo(false));
                    }
                    let order: Option<String> = webhook::Entity::find()
                        .select_only()
                        .column(webhook::Column::OrderId)
                        .filter(webhook::Column::Id.eq(claimed.id.as_str()))
                        .into_tuple::<Option<String>>()
                        .one(tx)
                        .await?
                        .flatten();
                    if let Some(order) = order {
                        webhook::Entity::update_many()
                            .set(done)
                            .filter(webhook::Column::OrderId.eq(order))
                            .filter(webhook::Column::State.eq(Text(WebhookState::Pending)))
                            .filter(webhook::Column::ReceivedAt.lte(until))
                            .exec(tx)
                            .await?;
                    }
                    Ok(Outcome::Keep(true))
                })
            })
            .await
    }

    async fn hint(
        &self,
        shop: &ShopId,
        payment: &PaymentId,
        per_minute: u32,
        now: Millis,
    ) -> Result<Result<(), Millis>, RecordsError> {
        Store::hint(self, shop, payment, per_minute, now).await
    }
}
