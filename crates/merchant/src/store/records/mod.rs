//! Rows to the domain's types and back.

pub(super) mod attempt;
pub(super) mod event;
pub(super) mod method;
pub(super) mod outbox;
pub(super) mod payment;
pub(super) mod refund;
pub(super) mod session;
pub(super) mod shop;
pub(super) mod subscription;
pub(super) mod webhook;

use sea_orm::{
    ActiveValue::{self, NotSet, Set},
    sea_query::{Nullable, Value},
};

use toss_checkout_contract::{Amount, Currency};

use super::columns::Text;
use crate::domain::{edit::Edit, time::Millis, work::Work};

/// Why a row whose columns can be read makes no sense.
pub(super) type Unreadable = String;

pub(super) fn to_i64(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn to_i32(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

fn to_u64(value: i64, column: &str) -> Result<u64, Unreadable> {
    u64::try_from(value).map_err(|_| format!("{column} is {value}"))
}

fn amount(value: i64, currency: Currency) -> Result<Amount, Unreadable> {
    let amount = Amount::new(to_u64(value, "amount")?, currency);
    amount.map_err(|error| error.to_string())
}

fn maybe_amount(
    value: Option<i64>,
    currency: Option<Text<Currency>>,
) -> Result<Option<Amount>, Unreadable> {
    value
        .map(|value| amount(value, currency.map_or(Currency::Krw, |it| it.0)))
        .transpose()
}

fn work(next_action_at: Option<Millis>, lease_no: i64, tries: i32) -> Work {
    Work {
        next_action_at,
        lease_no,
        tries: u32::try_from(tries).unwrap_or(0),
    }
}

fn edited<T: Into<Value> + Nullable>(edit: Edit<T>) -> ActiveValue<Option<T>> {
    match edit {
        Edit::Keep => NotSet,
        Edit::Clear => Set(None),
        Edit::To(value) => Set(Some(value)),
    }
}
