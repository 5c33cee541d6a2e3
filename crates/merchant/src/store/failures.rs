//! What a failure of the database means to the use cases: whether it may be over soon, and whether something
//! was written.

use sea_orm::{DbErr, RuntimeErr, sqlx};

use crate::application::ports::RecordsError;

/// Of a statement that was not committed yet, or only reads: nothing was written.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what `map_err` hands over"
)]
pub(super) fn database(error: DbErr) -> RecordsError {
    failed(&error)
}

/// As [`database`].
pub(super) fn failed(error: &DbErr) -> RecordsError {
    let unavailable = match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => is_unavailable(error),
        _ => false,
    };
    if unavailable {
        RecordsError::Unavailable(error.to_string())
    } else {
        RecordsError::Database(error.to_string())
    }
}

/// Of a commit. SQLite tells when it has rolled back; a connection to PostgreSQL that ends here ends before or
/// after the commit.
pub(super) fn commit_failed(error: &DbErr) -> RecordsError {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => statement_failed(error),
        error => failed(error),
    }
}

/// Of a statement that is a transaction by itself.
pub(super) fn statement_failed(error: &sqlx::Error) -> RecordsError {
    let text = error.to_string();
    if never_sent(error) || is_ended_already(error) {
        RecordsError::Unavailable(text)
    } else if !is_unavailable(error) {
        RecordsError::Database(text)
    } else if is_rolled_back(error) {
        RecordsError::Unavailable(text)
    } else {
        RecordsError::Unknown(text)
    }
}

/// SQLite had rolled the transaction back by itself, as it does when the disk is full: there is nothing to commit.
fn is_ended_already(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.message() == "cannot commit - no transaction is active")
}

/// No connection was to be had.
fn never_sent(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
}

fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_passing(&code)),
        error => never_sent(error),
    }
}

/// A code of PostgreSQL's (five characters) or SQLite's (a number whose low byte says what it is) for what is not
/// the statement's fault and may be over when it comes again.
/// Sources: <https://www.postgresql.org/docs/current/errcodes-appendix.html>, <https://sqlite.org/rescode.html>.
fn is_passing(code: &str) -> bool {
    if code.len() == 5 {
        // Connection, resources (disk full, too many connections), shutdown and start; a server that only
        // reads, since another has taken over; a transaction that stood still.
        return ["08", "53", "57"].iter().any(|of| code.starts_with(of))
            || ["25006", "25P03"].contains(&code);
    }
    // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
    let primary = code.parse::<u32>().map(|code| code & 0xff);
    primary.is_ok_and(|code| [5, 6, 8, 10, 13, 14].contains(&code))
}

/// Whether the database says that nothing of it stays. PostgreSQL's shutdown and SQLite's failing disk may come
/// when the commit is written already.
fn is_rolled_back(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else {
        return false;
    };
    let Some(code) = error.code() else {
        return false;
    };
    if code.len() == 5 {
        !code.starts_with("08") && !code.starts_with("57")
    } else {
        code.parse::<u32>().is_ok_and(|code| code & 0xff != 10)
    }
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Arc};

    use sea_orm::ConnAcquireErr;

    use super::*;

    fn reset() -> sqlx::Error {
        sqlx::Error::Io(io::ErrorKind::ConnectionReset.into())
    }

    fn query(error: sqlx::Error) -> DbErr {
        DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
    }

    #[test]
    fn a_connection_that_ends_leaves_only_a_commit_in_doubt() {
        let read = database(query(reset()));
        assert!(matches!(read, RecordsError::Unavailable(_)), "{read}");
        for doubtful in [statement_failed(&reset()), commit_failed(&query(reset()))] {
            assert!(matches!(doubtful, RecordsError::Unknown(_)), "{doubtful}");
        }
    }

    #[test]
    fn what_had_no_connection_was_not_written() {
        let none = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        for error in [
            commit_failed(&none),
            statement_failed(&sqlx::Error::PoolTimedOut),
            database(none),
        ] {
            assert!(matches!(error, RecordsError::Unavailable(_)), "{error}");
        }
    }

    #[test]
    fn codes_of_both_engines() {
        for passing in [
            "08006", "53300", "53100", "57P01", "57P03", "25006", "5", "517", "6", "13", "2570",
        ] {
            assert!(is_passing(passing), "{passing}");
        }
        for lasting in ["23505", "42P01", "22003", "1", "19", "2067", "11", ""] {
            assert!(!is_passing(lasting), "{lasting}");
        }
    }
}
