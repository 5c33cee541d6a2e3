//! What requests carry. Fields that Toss does not know are ignored; null is absent.

mod account;
mod billing;
mod payment;
mod receipt;

use serde_json::{Map, Value};

pub(super) use self::{
    account::account_request,
    billing::{CardBody, IssueBody, charge_request},
    payment::{ConfirmBody, cancel_request, transactions_page},
    receipt::{ReceiptsPage, cancel_amount, receipt_request},
};
use crate::{
    errors::{Row, table},
    state::money::Sum,
};

type Read<T> = Result<T, &'static Row>;

/// A JSON object whose fields are read one by one.
struct Fields(Map<String, Value>);

impl Fields {
    /// # Errors
    /// `INVALID_REQUEST` for what is no object.
    fn read(body: &[u8]) -> Read<Self> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            _ => Err(table::INVALID_REQUEST),
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that must be there.
    fn text(&self, name: &str) -> Read<String> {
        match self.optional_text(name)? {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(table::INVALID_REQUEST),
        }
    }

    fn optional_text(&self, name: &str) -> Read<Option<String>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(table::INVALID_REQUEST),
        }
    }

    fn flag(&self, name: &str) -> Read<bool> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(table::INVALID_REQUEST),
        }
    }

    fn object(&self, name: &str) -> Read<Option<Self>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Self(object.clone()))),
            Some(_) => Err(table::INVALID_REQUEST),
        }
    }

    /// Whole won that must be there.
    fn won(&self, name: &str) -> Read<u64> {
        won(self.get(name).unwrap_or(&Value::Null))
    }

    /// Whole won, zero when absent.
    fn won_or_zero(&self, name: &str) -> Read<u64> {
        self.get(name).map_or(Ok(0), won)
    }

    fn sum(&self, name: &str) -> Read<Option<Sum>> {
        self.get(name).map(sum).transpose()
    }
}

/// Money: whole won as a number, or as a text of digits because Toss's own samples send that.
fn won(value: &Value) -> Read<u64> {
    match value {
        Value::Number(number) => {
            if let Some(won) = number.as_u64() {
                return Ok(won);
            }
            match number.as_f64() {
                Some(value) if value < 0.0 => Err(table::BELOW_ZERO_AMOUNT),
                _ => Err(table::INVALID_REQUEST),
            }
        }
        Value::String(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => {
            text.parse().map_err(|_| table::INVALID_REQUEST)
        }
        _ => Err(table::INVALID_REQUEST),
    }
}

/// Money of any currency: a number with at most two decimals, or a text that is one.
fn sum(value: &Value) -> Read<Sum> {
    let text = match value {
        Value::Number(number) if number.as_f64().is_some_and(|value| value < 0.0) => {
            return Err(table::BELOW_ZERO_AMOUNT);
        }
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return Err(table::INVALID_REQUEST),
    };
    Sum::read(&text).ok_or(table::INVALID_REQUEST)
}

/// Query parameters, decoded; of one that comes twice the first counts.
struct Query(Vec<(String, String)>);

impl Query {
    fn read(query: &str) -> Self {
        Self(
            url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A number of at least 1 and at most `max`.
    fn limit(&self, default: usize, max: usize) -> Read<usize> {
        match self.get("limit") {
            None => Ok(default),
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=max).contains(limit))
                .ok_or(table::INVALID_REQUEST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn won_are_whole_as_number_or_digits() {
        let read = |json: &str| won(&serde_json::from_str(json).unwrap());
        assert_eq!(read("15000"), Ok(15_000));
        assert_eq!(read("\"15000\""), Ok(15_000));
        assert_eq!(read("-1"), Err(table::BELOW_ZERO_AMOUNT));
        for bad in [
            "null",
            "1.5",
            "1e40",
            "\"\"",
            "\"1,000\"",
            "\"-1\"",
            "[]",
            "true",
        ] {
            assert_eq!(read(bad), Err(table::INVALID_REQUEST), "{bad}");
        }
    }

    #[test]
    fn null_is_absent_and_another_type_is_refused() {
        let fields = Fields::read(br#"{"a":null,"b":1,"c":"","d":"x"}"#).unwrap();
        assert_eq!(fields.optional_text("a"), Ok(None));
        assert_eq!(fields.optional_text("b"), Err(table::INVALID_REQUEST));
        assert_eq!(fields.text("c"), Err(table::INVALID_REQUEST));
        assert_eq!(fields.text("d"), Ok("x".into()));
        assert_eq!(fields.flag("a"), Ok(false));
        assert_eq!(fields.flag("b"), Err(table::INVALID_REQUEST));
        for bad in ["", "[]", "null", "{", "\u{0}"] {
            assert!(Fields::read(bad.as_bytes()).is_err());
        }
    }

    #[test]
    fn a_page_has_at_least_one_and_at_most_so_many() {
        let limit = |query: &str| Query::read(query).limit(100, 5_000);
        assert_eq!((limit(""), limit("limit=5000")), (Ok(100), Ok(5_000)));
        for bad in ["limit=0", "limit=5001", "limit=-1", "limit=x"] {
            assert_eq!(limit(bad), Err(table::INVALID_REQUEST), "{bad}");
        }
    }
}
