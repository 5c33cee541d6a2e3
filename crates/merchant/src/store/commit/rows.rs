//! The rows of a change as statements, the same for both engines.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityName, EntityTrait,
    IntoActiveModel, Iterable, QueryFilter, QueryTrait,
    sea_query::{
        BinOper, DynIden, Expr, ExprTrait, InsertStatement, IntoIden, IntoTableRef, Query,
        SelectStatement, SimpleExpr, TableRef, UpdateStatement,
    },
};
use toss_checkout_contract::SessionId;

use super::Refused;
use crate::{
    application::change::{
        AttemptUpdate, Committed, PaymentPatch, RefundUpdate, Settlement, Update,
    },
    crypto::random_name,
    domain::{
        delivery::DeliveryState,
        endpoint::EndpointState,
        event::NewEvent,
        ids::{EventId, InvoiceId, PaymentId},
        refund::RefundStatus,
        session::SessionPatch,
        time::Millis,
    },
    store::{
        columns::{Json, Text},
        entities::{attempt, delivery, endpoint, event, invoice, payment, refund, session},
        records::{self, to_i64},
        subscriptions::OWED,
    },
};

/// A row that changes, if it is still as it was read.
pub(super) struct Changed {
    pub(super) table: TableRef,
    /// Names the row, and what it must be like.
    pub(super) as_read: Condition,
    pub(super) statement: UpdateStatement,
}

impl Changed {
    fn new<A>(row: A, as_read: Condition) -> Self
    where
        A: ActiveModelTrait + IntoActiveModel<A>,
    {
        let update = A::Entity::update_many().set(row).filter(as_read.clone());
        Self {
            table: A::Entity::default().table_ref(),
            as_read,
            statement: update.into_query(),
        }
    }

    pub(super) async fn write(&self, tx: &DatabaseTransaction) -> Result<(), Refused> {
        let written = tx.execute(&self.statement).await?;
        if written.rows_affected() == 1 {
            Ok(())
        } else {
            Err(Refused::Committed(Committed::Stale))
        }
    }

    pub(super) fn session(update: Update<SessionId, SessionPatch>, now: Millis) -> Self {
        let row = session::ActiveModel {
            revision: Set(to_i64(update.revision + 1)),
            ..records::session::patch(update.patch, now)
        };
        let as_read = Condition::all()
            .add(session::Column::Id.eq(Text(update.id)))
            .add(session::Column::Revision.eq(to_i64(update.revision)));
        Self::new(row, as_read)
    }

    pub(super) fn payment(update: Update<PaymentId, PaymentPatch>, now: Millis) -> Self {
        let row = payment::ActiveModel {
            revision: Set(to_i64(update.revision + 1)),
            ..records::payment::patch(update.patch, now)
        };
        let as_read = Condition::all()
            .add(payment::Column::Id.eq(Text(update.id)))
            .add(payment::Column::Revision.eq(to_i64(update.revision)));
        Self::new(row, as_read)
    }

    pub(super) fn attempt(update: AttemptUpdate, now: Millis) -> Self {
        let still_owed = (update.settlement == Settlement::PaysAfterAll)
            .then(|| attempt::Column::InvoiceId.in_subquery(owed_invoices()));
        let (row, from) = records::attempt::settlement(update.settlement, now);
        let as_read = Condition::all()
            .add(attempt::Column::Id.eq(Text(update.id)))
            .add(attempt::Column::Status.is_in(from.iter().copied().map(Text)))
            .add_option(still_owed)
            .add_option(
                update
                    .lease_no
                    .map(|lease| attempt::Column::LeaseNo.eq(lease)),
            );
        Self::new(row, as_read)
    }

    pub(super) fn refund(update: RefundUpdate, now: Millis) -> Self {
        let as_read = Condition::all()
            .add(refund::Column::Id.eq(Text(update.id.clone())))
            .add(refund::Column::Status.eq(Text(RefundStatus::Pending)));
        Self::new(records::refund::update(update, now), as_read)
    }
}

/// A row that is new.
pub(super) struct New {
    table: TableRef,
    columns: Vec<DynIden>,
    values: Vec<SimpleExpr>,
}

impl New {
    pub(super) fn of<A: ActiveModelTrait>(mut row: A) -> Self {
        let (columns, values) = <A::Entity as EntityTrait>::Column::iter()
            .filter_map(|column| {
                let value = row.take(column).into_value()?;
                Some((column.into_iden(), column.save_as(Expr::val(value))))
            })
            .unzip();
        Self {
            table: A::Entity::default().table_ref(),
            columns,
            values,
        }
    }

    /// An event under this name.
    pub(super) fn event(id: &EventId, new: NewEvent, now: Millis) -> Self {
        Self::of(event::ActiveModel {
            seq: NotSet,
            id: Set(Text(id.clone())),
            kind: Set(Text(new.kind)),
            subject: Set(new.subject),
            subject_revision: Set(to_i64(new.subject_revision)),
            at: Set(now),
            data: Set(Json(new.data)),
        })
    }

    /// Inserts it where the condition holds.
    pub(super) fn where_(self, condition: Option<SimpleExpr>) -> InsertStatement {
        let mut values = Query::select();
        values.exprs(self.values);
        if let Some(condition) = condition {
            values.and_where(condition);
        }
        insert(self.table, self.columns, values)
    }

    pub(super) async fn write(self, tx: &DatabaseTransaction) -> Result<(), Refused> {
        tx.execute(&self.where_(None)).await?;
        Ok(())
    }
}

fn insert(table: TableRef, columns: Vec<DynIden>, from: SelectStatement) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(table).columns(columns);
    // As many columns as values: they were made together.
    let _ = insert.select_from(from);
    insert
}

/// Every enabled endpoint is to get an event, at once. Its number may be a query.
pub(super) fn deliveries(
    event: &EventId,
    seq: SimpleExpr,
    subject: &str,
    now: Millis,
    condition: Option<SimpleExpr>,
) -> InsertStatement {
    use delivery::Column;
    let named = Expr::val(random_name("dlv_") + "_");
    let endpoint = || Expr::col((endpoint::Entity, endpoint::Column::Id));
    let row: [(Column, SimpleExpr); 9] = [
        (Column::Id, named.binary(BinOper::Custom("||"), endpoint())),
        (Column::EventId, Expr::val(event.as_str())),
        (Column::EventSeq, seq),
        (Column::Subject, Expr::val(subject)),
        (Column::EndpointId, endpoint()),
        (Column::State, Expr::val(DeliveryState::Pending.as_str())),
        (Column::CreatedAt, Expr::val(now.0)),
        (Column::NextActionAt, Expr::val(now.0)),
        (Column::LeaseNo, Expr::val(0_i64)),
    ];
    let (columns, values): (Vec<DynIden>, Vec<SimpleExpr>) = row
        .into_iter()
        .map(|(column, value)| (column.into_iden(), value))
        .unzip();
    let mut enabled = Query::select();
    enabled
        .exprs(values)
        .from(endpoint::Entity)
        .and_where(endpoint::Column::State.eq(Text(EndpointState::Enabled)))
        .cond_where(Condition::all().add_option(condition));
    insert(delivery::Entity.into_table_ref(), columns, enabled)
}

/// The invoices that are to be paid.
fn owed_invoices() -> SelectStatement {
    Query::select()
        .column(invoice::Column::Id)
        .from(invoice::Entity)
        .and_where(invoice::Column::Status.is_in(OWED.map(Text)))
        .to_owned()
}

/// The invoice whose subscription is due once this is written down.
pub(super) fn wakes(update: &AttemptUpdate) -> Option<&InvoiceId> {
    let open = matches!(update.settlement, Settlement::Unknown(_));
    update.invoice_id.as_ref().filter(|_| !open)
}

/// A new name for an event.
pub(super) fn event_name() -> EventId {
    EventId::new(random_name(EventId::PREFIX))
}
