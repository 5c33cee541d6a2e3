//! Webhooks as they came in.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use toss_checkout_contract::OrderId;

use super::{
    Store, StoreError, convert,
    entities::webhook_event,
    is_duplicate,
    records::{WebhookEvent, WebhookState},
};
use crate::clock::Millis;

/// A webhook to be stored.
#[derive(Debug)]
pub struct NewWebhook {
    /// Toss's id of the transmission.
    pub transmission_id: String,
    /// What kind it is.
    pub event_type: String,
    /// The order that it is about.
    pub order_id: Option<OrderId>,
    /// What it says.
    pub claimed_status: Option<String>,
    /// SHA-256 of its secret.
    pub secret_digest: Option<String>,
}

impl Store {
    /// Stores a webhook. `None`: it came before, and is counted only.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert_webhook(
        &self,
        new: NewWebhook,
        lease_until: Millis,
        now: Millis,
    ) -> Result<Option<WebhookEvent>, StoreError> {
        let row = webhook_event::ActiveModel {
            seq: NotSet,
            transmission_id: Set(new.transmission_id.clone()),
            event_type: Set(new.event_type),
            order_id: Set(new.order_id.map(|id| id.as_str().to_owned())),
            claimed_status: Set(new.claimed_status),
            secret_digest: Set(new.secret_digest),
            state: Set(WebhookState::Pending.as_str().to_owned()),
            note: Set(None),
            deliveries: Set(1),
            tries: Set(0),
            next_try_at: Set(lease_until.0),
            received_at: Set(now.0),
        };
        match webhook_event::Entity::insert(row)
            .exec_with_returning(&self.write)
            .await
        {
            Ok(row) => convert::webhook_record(row).map(Some),
            Err(error) if is_duplicate(&error) => {
                webhook_event::Entity::update_many()
                    .col_expr(
                        webhook_event::Column::Deliveries,
                        Expr::col(webhook_event::Column::Deliveries).add(1),
                    )
                    .filter(webhook_event::Column::TransmissionId.eq(new.transmission_id))
                    .exec(&self.write)
                    .await?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Webhooks that still have to be worked on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_webhooks(
        &self,
        now: Millis,
        limit: u64,
    ) -> Result<Vec<WebhookEvent>, StoreError> {
        webhook_event::Entity::find()
            .filter(webhook_event::Column::State.eq(WebhookState::Pending.as_str()))
            .filter(webhook_event::Column::NextTryAt.lte(now.0))
            .order_by_asc(webhook_event::Column::NextTryAt)
            .limit(limit)
            .all(&self.read)
            .await?
            .into_iter()
            .map(convert::webhook_record)
            .collect()
    }

    /// Takes a waiting webhook. `false`: somebody else was quicker.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_webhook(
        &self,
        event: &WebhookEvent,
        lease_until: Millis,
    ) -> Result<bool, StoreError> {
        let updated = webhook_event::Entity::update_many()
            .col_expr(webhook_event::Column::NextTryAt, Expr::value(lease_until.0))
            .col_expr(
                webhook_event::Column::Tries,
                Expr::col(webhook_event::Column::Tries).add(1),
            )
            .filter(webhook_event::Column::Seq.eq(event.seq))
            .filter(webhook_event::Column::State.eq(WebhookState::Pending.as_str()))
            .filter(webhook_event::Column::NextTryAt.eq(event.next_try_at.0))
            .exec(&self.write)
            .await?;
        Ok(updated.rows_affected == 1)
    }

    /// Writes down what became of a webhook, or when it is tried again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_webhook(
        &self,
        seq: i64,
        state: WebhookState,
        note: &str,
        next_try_at: Millis,
    ) -> Result<(), StoreError> {
        webhook_event::Entity::update_many()
            .set(webhook_event::ActiveModel {
                state: Set(state.as_str().to_owned()),
                note: Set(Some(note.to_owned())),
                next_try_at: Set(next_try_at.0),
                ..Default::default()
            })
            .filter(webhook_event::Column::Seq.eq(seq))
            .exec(&self.write)
            .await?;
        Ok(())
    }

    /// State and note of a webhook, newest delivery count included. For operators and tests.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn webhook_fate(
        &self,
        transmission_id: &str,
    ) -> Result<Option<(String, String, i32)>, StoreError> {
        Ok(webhook_event::Entity::find()
            .filter(webhook_event::Column::TransmissionId.eq(transmission_id))
            .one(&self.read)
            .await?
            .map(|row| (row.state, row.note.unwrap_or_default(), row.deliveries)))
    }
}
