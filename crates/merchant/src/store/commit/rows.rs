//! The rows of a change as data, and the statements that write them.

use std::iter;

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

/// Where a statement has the values of a row.
pub(super) trait Values {
    /// Stands for the value with this number.
    fn at(&self, no: usize) -> SimpleExpr;
}

/// In itself.
pub(super) struct Inline<'a>(pub(super) &'a [Value]);

impl Values for Inline<'_> {
    fn at(&self, no: usize) -> SimpleExpr {
        Expr::val(self.0[no].clone())
    }
}

/// What is written to a row. No statement depends on the values, but on their number alone.
#[derive(Debug)]
pub(super) struct Row<S> {
    pub(super) shape: S,
    pub(super) values: Vec<Value>,
}

/// A row that changes, if it is still as it was read.
pub(super) type Changed = Row<ChangedShape>;

/// Its values: its name, what is set, and what it must be like.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ChangedShape {
    pub(super) table: &'static str,
    /// The column that names it.
    name: &'static str,
    set: Vec<&'static str>,
    /// What it must be like: each of these columns has one of so many values.
    is: Vec<(&'static str, usize)>,
    /// It is of an invoice that is owed.
    is_owed: bool,
}

impl Changed {
    fn new<A: ActiveModelTrait>(
        column: <A::Entity as EntityTrait>::Column,
        name: impl Into<Value>,
        row: A,
    ) -> Self {
        let (set, fields): (_, Vec<Value>) = fields(row).unzip();
        let shape = ChangedShape {
            table: A::Entity::default().table_name(),
            name: column.as_str(),
            set,
            is: Vec::new(),
            is_owed: false,
        };
        let values = iter::once(name.into()).chain(fields).collect();
        Self { shape, values }
    }

    fn with(self, column: impl IdenStatic, value: impl Into<Value>) -> Self {
        self.with_one_of(column, [value])
    }

    fn with_one_of<V: Into<Value>>(
        mut self,
        column: impl IdenStatic,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let before = self.values.len();
        self.values.extend(values.into_iter().map(Into::into));
        let count = self.values.len() - before;
        self.shape.is.push((column.as_str(), count));
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
        changed.shape.is_owed = pays_after_all;
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

    pub(super) async fn write(&self, tx: &DatabaseTransaction) -> Result<(), Refused> {
        let statement = self.shape.statement(&Inline(&self.values));
        let written = tx.execute(&statement).await?;
        if written.rows_affected() == 1 {
            Ok(())
        } else {
            Err(Refused::Committed(Committed::Stale))
        }
    }
}

impl ChangedShape {
    /// Names the row, and says that it is as it was read.
    pub(super) fn as_read(&self, values: &impl Values) -> Condition {
        Condition::all()
            .add(self.is_it(values))
            .add(self.unchanged(values))
    }

    fn is_it(&self, values: &impl Values) -> SimpleExpr {
        Expr::col((self.table, self.name)).eq(values.at(0))
    }

    fn unchanged(&self, values: &impl Values) -> Condition {
        let owed = || attempt::Column::InvoiceId.in_subquery(owed_invoices());
        let mut all = Condition::all().add_option(self.is_owed.then(owed));
        let mut first = 1 + self.set.len();
        for (column, count) in &self.is {
            // As values, not as words of the statement: PostgreSQL would look for an index of just these.
            let one_of = (first..first + count).map(|no| values.at(no));
            all = all.add(Expr::col((self.table, *column)).is_in(one_of));
            first += count;
        }
        all
    }

    /// Changes the row, whatever it is like.
    pub(super) fn update(&self, values: &impl Values) -> UpdateStatement {
        let mut update = Query::update();
        update.table(self.table);
        for (no, column) in (1..).zip(&self.set) {
            update.value(*column, values.at(no));
        }
        update.and_where(self.is_it(values));
        update
    }

    /// Changes the row if it is as it was read.
    pub(super) fn statement(&self, values: &impl Values) -> UpdateStatement {
        let mut update = self.update(values);
        update.cond_where(self.unchanged(values));
        update
    }
}

/// A row that is new.
pub(super) type New = Row<NewShape>;

/// Its values: one for each column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct NewShape {
    table: &'static str,
    pub(super) columns: Vec<&'static str>,
}

impl New {
    pub(super) fn of<A: ActiveModelTrait>(row: A) -> Self {
        let (columns, values) = fields(row).unzip();
        let table = A::Entity::default().table_name();
        Self {
            shape: NewShape { table, columns },
            values,
        }
    }

    pub(super) async fn write(&self, tx: &DatabaseTransaction) -> Result<(), Refused> {
        let values = Inline(&self.values);
        tx.execute(&self.shape.insert(Query::select(), &values))
            .await?;
        Ok(())
    }
}

impl NewShape {
    /// Writes it once for each row of `from`, whose columns its values may be.
    pub(super) fn insert(
        &self,
        mut from: SelectStatement,
        values: &impl Values,
    ) -> InsertStatement {
        from.exprs((0..self.columns.len()).map(|no| values.at(no)));
        insert(self.table, self.columns.iter().copied(), from)
    }
}

/// The columns of a row that are set, with their values.
fn fields<A: ActiveModelTrait>(mut row: A) -> impl Iterator<Item = (&'static str, Value)> {
    <A::Entity as EntityTrait>::Column::iter()
        .filter_map(move |column| Some((column.as_str(), row.take(column).into_value()?)))
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
