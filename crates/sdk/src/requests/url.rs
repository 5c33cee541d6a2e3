//! Addresses.

use toss_checkout_contract::{Problem, ValueError};

use crate::object::Object;

/// An address with its origin, `http` or `https`. Toss refuses any other as a return address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsoluteUrl(String);

impl AbsoluteUrl {
    /// Takes text that begins with `http://` or `https://` and a host. `field` names it in the error.
    ///
    /// # Errors
    /// Empty, no such address, or with a character that no address holds.
    pub fn new(field: &'static str, text: impl Into<String>) -> Result<Self, ValueError> {
        let text = text.into();
        if text.is_empty() {
            return Err(Problem::Empty.of(field));
        }
        let format = Problem::Format {
            expected: "an absolute address, such as https://shop.example/success",
        };
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let has_host = rest
            .and_then(|rest| rest.bytes().next())
            .is_some_and(|first| !b"/?#:@".contains(&first));
        // Spaces and control characters; Unicode's further ones would bring its tables along.
        if !has_host || text.bytes().any(|b| b <= b' ' || b == 0x7f) {
            return Err(format.of(field));
        }
        Ok(Self(text))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where Toss sends the buyer back to. Billing needs both, always.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnUrls {
    /// Receives `customerKey` and `authKey`, or `paymentKey`, `orderId` and `amount`.
    pub success: AbsoluteUrl,
    /// Receives `code` and `message`.
    pub fail: AbsoluteUrl,
}

impl ReturnUrls {
    pub(crate) fn put<'a>(&'a self, object: &mut Object<'a>) {
        object.text("successUrl", Some(self.success.as_str()));
        object.text("failUrl", Some(self.fail.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_absolute_http_addresses_are_taken() {
        for bad in [
            "",
            "/success",
            "shop.example/success",
            "ftp://shop.example",
            "https://",
            "https:///x",
            "https://shop.example/a b",
            "javascript:alert(1)",
            "myapp://done",
        ] {
            let refused = AbsoluteUrl::new("successUrl", bad);
            assert_eq!(refused.unwrap_err().field, "successUrl", "{bad:?}");
        }
        for good in ["https://shop.example/ok", "http://localhost:8080/no?x=1"] {
            assert_eq!(AbsoluteUrl::new("failUrl", good).unwrap().as_str(), good);
        }
    }
}
