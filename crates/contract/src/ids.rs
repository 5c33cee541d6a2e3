//! Identifiers and one-time keys.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::value::{Problem, ValueError, check};

/// A value that may be shown and logged.
macro_rules! public_id {
    ($(#[$doc:meta])* $name:ident, $field:literal, $min:literal..=$max:literal, $allowed:literal, $accepts:expr) => {
        id!($(#[$doc])* $name, $field, $min..=$max, $allowed, $accepts);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

/// A value that opens something: no `Display`, a masked `Debug`, and one reader that can be searched for.
macro_rules! secret_id {
    ($(#[$doc:meta])* $name:ident, $field:literal, $min:literal..=$max:literal, $allowed:literal, $accepts:expr) => {
        id!($(#[$doc])* $name, $field, $min..=$max, $allowed, $accepts);
        secret_traits!($name);
    };
}

macro_rules! secret_traits {
    ($name:ident) => {
        impl $name {
            /// The text itself. Never log it and never put it into an error.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "("))?;
                mask(&self.0, f)?;
                f.write_str(")")
            }
        }
    };
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $field:literal, $min:literal..=$max:literal, $allowed:literal, $accepts:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The name of this value on the wire.
            pub const FIELD: &'static str = $field;

            /// Takes the text if it keeps the rules of the type.
            ///
            /// # Errors
            /// Says which rule is broken: empty, too short, too long, or a character outside the set.
            pub fn new(value: impl Into<String>) -> Result<Self, ValueError> {
                let value = value.into();
                check($field, &value, $min, $max, $allowed, $accepts)?;
                Ok(Self(value))
            }
        }

        id_traits!($name);
    };
}

macro_rules! id_traits {
    ($name:ident) => {
        impl FromStr for $name {
            type Err = ValueError;

            fn from_str(value: &str) -> Result<Self, ValueError> {
                Self::new(value)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(String::deserialize(deserializer)?).map_err(de::Error::custom)
            }
        }
    };
}

/// Enough to tell two keys apart in a log, too little to use one.
pub(crate) fn mask(value: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let shown = if value.len() >= 16 { 4 } else { 0 };
    let start: String = value.chars().take(shown).collect();
    write!(f, "{start}…")
}

fn visible(c: char) -> bool {
    c.is_ascii_graphic()
}

/// A secret that begins with its kind: a prefix, and at least 128 random bits in base62 (22 characters).
macro_rules! token {
    ($(#[$doc:meta])* $name:ident, $field:literal, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The name of this value on the wire.
            pub const FIELD: &'static str = $field;
            /// How every one of them begins.
            pub const PREFIX: &'static str = $prefix;

            /// Takes the text if it is the prefix and 22 to 64 letters and digits.
            ///
            /// # Errors
            /// Says which rule is broken.
            pub fn new(value: impl Into<String>) -> Result<Self, ValueError> {
                let value = value.into();
                if value.is_empty() {
                    return Err(Problem::Empty.of(Self::FIELD));
                }
                let Some(random) = value.strip_prefix(Self::PREFIX) else {
                    return Err(Problem::Prefix { expected: $prefix }.of(Self::FIELD));
                };
                check(Self::FIELD, random, 22, 64, "letters and digits", |c| {
                    c.is_ascii_alphanumeric()
                })?;
                Ok(Self(value))
            }
        }

        id_traits!($name);
        secret_traits!($name);
    };
}

token!(
    /// Names one checkout towards the page: `cs_` and at least 128 random bits in base62 (22 characters).
    /// Whoever holds it may see the checkout and finish it, so it is masked in logs.
    SessionId, "session", "cs_"
);

token!(
    /// Opens the page of one customer's subscriptions for 30 minutes: `cl_` and at least 128 random bits in
    /// base62 (22 characters). The backend keeps its digest only.
    LinkToken, "link", "cl_"
);

public_id!(
    /// The merchant's order number: 6 to 64 of letters, digits, `-`, `_`; `=` is accepted from
    /// others but never made by us, because Toss's REST page does not list it.
    /// Source: <https://docs.tosspayments.com/reference>.
    OrderId, "orderId", 6..=64, "letters, digits, '-', '_' and '='",
    |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=')
);

public_id!(
    /// Which wording of a consent it was: 1 to 40 visible ASCII characters.
    ConsentVersion, "version", 1..=40, "visible ASCII characters", visible
);

public_id!(
    /// What a buyer agrees to, word for word: 1 to 2000 characters.
    ConsentText, "text", 1..=2000, "all but control characters; lines may end",
    |c| c == '\n' || !c.is_control()
);

secret_id!(
    /// Half of the credential that charges a card: who the buyer is for Toss. 2 to 300 of letters,
    /// digits and `- _ = . @`. The JS SDK takes at most 50, see [`CustomerKey::SDK_MAX`].
    /// Source: <https://docs.tosspayments.com/sdk/v2/js>.
    CustomerKey, "customerKey", 2..=300, "letters, digits and '-', '_', '=', '.', '@'",
    |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '.' | '@')
);

secret_id!(
    /// One-time key that Toss appends to `successUrl` after a billing registration; the server turns
    /// it into a billing key. At most 300 characters.
    /// Source: <https://docs.tosspayments.com/guides/v2/billing/integration>.
    AuthKey, "authKey", 1..=300, "visible ASCII characters", visible
);

secret_id!(
    /// Toss's name for one payment, at most 200 characters, opaque.
    /// Source: <https://docs.tosspayments.com/reference>.
    PaymentKey, "paymentKey", 1..=200, "visible ASCII characters", visible
);

secret_id!(
    /// Charges the buyer's card or account together with the customer key. Lives on the server only.
    /// At most 200 characters; Toss never shows it again after it was issued.
    /// Source: <https://docs.tosspayments.com/guides/v2/billing/integration>.
    BillingKey, "billingKey", 1..=200, "visible ASCII characters", visible
);

impl CustomerKey {
    /// The JS SDK refuses longer customer keys, the REST API does not.
    pub const SDK_MAX: usize = 50;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_id_limits_are_inclusive() {
        assert!("a".repeat(6).parse::<OrderId>().is_ok());
        assert!("a".repeat(64).parse::<OrderId>().is_ok());
        assert_eq!(
            *"a".repeat(5).parse::<OrderId>().unwrap_err().problem,
            Problem::TooShort { length: 5, min: 6 }
        );
        assert_eq!(
            *"a".repeat(65).parse::<OrderId>().unwrap_err().problem,
            Problem::TooLong {
                length: 65,
                max: 64
            }
        );
        assert_eq!(*"".parse::<OrderId>().unwrap_err().problem, Problem::Empty);
    }

    #[test]
    fn a_key_with_a_space_or_a_line_break_is_refused() {
        for bad in ["a b", "a\nb", "ключ", "a\u{0}b"] {
            assert!(AuthKey::new(bad).is_err(), "{bad:?}");
            assert!(PaymentKey::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn debug_of_a_secret_does_not_hold_the_secret() {
        let text = "Z_t5vOvQxrj4499PeiJcjen28-V2RyqgYTwN44Rdzk0=";
        let shown = format!("{:?}", BillingKey::new(text).unwrap());
        assert_eq!(shown, "BillingKey(Z_t5…)");
        // A short key must not be shown in part: four characters would be most of it.
        assert_eq!(
            format!("{:?}", AuthKey::new("abc123").unwrap()),
            "AuthKey(…)"
        );
    }

    #[test]
    fn json_goes_through_the_constructor() {
        let refused = serde_json::from_str::<CustomerKey>("\"한글\"").unwrap_err();
        assert!(
            refused
                .to_string()
                .starts_with("customerKey holds the character '한'")
        );
        let key: CustomerKey = serde_json::from_str("\"user@shop\"").unwrap();
        assert_eq!(serde_json::to_string(&key).unwrap(), "\"user@shop\"");
    }
}
