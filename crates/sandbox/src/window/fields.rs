//! Reading loosely typed JSON: null is absent, another type is refused.

use serde_json::{Map, Value};
use toss_model::{ErrorCode, money::Sum};

/// An object whose fields are read one by one.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

type Read<T> = Result<Option<T>, ErrorCode>;

impl<'a> Fields<'a> {
    fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn as_type<T>(self, name: &str, read: impl Fn(&'a Value) -> Option<T>) -> Read<T> {
        self.get(name)
            .map(|value| read(value).ok_or(ErrorCode::InvalidRequest))
            .transpose()
    }

    pub(super) fn text(self, name: &str) -> Read<&'a str> {
        self.as_type(name, Value::as_str)
    }

    /// Text of at most `max` characters. Counted in UTF-16 units, as JavaScript does: nobody says how Toss
    /// counts, and this is the stricter way (assumed).
    pub(super) fn short(self, name: &str, max: usize) -> Read<String> {
        self.as_type(name, |value| {
            let text = value.as_str()?;
            (units(text) <= max).then(|| text.to_owned())
        })
    }

    /// A whole number, not negative.
    pub(super) fn number(self, name: &str) -> Read<u64> {
        self.as_type(name, Value::as_u64)
    }

    /// An amount of money, not negative; a whole number or with cents.
    pub(super) fn sum(self, name: &str) -> Read<Sum> {
        self.as_type(name, |value| Sum::read(&value.as_number()?.to_string()))
    }

    /// All of a list of texts; none when absent.
    pub(super) fn texts(self, name: &str) -> Result<Vec<&'a str>, ErrorCode> {
        let list = self.as_type(name, |value| {
            value.as_array()?.iter().map(Value::as_str).collect()
        })?;
        Ok(list.unwrap_or_default())
    }

    /// False when absent.
    pub(super) fn flag(self, name: &str) -> Result<bool, ErrorCode> {
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
                    units(key) <= 40
                        && !key.contains(['[', ']'])
                        && value.as_str().is_some_and(|text| units(text) <= 2000)
                });
            fits.then(|| value.clone())
        })
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}
