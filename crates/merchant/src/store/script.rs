//! Several statements that are run as one. SQLite runs each connection in a thread of its own, and to hand a
//! statement over and wait for it takes longer than most statements do.

use std::mem;

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, Value,
    sea_query::{
        Expr, InsertStatement, Query, QueryStatementWriter, SqliteQueryBuilder, UpdateStatement,
    },
};

use super::is_duplicate;
use crate::application::change::Committed;

/// Statements of SQLite, most of which have to write one row each.
#[derive(Debug, Default)]
pub(super) struct Script {
    statements: Vec<String>,
    values: Vec<Value>,
    /// How many rows have to be written. Each is answered by the statement that wrote it.
    rows: usize,
}

impl Script {
    /// Changes one row.
    pub(super) fn update(&mut self, mut statement: UpdateStatement) {
        self.rows += 1;
        self.push(statement.returning(Query::returning().expr(Expr::val(1))));
    }

    /// Writes one new row.
    pub(super) fn insert(&mut self, mut statement: InsertStatement) {
        self.rows += 1;
        self.push(statement.returning(Query::returning().expr(Expr::val(1))));
    }

    /// A statement that may write any number of rows.
    pub(super) fn push(&mut self, statement: &impl QueryStatementWriter) {
        let (sql, values) = statement.build(SqliteQueryBuilder);
        self.statements.push(sql);
        self.values.extend(values);
    }

    /// Runs it behind what begins a savepoint, which has to be undone unless everything was written.
    pub(super) async fn run(
        &mut self,
        tx: &DatabaseTransaction,
        savepoint: &str,
    ) -> Result<Committed, DbErr> {
        let sql = format!("{savepoint}{}", self.statements.join(";\n"));
        let values = mem::take(&mut self.values);
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        match tx.query_all_raw(statement).await {
            Ok(written) if written.len() == self.rows => Ok(Committed::Done),
            Ok(_) => Ok(Committed::Stale),
            Err(error) if is_duplicate(&error) => Ok(Committed::Conflict),
            Err(error) => Err(error),
        }
    }
}
