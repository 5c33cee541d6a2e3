//! Pages of lists, and moments in queries.

use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use crate::{application::ports::Listed, domain::time::Millis, http::error::ApiError};

const DEFAULT_LIMIT: u64 = 20;
const MAX_LIMIT: u64 = 100;

/// A query that says what is wrong with it.
pub(in crate::http) struct Asked<T>(pub(in crate::http) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Query(asked) = Query::<T>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| ApiError::invalid(rejection.body_text()))?;
        Ok(Self(asked))
    }
}

/// How many rows a page has.
pub(super) fn limit(asked: Option<u64>) -> Result<u64, ApiError> {
    let limit = asked.unwrap_or(DEFAULT_LIMIT);
    if (1..=MAX_LIMIT).contains(&limit) {
        Ok(limit)
    } else {
        Err(ApiError::invalid(format!(
            "limit is {limit}; allowed are 1 to {MAX_LIMIT}"
        )))
    }
}

/// A page of rows of which one more was asked for than it has: the rows that can be read, and the name of
/// the last one, read or not, when there is more. A row that cannot be read, of a later version perhaps, is
/// told in the log and does not end the list.
pub(super) fn page<T>(
    mut rows: Vec<Listed<T>>,
    limit: u64,
    name: impl FnOnce(&T) -> &str,
) -> (Vec<T>, Option<String>) {
    let more = rows.len() as u64 > limit;
    if more {
        rows.pop();
    }
    let last = rows.last().filter(|_| more);
    let next = last.and_then(|last| last.name(name)).map(str::to_owned);
    let readable = rows.into_iter().filter_map(|row| {
        row.row
            .inspect_err(|error| tracing::error!(%error, "left out of a list"))
            .ok()
    });
    (readable.collect(), next)
}

/// Where a page begins: before the row of this name. `found`: its cursor.
pub(super) fn before(field: &str, name: &str, found: Option<i64>) -> Result<i64, ApiError> {
    found.ok_or_else(|| {
        ApiError::invalid(format!(
            "{field}: nothing in this list has the name '{}'; take the next of the page before",
            name.chars().take(60).collect::<String>()
        ))
    })
}

/// A value of a query by its name.
pub(super) fn value<T: FromStr<Err: std::fmt::Display>>(
    field: &str,
    text: Option<&str>,
) -> Result<Option<T>, ApiError> {
    text.map(str::parse)
        .transpose()
        .map_err(|error| ApiError::invalid(format!("{field}: {error}")))
}

/// A moment of a query.
pub(super) fn moment(field: &str, text: Option<&str>) -> Result<Option<Millis>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    // A plus sign that was not encoded arrives as a space.
    let text = text.replace(' ', "+");
    match Millis::from_toss(&text) {
        Some(moment) => Ok(Some(moment)),
        None => Err(ApiError::invalid(format!(
            "{field} is no moment such as 2026-11-28T09:00:00+09:00"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::application::ports::RecordsError;

    #[test]
    fn a_page_names_the_next_even_if_none_of_its_rows_can_be_read() {
        let unreadable = |id: &str| Listed::<String> {
            cursor: 1,
            row: Err(RecordsError::Unreadable {
                table: "sessions",
                id: id.to_owned(),
                reason: "of a later version".to_owned(),
            }),
        };
        let rows = || ["c", "b", "a"].map(unreadable).into();
        assert_eq!(
            page(rows(), 2, String::as_str),
            (vec![], Some("b".to_owned()))
        );
        assert_eq!(page(rows(), 3, String::as_str), (vec![], None));
    }

    #[test]
    fn a_moment_is_read_with_its_plus_sign_encoded_or_not() {
        let with = moment("from", Some("2026-11-21T09:00:00+09:00")).unwrap();
        assert_eq!(with, Some(Millis(1_795_219_200_000)));
        for same in [
            "2026-11-21T09:00:00 09:00",
            "2026-11-21T00:00:00Z",
            "2026-11-21T09:00:00",
        ] {
            assert_eq!(moment("from", Some(same)).unwrap(), with, "{same}");
        }
        assert!(moment("from", Some("yesterday")).is_err());
    }
}
