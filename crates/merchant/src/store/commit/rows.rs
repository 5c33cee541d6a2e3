//! The rows of a change as data, and the statements that write them.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityName, EntityTrait,
    IdenStatic, Iterable, Value,
    sea_query::{
        Expr, ExprTrait, InsertStatement, Query, SelectStatement, SimpleExpr, UpdateStatement,
    },
};
use toss_checkout_contract::SessionId;

use super::Refused;
use crate::{
    application::change::{
        AttemptUpdate, Committed, PaymentPatch, RefundUpdate, Settlement, Update,
    },
    domain::{
        ids::{InvoiceId, PaymentId},
        refund::RefundStatus,
        session::SessionPatch,
        time::Millis,
    },
    store::{
        columns::Text,
        entities::{attempt, invoice, payment, refund, session},
        records::{self, to_i64},
        subscriptions::OWED,
    },
};

/// A column with its value.
type Field = (&'static str, Value);

/// Where a statement has the values of a change.
pub(super) trait Values {
    /// Stands for a value.
    fn put(&mut self, value: Value) -> SimpleExpr;
}

/// In itself.
pub(super) struct Inline;

impl Values for Inline {
    fn put(&mut self, value: Value) -> SimpleExpr {
        Expr::val(value)
    }
}

/// A row that changes, if it is still as it was read.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) table: &'static str,
    /// Names the row.
    name: Field,
    /// What it must be like: each of these columns has one of the values.
    is: Vec<(&'static str, Vec<Value>)>,
    /// It is of an invoice that is owed.
    is_owed: bool,
    set: Vec<Field>,
}

impl Changed {
    fn new<A: ActiveModelTrait>(
        column: <A::Entity as EntityTrait>::Column,
        name: impl Into<Value>,
        row: A,
    ) -> Self {
        Self {
            table: A::Entity::default().table_name(),
            name: (column.as_str(), name.into()),
            is: Vec::new(),
            is_owed: false,
            set: fields(row),
        }
    }

    fn with(self, column: impl IdenStatic, value: impl Into<Value>) -> Self {
        self.with_one_of(column, [value])
    }

    fn with_one_of<V: Into<Value>>(
        mut self,
        column: impl IdenStatic,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.is.push((column.as_str(), values));
        self
    }

    pub(super) fn session(update: Update<SessionId, SessionPatch>, now: Millis) -> Self {
        let row = session::ActiveModel {
            revision: Set(to_i64(update.revision + 1)),
            ..records::session::patch(update.patch, now)
        };
        Self::new(session::Column::Id, Text(update.id), row)
            .with(session::Column::Revision, to_i64(update.revision))
    }

    pub(super) fn payment(update: Update<PaymentId, PaymentPatch>, now: Millis) -> Self {
        let row = payment::ActiveModel {
            revision: Set(to_i64(update.revision + 1)),
            ..records::payment::patch(update.patch, now)
        };
        Self::new(payment::Column::Id, Text(update.id), row)
            .with(payment::Column::Revision, to_i64(update.revision))
    }

    pub(super) fn attempt(update: AttemptUpdate, now: Millis) -> Self {
        let pays_after_all = update.settlement == Settlement::PaysAfterAll;
        let (row, from) = records::attempt::settlement(update.settlement, now);
        let mut changed = Self::new(attempt::Column::Id, Text(update.id), row)
            .with_one_of(attempt::Column::Status, from.iter().copied().map(Text));
        changed.is_owed = pays_after_all;
        if let Some(lease_no) = update.lease_no {
            changed = changed.with(attempt::Column::LeaseNo, lease_no);
        }
        changed
    }

    pub(super) fn refund(update: RefundUpdate, now: Millis) -> Self {
        let id = Text(update.id.clone());
        Self::new(refund::Column::Id, id, records::refund::update(update, now))
            .with(refund::Column::Status, Text(RefundStatus::Pending))
    }

    /// Which row it is.
    pub(super) fn row(&self) -> (&'static str, String) {
        (self.table, self.name.1.to_string())
    }

    /// Names the row, and says that it is as it was read.
    pub(super) fn as_read(&self, values: &mut impl Values) -> Condition {
        let name = self.holds(&self.name, values);
        Condition::all().add(name).add(self.unchanged(values))
    }

    fn unchanged(&self, values: &mut impl Values) -> Condition {
        let owed = || attempt::Column::InvoiceId.in_subquery(owed_invoices());
        let mut all = Condition::all().add_option(self.is_owed.then(owed));
        for (column, one_of) in &self.is {
            // As values, not as words of the statement: PostgreSQL would look for an index of just these.
            let one_of = one_of.iter().map(|value| values.put(value.clone()));
            all = all.add(Expr::col((self.table, *column)).is_in(one_of));
        }
        all
    }

    fn holds(&self, (column, value): &Field, values: &mut impl Values) -> SimpleExpr {
        Expr::col((self.table, *column)).eq(values.put(value.clone()))
    }

    /// Changes the row, whatever it is like.
    pub(super) fn update(&self, values: &mut impl Values) -> UpdateStatement {
        let mut update = Query::update();
        update.table(self.table);
        for (column, value) in &self.set {
            update.value(*column, values.put(value.clone()));
        }
        update.and_where(self.holds(&self.name, values));
        update
    }

    /// Changes the row if it is as it was read.
    pub(super) fn statement(&self) -> UpdateStatement {
        let mut update = self.update(&mut Inline);
        update.cond_where(self.unchanged(&mut Inline));
        update
    }

    pub(super) async fn write(&self, tx: &DatabaseTransaction) -> Result<(), Refused> {
        let written = tx.execute(&self.statement()).await?;
        if written.rows_affected() == 1 {
            Ok(())
        } else {
            Err(Refused::Committed(Committed::Stale))
        }
    }
}

/// A row that is new.
#[derive(Debug)]
pub(super) struct New {
    table: &'static str,
    fields: Vec<Field>,
}

impl New {
    pub(super) fn of<A: ActiveModelTrait>(row: A) -> Self {
        Self {
            table: A::Entity::default().table_name(),
            fields: fields(row),
        }
    }

    /// Writes it once for each row of `from`, whose columns its values may be.
    pub(super) fn insert_from(
        &self,
        from: Option<&'static str>,
        values: &mut impl Values,
    ) -> InsertStatement {
        let mut row = Query::select();
        row.exprs(self.fields.iter().map(|field| values.put(field.1.clone())));
        if let Some(from) = from {
            row.from(from);
        }
        insert(self.table, self.fields.iter().map(|field| field.0), row)
    }

    pub(super) fn statement(&self) -> InsertStatement {
        self.insert_from(None, &mut Inline)
    }

    pub(super) async fn write(&self, tx: &DatabaseTransaction) -> Result<(), Refused> {
        tx.execute(&self.statement()).await?;
        Ok(())
    }
}

/// The columns of a row that are set.
fn fields<A: ActiveModelTrait>(mut row: A) -> Vec<Field> {
    <A::Entity as EntityTrait>::Column::iter()
        .filter_map(|column| Some((column.as_str(), row.take(column).into_value()?)))
        .collect()
}

pub(super) fn insert(
    table: &'static str,
    columns: impl IntoIterator<Item = &'static str>,
    from: SelectStatement,
) -> InsertStatement {
    let mut insert = Query::insert();
    insert.into_table(table).columns(columns);
    // As many columns as values: they were made together.
    let _ = insert.select_from(from);
    insert
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
    let is_open = update.settlement.is_open();
    update.invoice_id.as_ref().filter(|_| !is_open)
}
