//! [`Outbox`] on this database.

mod settle;

use async_trait::async_trait;
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict},
};

use self::settle::{cancel, earlier, settle};
use super::{
    Store,
    columns::Text,
    database,
    entities::{delivery, endpoint, event},
    is_duplicate,
    records::{self, event::record as event_record},
    writer::Outcome as Written,
};
use crate::{
    application::{
        outbox::{DueDelivery, EventFilter, Outbox, Resend, Settlement},
        ports::{Claimed, Records, RecordsError},
    },
    domain::{
        delivery::{Delivery, DeliveryState, Outcome},
        endpoint::{Endpoint, EndpointState},
        event::Event,
        ids::{EndpointId, EventId},
        time::Millis,
    },
};

/// Events that are taken at once when a time is sent again: one write holds others up only shortly.
const RESENT_AT_ONCE: u64 = 200;

#[async_trait]
impl Outbox for Store {
    async fn endpoints(&self) -> Result<Vec<Endpoint>, RecordsError> {
        let query = endpoint::Entity::find()
            .order_by_asc(endpoint::Column::CreatedAt)
            .order_by_asc(endpoint::Column::Id);
        self.all("endpoints", query, records::outbox::endpoint)
            .await
    }

    async fn endpoint(&self, id: &EndpointId) -> Result<Option<Endpoint>, RecordsError> {
        let query = endpoint::Entity::find_by_id(Text(id.clone()));
        self.one("endpoints", query, records::outbox::endpoint)
            .await
    }

    async fn insert_endpoint(&self, endpoint: &Endpoint) -> Result<bool, RecordsError> {
        let row = records::outbox::endpoint_row(endpoint);
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let inserted = endpoint::Entity::insert(row)
                        .exec_without_returning(tx)
                        .await;
                    unless_taken(inserted.map(|_| true))
                })
            })
            .await
    }

    async fn update_endpoint(
        &self,
        endpoint: &Endpoint,
        was_updated_at: Millis,
    ) -> Result<bool, RecordsError> {
        let id = endpoint.id.clone();
        let state = endpoint.state;
        let row = records::outbox::endpoint_row(endpoint);
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let updated = endpoint::Entity::update_many()
                        .set(row)
                        .filter(endpoint::Column::Id.eq(Text(id.clone())))
                        .filter(endpoint::Column::UpdatedAt.eq(was_updated_at))
                        .exec(tx)
                        .await;
                    if state != EndpointState::Enabled {
                        cancel(tx, &id).await?;
                    }
                    unless_taken(updated.map(|updated| updated.rows_affected == 1))
                })
            })
            .await
    }

    async fn delete_endpoint(&self, id: &EndpointId) -> Result<bool, RecordsError> {
        let id = id.clone();
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    delivery::Entity::delete_many()
                        .filter(delivery::Column::EndpointId.eq(Text(id.clone())))
                        .exec(tx)
                        .await?;
                    let deleted = endpoint::Entity::delete_by_id(Text(id)).exec(tx).await?;
                    Ok(Written::Keep(deleted.rows_affected == 1))
                })
            })
            .await
    }

    async fn due_delivery(&self, claimed: &Claimed) -> Result<Option<DueDelivery>, RecordsError> {
        let query = delivery::Entity::find_by_id(claimed.id.clone())
            .filter(delivery::Column::LeaseNo.eq(claimed.lease_no))
            .filter(delivery::Column::State.eq(Text(DeliveryState::Pending)));
        let found = self
            .one("deliveries", query, records::outbox::delivery)
            .await?;
        let Some(delivery) = found else {
            return Ok(None);
        };
        let event = Records::event(self, &delivery.event_id).await?;
        let endpoint = self.endpoint(&delivery.endpoint_id).await?;
        let (Some(event), Some(endpoint)) = (event, endpoint) else {
            return Ok(None);
        };
        let earlier = earlier(&delivery.endpoint_id, &delivery.subject, delivery.event_seq)
            .one(&self.read)
            .await
            .map_err(database)?;
        Ok(Some(DueDelivery {
            earlier_due: earlier.map(|row| row.next_action_at.unwrap_or(Millis(0))),
            delivery,
            event,
            endpoint,
        }))
    }

    async fn settle(
        &self,
        claimed: &Claimed,
        outcome: Option<&Outcome>,
        settlement: Settlement,
        now: Millis,
    ) -> Result<bool, RecordsError> {
        let claimed = claimed.clone();
        let row = records::outbox::settled(&claimed, outcome, &settlement, now);
        self.writer
            .write(move |tx| Box::pin(settle(tx, claimed, row, settlement, now)))
            .await
    }

    async fn deliveries(&self, events: &[EventId]) -> Result<Vec<Delivery>, RecordsError> {
        let query = delivery::Entity::find()
            .filter(delivery::Column::EventId.is_in(events.iter().cloned().map(Text)));
        self.all("deliveries", query, records::outbox::delivery)
            .await
    }

    async fn resend(&self, which: &Resend, now: Millis) -> Result<u64, RecordsError> {
        let mut query = endpoint::Entity::find()
            .filter(endpoint::Column::State.eq(Text(EndpointState::Enabled)));
        if let Some(id) = &which.endpoint {
            query = query.filter(endpoint::Column::Id.eq(Text(id.clone())));
        }
        let endpoints = self
            .all("endpoints", query, records::outbox::endpoint)
            .await?;
        let mut count = 0;
        let mut after = 0;
        loop {
            let mut query = event::Entity::find().filter(event::Column::Seq.gt(after));
            if let Some(id) = &which.event {
                query = query.filter(event::Column::Id.eq(Text(id.clone())));
            }
            if let Some(from) = which.from {
                query = query.filter(event::Column::At.gte(from));
            }
            if let Some(to) = which.to {
                query = query.filter(event::Column::At.lt(to));
            }
            let query = query.order_by_asc(event::Column::Seq).limit(RESENT_AT_ONCE);
            let events = self.all("events", query, event_record).await?;
            let Some(last) = events.last() else {
                return Ok(count);
            };
            after = last.seq;
            for endpoint in &endpoints {
                count += self
                    .make_due(&events, &endpoint.id, which.undelivered, now)
                    .await?;
            }
        }
    }

    async fn events(&self, filter: &EventFilter) -> Result<Vec<Event>, RecordsError> {
        let mut query = event::Entity::find().limit(filter.limit);
        if let Some(subject) = &filter.subject {
            query = query.filter(event::Column::Subject.eq(subject.as_str()));
        }
        if filter.failed {
            let failed = delivery::Entity::find()
                .select_only()
                .column(delivery::Column::EventId)
                .filter(delivery::Column::State.eq(Text(DeliveryState::Failed)));
            query = query.filter(event::Column::Id.in_subquery(failed.into_query()));
        }
        query = match (filter.newest_first, filter.after) {
            (true, None) => query.order_by_desc(event::Column::Seq),
            (true, Some(seq)) => query
                .filter(event::Column::Seq.lt(seq))
                .order_by_desc(event::Column::Seq),
            (false, after) => query
                .filter(event::Column::Seq.gt(after.unwrap_or(0)))
                .order_by_asc(event::Column::Seq),
        };
        self.all("events", query, event_record).await
    }
}

impl Store {
    /// Makes deliveries of these events to an endpoint due, with every try before them. Whoever holds
    /// one loses its lease.
    async fn make_due(
        &self,
        events: &[Event],
        endpoint: &EndpointId,
        undelivered: bool,
        now: Millis,
    ) -> Result<u64, RecordsError> {
        let rows: Vec<delivery::ActiveModel> = events
            .iter()
            .map(|event| {
                let endpoint = Text(endpoint.clone());
                records::outbox::new_delivery(&event.id, event.seq, &event.subject, endpoint, now)
            })
            .collect();
        let mut again =
            OnConflict::columns([delivery::Column::EventId, delivery::Column::EndpointId]);
        again
            .update_columns([
                delivery::Column::State,
                delivery::Column::NextActionAt,
                delivery::Column::Tries,
                delivery::Column::NeedsAttention,
            ])
            .value(
                delivery::Column::LeaseNo,
                Expr::col((delivery::Entity, delivery::Column::LeaseNo)).add(1_i64),
            );
        if undelivered {
            again.action_and_where(
                Expr::col((delivery::Entity, delivery::Column::State))
                    .ne(DeliveryState::Delivered.as_str()),
            );
        }
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let due = delivery::Entity::insert_many(rows)
                        .on_conflict(again)
                        .exec_without_returning(tx)
                        .await?;
                    Ok(Written::Keep(due))
                })
            })
            .await
    }
}

/// `false` when another endpoint has the address, or there is nothing to change.
fn unless_taken(written: Result<bool, DbErr>) -> Result<Written<bool>, DbErr> {
    match written {
        Ok(true) => Ok(Written::Keep(true)),
        Ok(false) => Ok(Written::Undo(false)),
        Err(error) if is_duplicate(&error) => Ok(Written::Undo(false)),
        Err(error) => Err(error),
    }
}
