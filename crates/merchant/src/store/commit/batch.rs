//! Changes of one shape as one statement of PostgreSQL, which is a transaction by itself. To start a statement
//! that writes five tables costs the server more than to write the rows of one change, so many changes
//! share one.
//!
//! The values of each change are a row of `change`. `as_read` finds the rows that it changes, if each is
//! still as it was read, and locks them; the other parts write what belongs to the changes that it found.
//! What locks has a fresh look at rows that it had to wait for, so that a row which another statement has
//! changed meanwhile is not found.

use std::collections::HashSet;

use sea_orm::{
    DbErr, Value,
    sea_query::{
        Asterisk, CommonTableExpression, Expr, ExprTrait, LockBehavior, LockType,
        PostgresQueryBuilder, Query, SelectStatement, SimpleExpr, SubQueryStatement, WithQuery,
    },
    sqlx::{self, AssertSqlSafe, PgPool, Row},
};

use super::{
    array::{Array, Kind},
    parts::Parts,
    rows::Values,
};
use crate::store::entities::event::Column as Event;

const CHANGE: &str = "change";
const AS_READ: &str = "as_read";
const EVENT: &str = "event";
/// Numbers the changes.
const NO: &str = "no";

/// What becomes of a change whose rows another transaction has locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Locked {
    /// It is not found: nothing waits for it.
    Skip,
    /// Everything waits.
    Wait,
}

/// A change as a row of a batch.
#[derive(Debug)]
pub(in crate::store) struct Shaped {
    /// The statement, which is the same for all changes of the same shape, however many there are.
    pub(in crate::store) sql: String,
    pub(in crate::store) values: Vec<Value>,
}

/// Changes of the same shape, which one statement writes.
#[derive(Debug)]
pub(super) struct Batch {
    sql: String,
    rows: Vec<Vec<Value>>,
}

impl Batch {
    /// With this change alone.
    pub(super) fn of(first: Shaped) -> Self {
        Self {
            sql: first.sql,
            rows: vec![first.values],
        }
    }

    /// Whether a change is of this shape.
    pub(super) fn takes(&self, change: &Shaped) -> bool {
        self.sql == change.sql
    }

    /// Takes in a change of this shape.
    pub(super) fn add(&mut self, change: Shaped) {
        self.rows.push(change.values);
    }

    /// Writes the changes, or none of them. Answers for each whether its rows were as they were read.
    pub(super) async fn write(self, pool: &PgPool) -> Result<Vec<bool>, sqlx::Error> {
        let numbers: Vec<i64> = (0..).take(self.rows.len()).collect();
        let columns = columns(self.rows).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
        let query = sqlx::query(AssertSqlSafe(self.sql)).bind(numbers.clone());
        let query = columns.into_iter().fold(query, |query, it| it.bind(query));
        let rows = query.fetch_all(pool).await?;
        let found = rows.iter().map(|row| row.try_get(0));
        let found: HashSet<i64> = found.collect::<Result<_, _>>()?;
        Ok(numbers.iter().map(|no| found.contains(no)).collect())
    }
}

/// The values of all changes by column.
fn columns(rows: Vec<Vec<Value>>) -> Result<Vec<Array>, DbErr> {
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let kinds: Vec<Kind> = first.iter().map(Kind::of).collect::<Result<_, _>>()?;
    let mut columns = vec![Vec::with_capacity(rows.len()); kinds.len()];
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let columns = kinds.into_iter().zip(columns);
    columns
        .map(|(kind, values)| Array::of(kind, values))
        .collect()
}

/// The columns of `change`.
#[derive(Default)]
struct Columns(Vec<Value>);

impl Values for Columns {
    fn put(&mut self, value: Value) -> SimpleExpr {
        self.0.push(value);
        Expr::col(column(self.0.len()))
    }
}

fn column(no: usize) -> String {
    format!("v{no}")
}

impl Shaped {
    pub(in crate::store) fn new(parts: &Parts, locked: Locked) -> Result<Self, DbErr> {
        let mut values = Columns::default();
        let as_read = as_read(parts, locked, &mut values);
        let mut statement = WithQuery::new();
        let mut written = vec![part(AS_READ, as_read)];
        for (no, row) in parts.changed.iter().enumerate() {
            let mut update = row.update(&mut values);
            update.from(AS_READ);
            written.push(part(&format!("changed_{no}"), update));
        }
        for (no, row) in parts.new.iter().enumerate() {
            let insert = row.insert_from(Some(AS_READ), &mut values);
            written.push(part(&format!("new_{no}"), insert));
        }
        for told in &parts.events {
            let mut insert = told.row.insert_from(Some(AS_READ), &mut values);
            insert.returning(Query::returning().columns([Event::Id, Event::Seq]));
            written.push(part(EVENT, insert));
            let this = Expr::col((EVENT, Event::Id)).eq(told.id(&mut values));
            let seq = Expr::col((EVENT, Event::Seq));
            let insert = told.deliveries(seq, Some(([AS_READ, EVENT], this)), &mut values);
            written.push(part("deliveries", insert));
        }
        statement.cte(change(&values.0)?);
        for part in written {
            statement.cte(part);
        }
        statement.query(Query::select().column(NO).from(AS_READ).to_owned());
        Ok(Self {
            sql: statement.to_string(PostgresQueryBuilder),
            values: values.0,
        })
    }
}

/// The rows that change, one of each kind for each change.
fn as_read(parts: &Parts, locked: Locked, values: &mut Columns) -> SelectStatement {
    let mut as_read = Query::select();
    as_read.column((CHANGE, Asterisk)).from(CHANGE);
    for row in &parts.changed {
        as_read.from(row.table).cond_where(row.as_read(values));
    }
    // In the order of the transaction of which this is the short form, so that neither waits for the other
    // in a circle.
    let tables: Vec<_> = parts.changed.iter().map(|row| row.table).collect();
    let lock = LockType::NoKeyUpdate;
    if tables.is_empty() {
        return as_read;
    }
    match locked {
        Locked::Skip => {
            as_read.lock_with_tables_behavior(lock, tables, LockBehavior::SkipLocked);
        }
        Locked::Wait => {
            as_read.lock_with_tables(lock, tables);
        }
    }
    as_read
}

/// The values, a row for each change: each column comes as an array.
fn change(values: &[Value]) -> Result<CommonTableExpression, DbErr> {
    let mut rows = Query::select();
    rows.expr(Expr::cust("unnest($1::bigint[])"));
    let mut names = vec![NO.to_owned()];
    for (no, value) in (1..).zip(values) {
        let array = Kind::of(value)?.array();
        rows.expr(Expr::cust(format!("unnest(${}::{array})", no + 1)));
        names.push(column(no));
    }
    let mut change = part(CHANGE, rows);
    change.columns(names);
    Ok(change)
}

fn part(name: &str, query: impl Into<SubQueryStatement>) -> CommonTableExpression {
    let mut part = CommonTableExpression::new();
    part.table_name(name.to_owned()).query(query);
    part
}
