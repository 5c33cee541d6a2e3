//! What requests carry. Fields that Toss does not know are ignored; null is absent.

mod account;
mod billing;
mod key_in;
mod payment;
mod receipt;
mod settlement;

use serde_json::{Map, Value};
use time::Date;
use toss_model::{ErrorCode, Refusal, moment, money::Sum};

pub(super) use self::{
    account::account_request,
    billing::{CardBody, IssueBody, charge_request},
    key_in::key_in_request,
    payment::{ConfirmBody, cancel_request, transactions_page},
    receipt::{ReceiptsPage, cancel_amount, receipt_request},
    settlement::settlement_page,
};

type Read<T> = Result<T, Refusal>;

/// `INVALID_REQUEST` for a field of another kind.
fn wrong(name: &str, kind: &str) -> Refusal {
    Refusal::invalid(format!("{name} is not {kind}"))
}

fn missing(name: &str) -> Refusal {
    Refusal::invalid(format!("{name} is missing"))
}

/// A JSON object whose fields are read one by one.
struct Fields(Map<String, Value>);

impl Fields {
    /// # Errors
    /// `INVALID_REQUEST` for what is no object.
    fn read(body: &[u8]) -> Read<Self> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            _ if body.is_empty() => Err(Refusal::invalid("the body is empty or too long")),
            _ => Err(Refusal::invalid("the body is no JSON object")),
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that must be there.
    fn text(&self, name: &str) -> Read<String> {
        match self.optional_text(name)? {
            Some(text) if !text.is_empty() => Ok(text),
            Some(_) => Err(Refusal::invalid(format!("{name} is empty"))),
            None => Err(missing(name)),
        }
    }

    fn optional_text(&self, name: &str) -> Read<Option<String>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(wrong(name, "a text")),
        }
    }

    fn flag(&self, name: &str) -> Read<bool> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(wrong(name, "true or false")),
        }
    }

    fn object(&self, name: &str) -> Read<Option<Self>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Self(object.clone()))),
            Some(_) => Err(wrong(name, "an object")),
        }
    }

    /// Whole won that must be there.
    fn won(&self, name: &str) -> Read<u64> {
        won(name, self.get(name).ok_or_else(|| missing(name))?)
    }

    /// Whole won, zero when absent.
    fn won_or_zero(&self, name: &str) -> Read<u64> {
        self.get(name).map_or(Ok(0), |value| won(name, value))
    }

    fn sum(&self, name: &str) -> Read<Option<Sum>> {
        self.get(name).map(|value| sum(name, value)).transpose()
    }
}

/// Money: whole won as a number, or as a text of digits because Toss's own samples send that.
fn won(name: &str, value: &Value) -> Read<u64> {
    let digits = |text: &String| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let whole = match value {
        Value::Number(number) if number.as_f64().is_some_and(|value| value < 0.0) => {
            return Err(ErrorCode::BelowZeroAmount.reason(format!("{name} is negative")));
        }
        Value::Number(number) => number.as_u64(),
        Value::String(text) if digits(text) => text.parse().ok(),
        _ => None,
    };
    whole.ok_or_else(|| wrong(name, "whole won"))
}

/// Money of any currency: a number with at most two decimals, or a text that is one.
fn sum(name: &str, value: &Value) -> Read<Sum> {
    let text = match value {
        Value::Number(number) if number.as_f64().is_some_and(|value| value < 0.0) => {
            return Err(ErrorCode::BelowZeroAmount.reason(format!("{name} is negative")));
        }
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return Err(wrong(name, "an amount")),
    };
    Sum::read(&text).ok_or_else(|| wrong(name, "an amount"))
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

    /// A Korean day, `2026-11-21`, that must be there.
    fn day(&self, name: &str) -> Read<Date> {
        let text = self.get(name).ok_or_else(|| missing(name))?;
        moment::parse_date(text)
            .ok_or_else(|| ErrorCode::InvalidDate.reason(format!("{name} is no day")))
    }

    /// A number of at least 1 and at most `max`.
    fn count(&self, name: &str, default: usize, max: usize) -> Read<usize> {
        match self.get(name) {
            None => Ok(default),
            Some(text) => text
                .parse()
                .ok()
                .filter(|count| (1..=max).contains(count))
                .ok_or_else(|| wrong(name, &format!("a number from 1 to {max}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn won_are_whole_as_number_or_digits() {
        let read = |json: &str| {
            won("amount", &serde_json::from_str(json).unwrap()).map_err(|refusal| refusal.code)
        };
        assert_eq!(read("15000"), Ok(15_000));
        assert_eq!(read("\"15000\""), Ok(15_000));
        assert_eq!(read("-1"), Err(ErrorCode::BelowZeroAmount));
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
            assert_eq!(read(bad), Err(ErrorCode::InvalidRequest), "{bad}");
        }
    }

    #[test]
    fn null_is_absent_and_another_type_is_refused() {
        let fields = Fields::read(br#"{"a":null,"b":1,"c":"","d":"x"}"#).unwrap();
        assert_eq!(fields.optional_text("a"), Ok(None));
        let reason = fields.optional_text("b").unwrap_err().reason;
        assert_eq!(reason.as_deref(), Some("b is not a text"));
        assert_eq!(
            fields.text("c").unwrap_err().code,
            ErrorCode::InvalidRequest
        );
        assert_eq!(fields.text("d"), Ok("x".into()));
        assert_eq!(fields.flag("a"), Ok(false));
        assert!(fields.flag("b").is_err());
        for bad in ["", "[]", "null", "{", "\u{0}"] {
            assert!(Fields::read(bad.as_bytes()).is_err());
        }
    }

    #[test]
    fn a_page_has_at_least_one_and_at_most_so_many() {
        let limit = |query: &str| {
            Query::read(query)
                .count("limit", 100, 5_000)
                .map_err(|refusal| refusal.code)
        };
        assert_eq!((limit(""), limit("limit=5000")), (Ok(100), Ok(5_000)));
        for bad in ["limit=0", "limit=5001", "limit=-1", "limit=x"] {
            assert_eq!(limit(bad), Err(ErrorCode::InvalidRequest), "{bad}");
        }
    }
}
