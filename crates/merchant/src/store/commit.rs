//! One change: everything that belongs to it, or nothing.

mod array;
pub(super) mod batch;
pub(super) mod batches;
mod event_rows;
pub(super) mod parts;
mod rows;
mod script;
pub(super) mod texts;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict, Query},
};

use self::{
    event_rows::EventRows,
    parts::Parts,
    rows::{Changed, Inline, New, Row, wakes},
};
use super::{
    Store,
    audit::audit_row,
    columns::{Json, Text},
    entities::{
        consent, customer, event, invoice, notice, notice_delivery, payment_method, session,
        subscription,
    },
    is_duplicate, records,
    records::to_i64,
    subscriptions::{wake_by_invoice, wake_by_method},
    writer::Outcome,
};
use crate::{
    application::{
        change::{
            Change, Committed, PaymentMethodPatch, SubscriptionChange, SubscriptionUpdate, Update,
        },
        ports::RecordsError,
    },
    crypto::random_name,
    domain::{
        event::NewEvent,
        ids::{CustomerId, PaymentMethodId},
        session::SessionRecord,
        subscription::invoice::Invoice,
        time::Millis,
    },
    failpoints::{self, Side},
};

/// Why a change was not written.
enum Refused {
    Database(DbErr),
    Committed(Committed),
}

impl From<DbErr> for Refused {
    fn from(error: DbErr) -> Self {
        if is_duplicate(&error) {
            Self::Committed(Committed::Conflict)
        } else {
            Self::Database(error)
        }
    }
}

impl Store {
    pub(super) async fn commit_change(
        &self,
        change: Change,
        now: Millis,
    ) -> Result<Committed, RecordsError> {
        if Parts::are_all_of(&change) {
            let parts = Parts::of(change, now);
            failpoints::reached("commit_change", Side::Before);
            let written = if let Some(batches) = &self.batches {
                batches.write(parts).await
            } else {
                let script = script::script(&self.texts, parts);
                self.writer.write_script(script).await
            };
            failpoints::reached("commit_change", Side::After);
            return written;
        }
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    match Box::pin(write(tx, change, now)).await {
                        Ok(()) => Ok(Outcome::Keep(Committed::Done)),
                        Err(Refused::Committed(why)) => Ok(Outcome::Undo(why)),
                        Err(Refused::Database(error)) => Err(error),
                    }
                })
            })
            .await
    }
}

/// Referenced rows come before those that refer to them.
async fn write(tx: &DatabaseTransaction, change: Change, now: Millis) -> Result<(), Refused> {
    if let Some(session) = change.new_session {
        insert_session(tx, session).await?;
    }
    if let Some(update) = change.session {
        Changed::session(update, now).write(tx).await?;
    }
    if let Some(subscribing) = change.subscribing {
        write_subscription(tx, *subscribing, now).await?;
    }
    if let Some(payment) = change.new_payment {
        New::of(records::payment::row(payment)).write(tx).await?;
    }
    if let Some(update) = change.payment {
        Changed::payment(update, now).write(tx).await?;
    }
    if let Some(method) = change.new_method {
        New::of(records::method::row(method)).write(tx).await?;
    }
    if let Some(update) = change.method {
        update_method(tx, update, now).await?;
    }
    // The old attempt first: a new one of the same payment may begin only when it is settled.
    if let Some(update) = change.attempt {
        // Its subscription before it: whoever voids the invoice meanwhile holds that row, so that what is
        // read of the invoice afterwards stays so.
        if let Some(invoice) = wakes(&update) {
            wake_by_invoice(tx, invoice, now).await?;
        }
        Changed::attempt(update, now).write(tx).await?;
    }
    if let Some(attempt) = change.new_attempt {
        New::of(records::attempt::row(attempt)).write(tx).await?;
    }
    for update in change.refunds {
        Changed::refund(update, now).write(tx).await?;
    }
    for new in change.new_refunds {
        New::of(records::refund::row(new)).write(tx).await?;
    }
    for new in change.events {
        write_event(tx, new, now).await?;
    }
    if let Some(entry) = change.audit {
        New::of(audit_row(entry, now)).write(tx).await?;
    }
    Ok(())
}

async fn write_subscription(
    tx: &DatabaseTransaction,
    change: SubscriptionChange,
    now: Millis,
) -> Result<(), Refused> {
    if let Some(subscription) = change.new_subscription {
        subscription::Entity::insert(records::subscription::row(subscription))
            .exec_without_returning(tx)
            .await?;
    }
    if let Some(update) = change.subscription {
        update_subscription(tx, update, now).await?;
    }
    // The owed one first: a new one may be owed only when it is not.
    if let Some(invoice) = change.invoice {
        update_invoice(tx, invoice, now).await?;
    }
    if let Some(invoice) = change.new_invoice {
        invoice::Entity::insert(records::subscription::invoice_row(invoice))
            .exec_without_returning(tx)
            .await?;
    }
    if let Some(consent) = change.new_consent {
        consent::Entity::insert(records::subscription::consent_row(consent))
            .exec_without_returning(tx)
            .await?;
    }
    if let Some(notice) = change.new_notice {
        notice::Entity::insert(records::subscription::notice_row(notice))
            .exec_without_returning(tx)
            .await?;
    }
    if let Some(delivery) = change.new_notice_delivery {
        notice_delivery::Entity::insert(records::subscription::notice_delivery_row(delivery))
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn one(rows: u64) -> Result<(), Refused> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Refused::Committed(Committed::Stale))
    }
}

async fn insert_session(tx: &DatabaseTransaction, session: SessionRecord) -> Result<(), Refused> {
    let contact = customer::ActiveModel {
        id: Set(Text(CustomerId::new(random_name(CustomerId::PREFIX)))),
        customer_key: Set(Text(session.session.customer_key.clone())),
        contact: Set(Json(session.session.customer.clone())),
        erased_at: Set(None),
        created_at: Set(session.created_at),
        updated_at: Set(session.created_at),
    };
    customer::Entity::insert(contact)
        .on_conflict(
            OnConflict::column(customer::Column::CustomerKey)
                .update_columns([customer::Column::Contact, customer::Column::UpdatedAt])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    session::Entity::insert(records::session::row(session))
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Whoever holds the row meanwhile loses it: they decided from what is no longer so.
async fn update_subscription(
    tx: &DatabaseTransaction,
    update: SubscriptionUpdate,
    now: Millis,
) -> Result<(), Refused> {
    let SubscriptionUpdate {
        revision,
        new,
        next_action_at,
    } = update;
    let id = new.id.clone();
    let updated = subscription::Entity::update_many()
        .set(subscription::ActiveModel {
            next_action_at: Set(next_action_at),
            tries: Set(0),
            ..records::subscription::change(*new, now)
        })
        .col_expr(
            subscription::Column::LeaseNo,
            Expr::col(subscription::Column::LeaseNo).add(1_i64),
        )
        .filter(subscription::Column::Id.eq(Text(id)))
        .filter(subscription::Column::Revision.eq(to_i64(revision)))
        .exec(tx)
        .await?;
    one(updated.rows_affected)
}

/// The revision of its subscription guards it.
async fn update_invoice(
    tx: &DatabaseTransaction,
    new: Invoice,
    now: Millis,
) -> Result<(), Refused> {
    let id = new.id.clone();
    let updated = invoice::Entity::update_many()
        .set(records::subscription::invoice_change(new, now))
        .filter(invoice::Column::Id.eq(Text(id)))
        .exec(tx)
        .await?;
    one(updated.rows_affected)
}

async fn update_method(
    tx: &DatabaseTransaction,
    update: Update<PaymentMethodId, PaymentMethodPatch>,
    now: Millis,
) -> Result<(), Refused> {
    let id = update.id.clone();
    let changes_status = update.patch.status.is_some();
    let updated = payment_method::Entity::update_many()
        .set(payment_method::ActiveModel {
            revision: Set(to_i64(update.revision + 1)),
            ..records::method::patch(update.patch, now)
        })
        .filter(payment_method::Column::Id.eq(Text(update.id)))
        .filter(payment_method::Column::Revision.eq(to_i64(update.revision)))
        .exec(tx)
        .await?;
    one(updated.rows_affected)?;
    if changes_status {
        wake_by_method(tx, &id, now).await?;
    }
    Ok(())
}

/// Writes an event, and with it that every enabled endpoint is to get it.
async fn write_event(tx: &DatabaseTransaction, new: NewEvent, now: Millis) -> Result<(), Refused> {
    let Row { shape, values } = EventRows::of(new, now);
    let values = Inline(&values);
    let mut insert = shape.row.insert(Query::select(), &values);
    let row = tx
        .query_one(insert.returning_col(event::Column::Seq))
        .await?;
    let seq: i64 = match row {
        Some(row) => row.try_get_by_index(0)?,
        None => return Err(DbErr::RecordNotInserted.into()),
    };
    tx.execute(&shape.deliveries(Expr::val(seq), Query::select(), &values))
        .await?;
    Ok(())
}
