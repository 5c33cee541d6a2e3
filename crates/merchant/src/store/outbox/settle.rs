//! Writes down what came of a delivery, and what follows for the others of its subject and endpoint.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, sea_query::Expr,
};

use crate::{
    application::{outbox::Settlement, ports::Claimed},
    domain::{delivery::DeliveryState, endpoint::EndpointState, ids::EndpointId, time::Millis},
    store::{
        columns::Text,
        entities::{delivery, endpoint},
        writer::Outcome as Written,
    },
};

/// `false`: somebody else has the delivery.
pub(super) async fn settle(
    tx: &DatabaseTransaction,
    claimed: Claimed,
    row: delivery::ActiveModel,
    settlement: Settlement,
    now: Millis,
) -> Result<Written<bool>, DbErr> {
    let Some(held) = delivery::Entity::find_by_id(claimed.id.clone())
        .filter(delivery::Column::LeaseNo.eq(claimed.lease_no))
        .one(tx)
        .await?
    else {
        return Ok(Written::Undo(false));
    };
    // Whoever is writing down that the earlier event is done is waited for, or waits: of
    // two that miss each other's change, neither would make this one due.
    let waits = match settlement {
        Settlement::BehindEarlier(_) => {
            let (to, subject) = (&held.endpoint_id.0, held.subject.as_str());
            let earlier = earlier(to, subject, held.event_seq).lock_exclusive();
            earlier.one(tx).await?.is_some()
        }
        _ => false,
    };
    let written = delivery::Entity::update_many()
        .set(row)
        .filter(delivery::Column::Id.eq(claimed.id))
        .filter(delivery::Column::LeaseNo.eq(claimed.lease_no))
        .exec(tx)
        .await?;
    if written.rows_affected != 1 {
        return Ok(Written::Undo(false));
    }
    match settlement {
        Settlement::Delivered | Settlement::GivenUp => {
            make_next_due(tx, &held, now).await?;
        }
        // Done since this one was looked at: nobody will make it due.
        Settlement::BehindEarlier(_) if !waits => {
            make_due_now(tx, held, now).await?;
        }
        Settlement::EndpointGone => {
            disable(tx, &held.endpoint_id.0, now).await?;
            cancel(tx, &held.endpoint_id.0).await?;
        }
        Settlement::BehindEarlier(_)
        | Settlement::Again(_)
        | Settlement::Postponed(_)
        | Settlement::Canceled => {}
    }
    Ok(Written::Keep(true))
}

/// The next event of the subject need not wait any longer.
async fn make_next_due(
    tx: &DatabaseTransaction,
    done: &delivery::Model,
    now: Millis,
) -> Result<(), DbErr> {
    let next = delivery::Entity::find()
        .filter(delivery::Column::EndpointId.eq(done.endpoint_id.clone()))
        .filter(delivery::Column::Subject.eq(done.subject.as_str()))
        .filter(delivery::Column::EventSeq.gt(done.event_seq))
        .filter(delivery::Column::State.eq(Text(DeliveryState::Pending)))
        .order_by_asc(delivery::Column::EventSeq)
        .one(tx)
        .await?;
    match next {
        // A claim counts as a try, so nobody holds this one.
        Some(next) if next.tries == 0 => make_due_now(tx, next, now).await,
        _ => Ok(()),
    }
}

async fn make_due_now(
    tx: &DatabaseTransaction,
    row: delivery::Model,
    now: Millis,
) -> Result<(), DbErr> {
    delivery::Entity::update_many()
        .col_expr(delivery::Column::NextActionAt, Expr::value(now.0))
        .filter(delivery::Column::Id.eq(row.id))
        .filter(delivery::Column::LeaseNo.eq(row.lease_no))
        .exec(tx)
        .await?;
    Ok(())
}

/// The last event of a subject before this one that is still on its way to an endpoint.
pub(super) fn earlier(to: &EndpointId, subject: &str, event_seq: i64) -> Select<delivery::Entity> {
    delivery::Entity::find()
        .filter(delivery::Column::EndpointId.eq(Text(to.clone())))
        .filter(delivery::Column::Subject.eq(subject))
        .filter(delivery::Column::EventSeq.lt(event_seq))
        .filter(delivery::Column::State.eq(Text(DeliveryState::Pending)))
        .order_by_desc(delivery::Column::EventSeq)
}

async fn disable(tx: &DatabaseTransaction, id: &EndpointId, now: Millis) -> Result<(), DbErr> {
    endpoint::Entity::update_many()
        .set(endpoint::ActiveModel {
            state: Set(Text(EndpointState::Gone)),
            updated_at: Set(now),
            ..endpoint::ActiveModel::default()
        })
        .filter(endpoint::Column::Id.eq(Text(id.clone())))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends what is on its way to an endpoint.
pub(super) async fn cancel(tx: &DatabaseTransaction, id: &EndpointId) -> Result<(), DbErr> {
    delivery::Entity::update_many()
        .set(delivery::ActiveModel {
            state: Set(Text(DeliveryState::Canceled)),
            next_action_at: Set(None),
            ..delivery::ActiveModel::default()
        })
        .filter(delivery::Column::EndpointId.eq(Text(id.clone())))
        .filter(delivery::Column::State.eq(Text(DeliveryState::Pending)))
        .exec(tx)
        .await?;
    Ok(())
}
