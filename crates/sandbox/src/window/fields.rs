//! Reading loosely typed JSON: null is absent, another type is refused.

use serde_json::{Map, Value};

use crate::errors::{Row, table};

/// An object whose fields are read one by one.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

type Read<T> = Result<Option<T>, &'static Row>;

impl<'a> Fields<'a> {
    fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn as_type<T>(self, name: &str, read: impl Fn(&'a Value) -> Option<T>) -> Read<T> {
        self.get(name)
            .map(|value| read(value).ok_or(table::INVALID_REQUEST))
            .transpose()
    }

    pub(super) fn text(self, name: &str) -> Read<&'a str> {
        self.as_type(name, Value::as_str)
    }

    /// The first of a list of texts.
    pub(super) fn first_text(self, name: &str) -> Read<&'a str> {
        let list = self.as_type(name, Value::as_array)?;
        list.and_then(|list| list.first())
            .map(|first| first.as_str().ok_or(table::INVALID_REQUEST))
            .transpose()
    }

    /// Text of at most `max` characters.
    pub(super) fn short(self, name: &str, max: usize) -> Read<String> {
        self.as_type(name, |value| {
            let text = value.as_str()?;
            (text.chars().count() <= max).then(|| text.to_owned())
        })
    }

    /// A whole number, not negative.
    pub(super) fn number(self, name: &str) -> Read<u64> {
        self.as_type(name, Value::as_u64)
    }

    /// False when absent.
    pub(super) fn flag(self, name: &str) -> Result<bool, &'static Row> {
        Ok(self.as_type(name, Value::as_bool)?.unwrap_or(false))
    }

    pub(super) fn object(self, name: &str) -> Read<Fields<'a>> {
        self.as_type(name, |value| value.as_object().map(Fields))
    }

    /// At most five texts: keys of 40 characters without brackets, values of 2000.
    pub(super) fn metadata(self, name: &str) -> Read<Value> {
        self.as_type(name, |value| {
            let pairs = value.as_object()?;
            let fits = pairs.len() <= 5
                && pairs.iter().all(|(key, value)| {
                    key.chars().count() <= 40
                        && !key.contains(['[', ']'])
                        && value
                            .as_str()
                            .is_some_and(|text| text.chars().count() <= 2000)
                });
            fits.then(|| value.clone())
        })
    }
}
