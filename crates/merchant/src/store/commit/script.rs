//! A change as one script for SQLite.
//!
//! Each statement writes one row, and does so only if the one before it has. So the last of them tells of
//! all: it alone is asked, since SQLite's thread hands over each row by itself.

use std::convert::Infallible;

use sea_orm::{
    EntityName,
    sea_query::{Expr, ExprTrait, Query, ReturningClause, SimpleExpr, SqliteQueryBuilder},
};

use super::{
    parts::{Parts, Shape},
    rows::Values,
    texts::Texts,
};
use crate::store::{entities::event, script::Script};

/// The script's values from this number on.
struct Parameters(usize);

impl Values for Parameters {
    fn at(&self, no: usize) -> SimpleExpr {
        Expr::cust(format!("${}", self.0 + no + 1))
    }
}

pub(super) fn script(texts: &Texts, parts: Parts) -> Script {
    let Ok(text) = texts.of(&parts.shape, |shape| Ok::<_, Infallible>(statements(shape)));
    Script {
        text,
        tells: !parts.values.is_empty(),
        values: parts.values,
    }
}

fn statements(shape: &Shape) -> String {
    let rows = shape.changed.len() + shape.new.len() + shape.events.len();
    let mut statements = Vec::new();
    for row in &shape.changed {
        let mut update = row.shape.statement(&Parameters(row.first));
        if !statements.is_empty() {
            update.and_where(one_was_written());
        }
        if statements.len() + 1 == rows {
            update.returning(told());
        }
        statements.push(update.to_string(SqliteQueryBuilder));
    }
    let new = shape.new.iter().map(|row| (row.first, &row.shape));
    let events = shape.events.iter();
    let events = events.map(|event| (event.first, &event.shape.row));
    for (first, row) in new.chain(events) {
        let mut from = Query::select();
        if !statements.is_empty() {
            from.and_where(one_was_written());
        }
        let mut insert = row.insert(from, &Parameters(first));
        if statements.len() + 1 == rows {
            insert.returning(told());
        }
        statements.push(insert.to_string(SqliteQueryBuilder));
    }
    // There is one event at most, and its deliveries, of which there may be any number, come last.
    for event in &shape.events {
        let values = Parameters(event.first);
        let seq = Query::select()
            .column(event::Column::Seq)
            .from(event::Entity.table_ref())
            .and_where(Expr::col(event::Column::Id).eq(event.shape.id(&values)))
            .to_owned();
        let of = Query::select().and_where(one_was_written()).to_owned();
        let deliveries = event.shape.deliveries(seq.into(), of, &values);
        statements.push(deliveries.to_string(SqliteQueryBuilder));
    }
    statements.join(";\n")
}

/// By the last statement that wrote anything; savepoints do not count.
/// Source: <https://www.sqlite.org/c3ref/changes.html>.
fn one_was_written() -> SimpleExpr {
    Expr::cust("changes() = 1")
}

fn told() -> ReturningClause {
    Query::returning().expr(Expr::val(1))
}
