//! Several statements that are run as one. SQLite runs each connection in a thread of its own, and to hand a
//! statement over and wait for it takes longer than most statements do.

use std::{mem, sync::Arc};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, Statement, Value};

use super::is_duplicate;
use crate::application::change::Committed;

/// Statements of SQLite.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) text: Arc<str>,
    pub(super) values: Vec<Value>,
    /// It answers one row if, and only if, everything was written; otherwise it has nothing to answer.
    pub(super) tells: bool,
}

impl Script {
    /// Runs it behind what begins a savepoint, which has to be undone unless everything was written.
    pub(super) async fn run(
        &mut self,
        tx: &DatabaseTransaction,
        savepoint: &str,
    ) -> Result<Committed, DbErr> {
        let sql = format!("{savepoint}{}", self.text);
        let values = mem::take(&mut self.values);
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        match tx.query_all_raw(statement).await {
            Ok(told) if told.len() == usize::from(self.tells) => Ok(Committed::Done),
            Ok(_) => Ok(Committed::Stale),
            Err(error) if is_duplicate(&error) => Ok(Committed::Conflict),
            Err(error) => Err(error),
        }
    }
}
