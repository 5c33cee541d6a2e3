//! A column of a batch: the values that stand at one place of its changes.

use sea_orm::{
    DbErr, Value,
    sea_query::ValueType,
    sqlx::{Postgres, postgres::PgArguments, query::Query},
};

/// A type that columns of our tables have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    BigInt,
    Int,
}

impl Kind {
    pub(super) fn of(value: &Value) -> Result<Self, DbErr> {
        match value {
            Value::String(_) => Ok(Self::Text),
            Value::BigInt(_) => Ok(Self::BigInt),
            Value::Int(_) => Ok(Self::Int),
            other => Err(wrong(other)),
        }
    }

    /// An array of it in SQL.
    pub(super) const fn array(self) -> &'static str {
        match self {
            Self::Text => "text[]",
            Self::BigInt => "bigint[]",
            Self::Int => "integer[]",
        }
    }
}

#[derive(Debug)]
pub(super) enum Array {
    Text(Vec<Option<String>>),
    BigInt(Vec<Option<i64>>),
    Int(Vec<Option<i32>>),
}

impl Array {
    pub(super) fn of(kind: Kind, values: Vec<Value>) -> Result<Self, DbErr> {
        match kind {
            Kind::Text => all(values).map(Self::Text),
            Kind::BigInt => all(values).map(Self::BigInt),
            Kind::Int => all(values).map(Self::Int),
        }
    }

    /// Makes it the next value of a statement.
    pub(super) fn bind(
        self,
        query: Query<'_, Postgres, PgArguments>,
    ) -> Query<'_, Postgres, PgArguments> {
        match self {
            Self::Text(values) => query.bind(values),
            Self::BigInt(values) => query.bind(values),
            Self::Int(values) => query.bind(values),
        }
    }
}

fn all<T: ValueType>(values: Vec<Value>) -> Result<Vec<T>, DbErr> {
    let read = |value: Value| T::try_from(value.clone()).map_err(|_| wrong(&value));
    values.into_iter().map(read).collect()
}

/// The value itself is not told: it may be of a customer.
fn wrong(value: &Value) -> DbErr {
    DbErr::Type(format!(
        "no column of a change is of the type {:?}",
        value.array_type()
    ))
}
