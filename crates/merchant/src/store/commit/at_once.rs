//! A change as one statement, which is a transaction by itself: on PostgreSQL every statement costs a round
//! trip and as much processor time as what it does.
//!
//! Its first part locks every row that changes, if each is still as it was read; the others do nothing
//! unless it found them all. What locks has a fresh look at rows that it had to wait for, so that a row
//! which another statement has changed meanwhile is not found. Rows are locked in the order of the
//! transaction of which this is the short form, so neither waits for the other in a circle.

use sea_orm::sea_query::{
    Alias, CommonTableExpression, Expr, LockType, Query, SelectStatement, SimpleExpr,
    SubQueryStatement, WithQuery,
};

use super::parts::Parts;
use super::rows::{New, deliveries, event_name};
use crate::{application::change::Change, domain::time::Millis, store::entities::event};

const AS_READ: &str = "as_read";
const EVENT: &str = "event";

/// The statement. It answers how many times the rows were found as they were read: once, or not at all.
pub(super) fn statement(change: Change, now: Millis) -> WithQuery {
    let Parts {
        changed,
        new,
        events,
    } = Parts::of(change, now);
    let mut as_read = Query::select();
    as_read.expr_as(Expr::val(1), Alias::new("one"));
    let mut parts: Vec<(String, SubQueryStatement)> = Vec::new();
    for mut row in changed {
        as_read.from(row.table).cond_where(row.as_read);
        as_read.lock(LockType::NoKeyUpdate);
        row.statement.and_where(holds(AS_READ));
        parts.push((format!("part_{}", parts.len()), row.statement.into()));
    }
    for row in new {
        let insert = row.where_(Some(holds(AS_READ)));
        parts.push((format!("part_{}", parts.len()), insert.into()));
    }
    for new in events {
        let (id, subject) = (event_name(), new.subject.clone());
        let mut insert = New::event(&id, new, now).where_(Some(holds(AS_READ)));
        insert.returning_col(event::Column::Seq);
        parts.push((EVENT.to_owned(), insert.into()));
        let seq = Query::select()
            .column(event::Column::Seq)
            .from(Alias::new(EVENT))
            .to_owned();
        let seq = SimpleExpr::SubQuery(None, Box::new(seq.into()));
        let insert = deliveries(&id, seq, &subject, now, Some(holds(EVENT)));
        parts.push(("deliveries".to_owned(), insert.into()));
    }

    let mut statement = WithQuery::new();
    statement.cte(part(AS_READ, as_read));
    for (name, query) in parts {
        statement.cte(part(&name, query));
    }
    let found = Query::select()
        .expr(Expr::cust("count(*)"))
        .from(Alias::new(AS_READ))
        .to_owned();
    statement.query(found);
    statement
}

fn part(name: &str, query: impl Into<SubQueryStatement>) -> CommonTableExpression {
    let mut part = CommonTableExpression::new();
    part.table_name(Alias::new(name)).query(query);
    part
}

/// That a part has a row.
fn holds(part: &'static str) -> SimpleExpr {
    let any: SelectStatement = Query::select()
        .expr(Expr::val(1))
        .from(Alias::new(part))
        .to_owned();
    Expr::exists(any)
}
