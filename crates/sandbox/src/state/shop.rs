//! Merchants and their key pairs.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use toss_checkout_contract::{ClientKey, KeyFamily, KeyMode, SecretKey, ValueError};

/// Which of the known shops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Shop(pub(super) usize);

/// A client key and the secret key that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPair {
    /// `mId` in answers, at most 14 characters.
    pub merchant_id: String,
    /// The public half.
    pub client: ClientKey,
    /// The secret half.
    pub secret: SecretKey,
}

/// Why a pair is refused.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// Not `CLIENT:SECRET`.
    #[error("a key pair is written CLIENT_KEY:SECRET_KEY, for example test_ck_abc:test_sk_abc")]
    Shape,
    /// One half is malformed.
    #[error("{0}")]
    Value(#[from] ValueError),
    /// A live key has no business here.
    #[error(
        "live keys are refused: the sandbox must never see a key that moves money; use test_ck_… and test_sk_…"
    )]
    Live,
    /// `ck` with `gsk`, or the other way round.
    #[error(
        "the two keys are of different families: use test_ck_… with test_sk_…, or test_gck_… with test_gsk_…"
    )]
    Families,
}

impl KeyPair {
    /// Reads `CLIENT:SECRET`.
    ///
    /// # Errors
    /// A malformed, live or ill-matched pair.
    pub fn read(text: &str, merchant_id: &str) -> Result<Self, KeyError> {
        let (client, secret) = text.split_once(':').ok_or(KeyError::Shape)?;
        let client = ClientKey::new(client.trim())?;
        let secret = SecretKey::new(secret.trim())?;
        if client.mode() == KeyMode::Live || secret.mode() == KeyMode::Live {
            return Err(KeyError::Live);
        }
        if client.family() != secret.family() {
            return Err(KeyError::Families);
        }
        Ok(Self {
            merchant_id: merchant_id.to_owned(),
            client,
            secret,
        })
    }

    /// The pairs that Toss publishes in its documents: individual and widget.
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
        assert_eq!(KeyPair::documented().unwrap().len(), 2);
    }
}
