//! A column of a batch: the values that stand at one place of its changes.

use sea_orm::{
    DbErr, Value,
    sea_query::ArrayType,
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
    pub(super) fn of(array: &ArrayType) -> Result<Self, DbErr> {
        match array {
            ArrayType::String => Ok(Self::Text),
            ArrayType::BigInt => Ok(Self::BigInt),
            ArrayType::Int => Ok(Self::Int),
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

    /// Makes an array of these the next value of a statement.
    pub(super) fn bind<'q, 'v>(
        self,
        query: Query<'q, Postgres, PgArguments>,
        values: impl Iterator<Item = &'v Value>,
    ) -> Result<Query<'q, Postgres, PgArguments>, DbErr> {
        Ok(match self {
            Self::Text => query.bind(all(values, |value| match value {
                Value::String(text) => Some(text.as_deref()),
                _ => None,
            })?),
            Self::BigInt => query.bind(all(values, |value| match value {
                Value::BigInt(number) => Some(*number),
                _ => None,
            })?),
            Self::Int => query.bind(all(values, |value| match value {
                Value::Int(number) => Some(*number),
                _ => None,
            })?),
        })
    }
}

fn all<'v, T>(
    values: impl Iterator<Item = &'v Value>,
    read: impl Fn(&'v Value) -> Option<T>,
) -> Result<Vec<T>, DbErr> {
    values
        .map(|value| read(value).ok_or_else(|| wrong(&value.array_type())))
        .collect()
}

/// The value itself is not told: it may be of a customer.
fn wrong(array: &ArrayType) -> DbErr {
    DbErr::Type(format!("no column of a change is of the type {array:?}"))
}
