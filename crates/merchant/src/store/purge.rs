//! Deletes what is kept for a time only.

use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use super::{
    Store,
    columns::Text,
    entities::{customer_link, delivery, event, failure_report, hint, webhook},
    writer::Outcome,
};
use crate::{
    application::ports::{Over, RecordsError},
    domain::{delivery::DeliveryState, ids::EventId, time::Millis, webhook::WebhookState},
};

impl Store {
    pub(super) async fn purge_over(&self, over: Over, limit: u64) -> Result<u64, RecordsError> {
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let mut rows = webhooks(tx, over.webhooks, limit).await?;
                    rows += failure_reports(tx, over.webhooks, limit).await?;
                    rows += customer_links(tx, over.webhooks, limit).await?;
                    rows += hints(tx, over.hints, limit).await?;
                    if let Some(before) = over.events {
                        rows += events(tx, before, limit).await?;
                    }
                    Ok(Outcome::Keep(rows))
                })
            })
            .await
    }
}

async fn webhooks(tx: &DatabaseTransaction, before: Millis, limit: u64) -> Result<u64, DbErr> {
    let ids: Vec<String> = webhook::Entity::find()
        .select_only()
        .column(webhook::Column::Id)
        .filter(webhook::Column::ReceivedAt.lt(before))
        .filter(webhook::Column::State.ne(Text(WebhookState::Pending)))
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    let deleted = webhook::Entity::delete_many()
        .filter(webhook::Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}

async fn failure_reports(
    tx: &DatabaseTransaction,
    before: Millis,
    limit: u64,
) -> Result<u64, DbErr> {
    let ids: Vec<i64> = failure_report::Entity::find()
        .select_only()
        .column(failure_report::Column::Id)
        .filter(failure_report::Column::CreatedAt.lt(before))
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    let deleted = failure_report::Entity::delete_many()
        .filter(failure_report::Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}

async fn customer_links(
    tx: &DatabaseTransaction,
    before: Millis,
    limit: u64,
) -> Result<u64, DbErr> {
    let ended: Vec<String> = customer_link::Entity::find()
        .select_only()
        .column(customer_link::Column::TokenDigest)
        .filter(customer_link::Column::ExpiresAt.lt(before))
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    let deleted = customer_link::Entity::delete_many()
        .filter(customer_link::Column::TokenDigest.is_in(ended))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}

async fn hints(tx: &DatabaseTransaction, before: Millis, limit: u64) -> Result<u64, DbErr> {
    let ids: Vec<i64> = hint::Entity::find()
        .select_only()
        .column(hint::Column::Seq)
        .filter(hint::Column::At.lt(before))
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await?;
    let deleted = hint::Entity::delete_many()
        .filter(hint::Column::Seq.is_in(ids))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}

/// An event that is on its way to an endpoint, or was given up and waits for an operator, stays.
async fn events(tx: &DatabaseTransaction, before: Millis, limit: u64) -> Result<u64, DbErr> {
    let unsettled = delivery::Entity::find()
        .select_only()
        .expr(Expr::value(1))
        .filter(
            Expr::col((delivery::Entity, delivery::Column::EventId))
                .equals((event::Entity, event::Column::Id)),
        )
        .filter(
            delivery::Column::State
                .is_in([DeliveryState::Pending, DeliveryState::Failed].map(Text)),
        );
    let ids: Vec<EventId> = event::Entity::find()
        .select_only()
        .column(event::Column::Id)
        .filter(event::Column::At.lt(before))
        .filter(Expr::exists(unsettled.into_query()).not())
        .order_by_asc(event::Column::At)
        .limit(limit)
        .into_tuple::<String>()
        .all(tx)
        .await?
        .into_iter()
        .map(EventId::new)
        .collect();
    let named = || ids.iter().cloned().map(Text);
    delivery::Entity::delete_many()
        .filter(delivery::Column::EventId.is_in(named()))
        .exec(tx)
        .await?;
    let deleted = event::Entity::delete_many()
        .filter(event::Column::Id.is_in(named()))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}
