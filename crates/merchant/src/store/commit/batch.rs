//! Changes of one shape as one statement of PostgreSQL, which is a transaction by itself. To start a statement
//! that writes five tables costs the server more than to write the rows of one change, so many changes
//! share one.
//!
//! The values of each change are a row of `change`. `as_read` finds the rows that it changes, if each is
//! still as it was read, and locks them; the other parts write what belongs to the changes that it found.
//! What locks has a fresh look at rows that it had to wait for, so that a row which another statement has
//! changed meanwhile is not found.

use std::{collections::HashSet, sync::Arc};

use sea_orm::{
    DbErr,
    sea_query::{
        ArrayType, Asterisk, CommonTableExpression, Expr, ExprTrait, LockBehavior, LockType,
        PostgresQueryBuilder, Query, SelectStatement, SimpleExpr, SubQueryStatement, WithQuery,
    },
    sqlx::{self, AssertSqlSafe, PgPool, Row},
};

use super::{
    array::Kind,
    parts::{Parts, Shape},
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

/// Writes changes of one shape with its statement, or none of them. Answers for each whether its rows were
/// as they were read.
pub(super) async fn write(
    pool: &PgPool,
    statement: Arc<str>,
    changes: &[&Parts],
) -> Result<Vec<bool>, sqlx::Error> {
    let numbers: Vec<i64> = (0..).take(changes.len()).collect();
    let mut query = sqlx::query(AssertSqlSafe(statement)).bind(numbers.clone());
    let types = changes.first().map(|first| &first.shape.types);
    for (no, of) in types.into_iter().flatten().enumerate() {
        let column = changes.iter().map(|change| &change.values[no]);
        query = Kind::of(of)
            .and_then(|kind| kind.bind(query, column))
            .map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    }
    let rows = query.fetch_all(pool).await?;
    let found = rows.iter().map(|row| row.try_get(0));
    let found: HashSet<i64> = found.collect::<Result<_, _>>()?;
    Ok(numbers.iter().map(|no| found.contains(no)).collect())
}

/// The columns of `change` from this number on.
struct Columns(usize);

impl Values for Columns {
    fn at(&self, no: usize) -> SimpleExpr {
        Expr::col(column(self.0 + no))
    }
}

fn column(no: usize) -> String {
    format!("v{no}")
}

/// The statement for changes of a shape, however many there are.
pub(in crate::store) fn statement(shape: &Shape, locked: Locked) -> Result<String, DbErr> {
    let mut statement = WithQuery::new();
    statement.cte(change(&shape.types)?);
    statement.cte(part(AS_READ, as_read(shape, locked)));
    for (no, row) in shape.changed.iter().enumerate() {
        let mut update = row.shape.update(&Columns(row.first));
        update.from(AS_READ);
        statement.cte(part(&format!("changed_{no}"), update));
    }
    let from_as_read = || Query::select().from(AS_READ).to_owned();
    for (no, row) in shape.new.iter().enumerate() {
        let insert = row.shape.insert(from_as_read(), &Columns(row.first));
        statement.cte(part(&format!("new_{no}"), insert));
    }
    for told in &shape.events {
        let values = Columns(told.first);
        let mut insert = told.shape.row.insert(from_as_read(), &values);
        insert.returning(Query::returning().columns([Event::Id, Event::Seq]));
        statement.cte(part(EVENT, insert));
        let this = Expr::col((EVENT, Event::Id)).eq(told.shape.id(&values));
        let mut of = from_as_read();
        of.from(EVENT).and_where(this);
        let seq = Expr::col((EVENT, Event::Seq));
        statement.cte(part("deliveries", told.shape.deliveries(seq, of, &values)));
    }
    statement.query(Query::select().column(NO).from(AS_READ).to_owned());
    Ok(statement.to_string(PostgresQueryBuilder))
}

/// The rows that change, one of each kind for each change.
fn as_read(shape: &Shape, locked: Locked) -> SelectStatement {
    let mut as_read = Query::select();
    as_read.column((CHANGE, Asterisk)).from(CHANGE);
    for row in &shape.changed {
        let condition = row.shape.as_read(&Columns(row.first));
        as_read.from(row.shape.table).cond_where(condition);
    }
    // In the order of the transaction of which this is the short form, so that neither waits for the other
    // in a circle.
    let tables: Vec<_> = shape.changed.iter().map(|row| row.shape.table).collect();
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
fn change(types: &[ArrayType]) -> Result<CommonTableExpression, DbErr> {
    let mut rows = Query::select();
    rows.expr(Expr::cust("unnest($1::bigint[])"));
    let mut names = vec![NO.to_owned()];
    for (no, of) in types.iter().enumerate() {
        let array = Kind::of(of)?.array();
        rows.expr(Expr::cust(format!("unnest(${}::{array})", no + 2)));
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
