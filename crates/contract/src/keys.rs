//! API keys: which family, which mode, and whether the two halves belong together.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    ids::mask,
    value::{Problem, ValueError, check},
};

/// Test keys move no money, live keys do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyMode {
    /// `test_…`
    Test,
    /// `live_…`
    Live,
}

/// Which product a key belongs to.
/// Source: <https://docs.tosspayments.com/reference/using-api/api-keys>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFamily {
    /// API 개별 연동 키 (`ck`, `sk`): `payment()`, billing and the REST API. The one needed here.
    Individual,
    /// 결제위젯 연동 키 (`gck`, `gsk`): `widgets()` only; `payment()` answers `NOT_SUPPORTED_WIDGET_KEY`.
    Widget,
}

/// What the beginning of a key says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Client,
    Secret,
}

const MAX: usize = 200;

fn read(value: &str) -> Option<(KeyMode, KeyFamily, Half)> {
    let (mode, rest) = if let Some(rest) = value.strip_prefix("test_") {
        (KeyMode::Test, rest)
    } else {
        (KeyMode::Live, value.strip_prefix("live_")?)
    };
    let (kind, body) = rest.split_once('_')?;
    let (family, half) = match kind {
        "ck" => (KeyFamily::Individual, Half::Client),
        "gck" => (KeyFamily::Widget, Half::Client),
        // `ak` is how secret keys were called in Toss's older documents.
        "sk" | "ak" => (KeyFamily::Individual, Half::Secret),
        "gsk" => (KeyFamily::Widget, Half::Secret),
        _ => return None,
    };
    (!body.is_empty()).then_some((mode, family, half))
}

fn checked(field: &'static str, value: &str) -> Result<(), ValueError> {
    check(field, value, 1, MAX, "letters, digits, '-' and '_'", |c| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
    })
}

/// The public half of a key pair. Widget keys parse too, so that the caller can name the mistake.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientKey {
    value: String,
    mode: KeyMode,
    family: KeyFamily,
}

impl ClientKey {
    /// The name of this value on the wire.
    pub const FIELD: &'static str = "clientKey";

    /// Reads a key that begins with `test_ck_`, `live_ck_`, `test_gck_` or `live_gck_`.
    ///
    /// # Errors
    /// [`Problem::Prefix`] for anything else, a secret key included (see [`SecretKey::looks_like`]).
    pub fn new(value: impl Into<String>) -> Result<Self, ValueError> {
        let value = value.into();
        checked(Self::FIELD, &value)?;
        match read(&value) {
            Some((mode, family, Half::Client)) => Ok(Self {
                value,
                mode,
                family,
            }),
            _ => Err(Problem::Prefix {
                expected: "test_ck_ or live_ck_",
            }
            .of(Self::FIELD)),
        }
    }

    /// The text. A client key is public.
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Test or live.
    pub fn mode(&self) -> KeyMode {
        self.mode
    }

    /// Individual or widget.
    pub fn family(&self) -> KeyFamily {
        self.family
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientKey({:?}, {:?}, ", self.mode, self.family)?;
        mask(&self.value, f)?;
        f.write_str(")")
    }
}

impl FromStr for ClientKey {
    type Err = ValueError;

    fn from_str(value: &str) -> Result<Self, ValueError> {
        Self::new(value)
    }
}

impl Serialize for ClientKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.value)
    }
}

impl<'de> Deserialize<'de> for ClientKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// The secret half of a key pair. Server only: it has no `Serialize`, no `Display`, a masked `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey {
    value: String,
    mode: KeyMode,
    family: KeyFamily,
}

impl SecretKey {
    /// What the value is called in messages.
    pub const FIELD: &'static str = "secretKey";

    /// Reads a key that begins with `test_sk_`, `live_sk_`, `test_gsk_` or `live_gsk_`.
    ///
    /// # Errors
    /// [`Problem::Prefix`] for anything else.
    pub fn new(value: impl Into<String>) -> Result<Self, ValueError> {
        let value = value.into();
        checked(Self::FIELD, &value)?;
        match read(&value) {
            Some((mode, family, Half::Secret)) => Ok(Self {
                value,
                mode,
                family,
            }),
            _ => Err(Problem::Prefix {
                expected: "test_sk_ or live_sk_",
            }
            .of(Self::FIELD)),
        }
    }

    /// True for text that is a secret key in a place where none may be.
    pub fn looks_like(value: &str) -> bool {
        matches!(read(value.trim_ascii()), Some((_, _, Half::Secret)))
    }

    /// The text itself. Never log it and never put it into an error.
    pub fn expose(&self) -> &str {
        &self.value
    }

    /// Test or live.
    pub fn mode(&self) -> KeyMode {
        self.mode
    }

    /// Individual or widget.
    pub fn family(&self) -> KeyFamily {
        self.family
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({:?}, {:?}, …)", self.mode, self.family)
    }
}

impl FromStr for SecretKey {
    type Err = ValueError;

    fn from_str(value: &str) -> Result<Self, ValueError> {
        Self::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_modes_and_halves_are_told_apart() {
        let key = ClientKey::new("test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq").unwrap();
        assert_eq!(
            (key.mode(), key.family()),
            (KeyMode::Test, KeyFamily::Individual)
        );
        let widget = ClientKey::new("live_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm").unwrap();
        assert_eq!(
            (widget.mode(), widget.family()),
            (KeyMode::Live, KeyFamily::Widget)
        );
        let secret = SecretKey::new("test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R").unwrap();
        assert_eq!(
            (secret.mode(), secret.family()),
            (KeyMode::Test, KeyFamily::Individual)
        );

        for bad in [
            "",
            "test_ck_",
            "ck_abc",
            "test_sk_abc",
            "test_xx_abc",
            "test_ck_a b",
        ] {
            assert!(ClientKey::new(bad).is_err(), "{bad:?}");
        }
        assert!(SecretKey::looks_like("live_gsk_abc"));
        assert!(SecretKey::looks_like(" test_sk_abc\n"));
        assert!(!SecretKey::looks_like("test_ck_abc"));
    }

    #[test]
    fn debug_of_a_secret_key_shows_no_part_of_it() {
        let key = SecretKey::new("test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R").unwrap();
        assert_eq!(format!("{key:?}"), "SecretKey(Test, Individual, …)");
        let refused = SecretKey::new("zXLkKEypNArWmo50nX3lmeaxYG5R").unwrap_err();
        assert!(!refused.to_string().contains("zXLk"));
    }
}
