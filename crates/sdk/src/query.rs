//! The parameters of an address.

use thiserror::Error;
use toss_checkout_contract::ValueError;

/// More than any honest return address holds.
const QUERY_MAX: usize = 8 * 1024;

/// What is wrong with a return address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReturnError {
    /// A parameter that Toss always sends is not there.
    #[error("{0} is missing from the address")]
    Missing(&'static str),
    /// A parameter is there more than once with different values: nobody can say which one counts.
    #[error("{0} is in the address more than once, with different values")]
    Repeated(&'static str),
    /// Not percent-encoded UTF-8.
    #[error("{0} cannot be decoded")]
    Undecodable(&'static str),
    /// A value that its type refuses.
    #[error(transparent)]
    Value(ValueError),
    /// Longer than any honest address.
    #[error("the address has {0} characters in its query")]
    TooLong(usize),
}

impl ReturnError {
    /// The parameter at fault, where it is one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Missing(field) | Self::Repeated(field) | Self::Undecodable(field) => Some(field),
            Self::Value(error) => Some(error.field),
            Self::TooLong(_) => None,
        }
    }
}

/// The parameters of an address, still encoded. Tolerates what naive appending leaves behind:
/// `?a=1&&b=2`, and a second `?` where an `&` should be.
///
/// ```
/// use toss_payments_sdk::Query;
///
/// let query = Query::new("https://shop.example/done?page=1?authKey=a%20b#top")?;
/// assert_eq!(query.one("authKey")?.as_deref(), Some("a b"));
/// # Ok::<(), toss_payments_sdk::ReturnError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<'a>(&'a [u8]);

impl<'a> Query<'a> {
    /// Takes an address, or its part behind `?` with or without the `?`.
    ///
    /// # Errors
    /// [`ReturnError::TooLong`].
    pub fn new(address: &'a str) -> Result<Self, ReturnError> {
        if address.len() > QUERY_MAX {
            return Err(ReturnError::TooLong(address.len()));
        }
        let mut query = address.as_bytes();
        if let Some(fragment) = query.iter().position(|byte| *byte == b'#') {
            query = &query[..fragment];
        }
        // A parameter's name holds no slash; the path of an address does.
        let named = query
            .iter()
            .position(|byte| matches!(byte, b'?' | b'=' | b'&'));
        let path = &query[..named.unwrap_or(query.len())];
        if path.contains(&b'/') {
            query = &query[path.len()..];
        }
        Ok(Self(query))
    }

    /// Whether a parameter of this name is there.
    pub fn has(self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// The decoded value of a parameter. It may be there twice with the same value, as where a whole query
    /// was appended to itself.
    ///
    /// # Errors
    /// Repeated with different values, or undecodable.
    pub fn one(self, name: &'static str) -> Result<Option<String>, ReturnError> {
        let mut found = None;
        for raw in self.values(name) {
            let value = decode(raw).ok_or(ReturnError::Undecodable(name))?;
            if found.as_ref().is_some_and(|first| *first != value) {
                return Err(ReturnError::Repeated(name));
            }
            found = Some(value);
        }
        Ok(found)
    }

    /// The encoded values of a parameter.
    fn values(self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let parts = self.0.split(|byte| matches!(byte, b'&' | b'?'));
        parts.filter_map(move |part| {
            let end = part.iter().position(|byte| *byte == b'=');
            let (written, value) = part.split_at(end.unwrap_or(part.len()));
            // Encoded names count, too: whoever else reads the address takes them for the same.
            let same = written == name.as_bytes()
                || (written.contains(&b'%') && decode(written).is_some_and(|it| it == name));
            same.then(|| value.get(1..).unwrap_or_default())
        })
    }

    pub(crate) fn required<T>(
        self,
        name: &'static str,
        parse: impl Fn(String) -> Result<T, ValueError>,
    ) -> Result<T, ReturnError> {
        let text = self.one(name)?.ok_or(ReturnError::Missing(name))?;
        parse(text).map_err(ReturnError::Value)
    }

    /// As [`Self::required`], for a key of Toss's. A key has no spaces and may have a `+`: browsers that
    /// write the address anew leave it raw, and it decodes to a space.
    pub(crate) fn required_key<T>(
        self,
        name: &'static str,
        parse: impl Fn(String) -> Result<T, ValueError>,
    ) -> Result<T, ReturnError> {
        self.required(name, |text| parse(text.replace(' ', "+")))
    }
}

/// Percent-encoded UTF-8 with `+` for a space. `None` for a lone `%` and for bytes that are not UTF-8.
fn decode(raw: &[u8]) -> Option<String> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
                u8::try_from(high << 4 | low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(address: &str, name: &'static str) -> Result<Option<String>, ReturnError> {
        Query::new(address).unwrap().one(name)
    }

    #[test]
    fn it_is_found_wherever_the_address_has_it() {
        for address in [
            "a=1&b=2",
            "?a=1&b=2",
            "?b=2&&a=1&",
            "?b=2?a=1",
            "https://shop.example/x/y?b=2&a=1",
            "https://shop.example/x/y?b=2&a=1#a=3",
            "/x/y?a=1",
            "?next=/x/y?a=1",
            "?%61=1",
        ] {
            assert_eq!(
                one(address, "a").unwrap().as_deref(),
                Some("1"),
                "{address}"
            );
        }
        for address in ["", "?", "https://shop.example/a=1", "#a=1", "?aa=1", "?A=1"] {
            assert_eq!(one(address, "a"), Ok(None), "{address}");
        }
        assert_eq!(one("?a", "a").unwrap().as_deref(), Some(""));
        assert_eq!(
            one("?a=%ED%95%9C+%26=", "a").unwrap().as_deref(),
            Some("한 &=")
        );
    }

    #[test]
    fn what_is_there_twice_counts_where_it_is_the_same() {
        for address in ["?a=1&b=2&a=1&b=2", "?a=1&b=2?a=1&b=2", "?a=1&%61=%31"] {
            assert_eq!(
                one(address, "a").unwrap().as_deref(),
                Some("1"),
                "{address}"
            );
        }
        for address in [
            "?a=1&a=2",
            "?a=1?a=2",
            "?a&a=1",
            "?a=1&%61=2",
            "?a=1&a=1&a=2",
        ] {
            assert_eq!(
                one(address, "a"),
                Err(ReturnError::Repeated("a")),
                "{address}"
            );
        }
    }

    #[test]
    fn what_is_not_encoded_text_is_refused() {
        for address in ["?a=%", "?a=%2", "?a=%zz", "?a=%ff", "?a=%e2%82"] {
            assert_eq!(
                one(address, "a"),
                Err(ReturnError::Undecodable("a")),
                "{address}"
            );
        }
        let long = "a".repeat(QUERY_MAX + 1);
        assert_eq!(Query::new(&long), Err(ReturnError::TooLong(QUERY_MAX + 1)));
    }
}
