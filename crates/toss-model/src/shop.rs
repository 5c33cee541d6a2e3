//! Merchants and their key pairs.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use toss_checkout_contract::{ClientKey, KeyFamily, KeyMode, SecretKey, ValueError};

/// Which of the known merchants. Key pairs of one merchant id are one shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Shop(pub(crate) usize);

/// The version of the API that answers have: what a key pair is set to in the developer centre.
/// Source: <https://docs.tosspayments.com/reference/versioning>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Version {
    /// The first with numeric institution codes.
    #[default]
    #[serde(rename = "2022-11-16")]
    V2022_11_16,
    /// Billing without `cardCompany` and `cardNumber`.
    #[serde(rename = "2024-06-01")]
    V2024_06_01,
}

impl Version {
    /// Every version that the sandbox speaks.
    pub const ALL: [Self; 2] = [Self::V2022_11_16, Self::V2024_06_01];

    /// The date that names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2022_11_16 => "2022-11-16",
            Self::V2024_06_01 => "2024-06-01",
        }
    }

    /// Reads the date.
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
    }
}

/// A client key and the secret key that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// `mId` in answers, at most 14 characters.
    pub merchant_id: String,
    /// The public half.
    pub client: ClientKey,
    /// The secret half.
    pub secret: SecretKey,
    /// What its answers look like. Widget keys stay at 2022-11-16.
    pub version: Version,
}

/// Why a pair is refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// Not `CLIENT:SECRET`.
    #[error(
        "a key pair is written CLIENT_KEY:SECRET_KEY, for example test_ck_abc:test_sk_abc; :MERCHANT_ID and :API_VERSION may follow"
    )]
    Shape,
    /// One half is malformed.
    #[error("{0}")]
    Value(#[from] ValueError),
    /// A live key has no business here.
    #[error(
        "live keys are refused: the sandbox must never see a key that moves money; use test_ck_… and test_sk_…"
    )]
    Live,
    /// No such pair.
    #[error("no such client key")]
    Unknown,
    /// Not a merchant id of Toss's.
    #[error("a merchant id has 1 to 14 letters, digits, - or _")]
    MerchantId,
    /// No version that the sandbox speaks, or not for a widget key.
    #[error("the version is 2022-11-16 or, for test_ck_… only, 2024-06-01")]
    Version,
    /// `ck` with `gsk`, or the other way round.
    #[error(
        "the two keys are of different families: use test_ck_… with test_sk_…, or test_gck_… with test_gsk_…"
    )]
    Families,
}

impl KeyPair {
    /// Reads `CLIENT:SECRET`, `CLIENT:SECRET:MID` or `CLIENT:SECRET:MID:VERSION`. Pairs with the same
    /// merchant id see the same payments.
    ///
    /// # Errors
    /// A malformed, live or ill-matched pair.
    pub fn read(text: &str, merchant_id: &str) -> Result<Self, KeyError> {
        let parts: Vec<&str> = text.split(':').map(str::trim).collect();
        let (client, secret, merchant_id, version) = match parts.as_slice() {
            [client, secret] => (*client, *secret, merchant_id, None),
            [client, secret, mid] => (*client, *secret, *mid, None),
            [client, secret, mid, version] => (*client, *secret, *mid, Some(*version)),
            _ => return Err(KeyError::Shape),
        };
        let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !(1..=14).contains(&merchant_id.len()) || !merchant_id.chars().all(named) {
            return Err(KeyError::MerchantId);
        }
        let client = ClientKey::new(client)?;
        let secret = SecretKey::new(secret)?;
        if client.mode() == KeyMode::Live || secret.mode() == KeyMode::Live {
            return Err(KeyError::Live);
        }
        if client.family() != secret.family() {
            return Err(KeyError::Families);
        }
        let mut pair = Self {
            merchant_id: merchant_id.to_owned(),
            client,
            secret,
            version: Version::default(),
        };
        if let Some(version) = version {
            pair.set_version(Version::read(version).ok_or(KeyError::Version)?)?;
        }
        Ok(pair)
    }

    /// What the developer centre does.
    ///
    /// # Errors
    /// Widget keys stay at 2022-11-16.
    pub fn set_version(&mut self, version: Version) -> Result<(), KeyError> {
        if !self.is_individual() && version != Version::default() {
            return Err(KeyError::Version);
        }
        self.version = version;
        Ok(())
    }

    /// The pairs that Toss publishes in its documents: individual and widget, and the individual one of its
    /// older pages, which published clients still use. The merchant id of that one is assumed.
    /// Source: <https://docs.tosspayments.com/guides/v2/get-started/environment>.
    ///
    /// # Errors
    /// None in practice; the texts go through the same door as any other pair.
    pub fn documented() -> Result<Vec<Self>, KeyError> {
        Ok(vec![
            Self::read(
                "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq:test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R",
                "tosspayments",
            )?,
            Self::read(
                "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm:test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6",
                "tosspayments",
            )?,
            Self::read(
                "test_ck_OEP59LybZ8Bdv6A1JxkV6GYo7pRe:test_ak_ZORzdMaqN3wQd5k6ygr5AkYXQGwy",
                "tvivarepublica",
            )?,
        ])
    }

    /// Whether it is for `payment()`, billing and the REST API.
    pub fn is_individual(&self) -> bool {
        self.client.family() == KeyFamily::Individual
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_may_name_its_merchant_and_its_version() {
        let pair = KeyPair::read("test_ck_abc:test_sk_abc:shop-1:2024-06-01", "m").unwrap();
        assert_eq!(
            (pair.merchant_id.as_str(), pair.version),
            ("shop-1", Version::V2024_06_01)
        );
        let read = |text| KeyPair::read(text, "m");
        assert_eq!(
            read("test_ck_a:test_sk_a:fifteen-letters"),
            Err(KeyError::MerchantId)
        );
        assert_eq!(read("test_ck_a:test_sk_a:m:1.4"), Err(KeyError::Version));
        assert_eq!(
            read("test_gck_a:test_gsk_a:m:2024-06-01"),
            Err(KeyError::Version)
        );
        assert_eq!(
            read("test_ck_a:test_sk_a:m:2024-06-01:x"),
            Err(KeyError::Shape)
        );
    }

    #[test]
    fn live_mixed_and_malformed_pairs_are_refused() {
        assert_eq!(
            KeyPair::read("live_ck_abc:live_sk_abc", "m"),
            Err(KeyError::Live)
        );
        assert_eq!(
            KeyPair::read("test_ck_abc:live_sk_abc", "m"),
            Err(KeyError::Live)
        );
        assert_eq!(
            KeyPair::read("test_ck_abc:test_gsk_abc", "m"),
            Err(KeyError::Families)
        );
        assert_eq!(KeyPair::read("test_ck_abc", "m"), Err(KeyError::Shape));
        assert!(matches!(
            KeyPair::read("test_sk_abc:test_sk_abc", "m"),
            Err(KeyError::Value(_))
        ));
        assert_eq!(KeyPair::documented().unwrap().len(), 3);
    }
}
