//! The key with which events to one endpoint are signed.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::STANDARD};
use rand::RngCore;
use thiserror::Error;
use zeroize::Zeroizing;

const PREFIX: &str = "whsec_";
/// Bytes, as the specification recommends.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// Why a text is not a secret. Never shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SecretError {
    /// Another beginning.
    #[error("a signing secret begins with whsec_")]
    Prefix,
    /// Something else behind it.
    #[error("what follows whsec_ is not base64")]
    Base64,
    /// Too short to be safe, or longer than the specification has it.
    #[error("a signing secret holds 24 to 64 bytes, this one {0}")]
    Length(usize),
}

/// The key that an endpoint shares with us: `whsec_` and the base64 of 24 to 64 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Zeroizing<String>);

impl SigningSecret {
    /// 32 random bytes.
    pub fn generate() -> Self {
        let mut key = Zeroizing::new([0; 32]);
        rand::rng().fill_bytes(key.as_mut());
        Self(Zeroizing::new(format!("{PREFIX}{}", STANDARD.encode(*key))))
    }

    /// The text, for its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for SigningSecret {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, SecretError> {
        let encoded = text.strip_prefix(PREFIX).ok_or(SecretError::Prefix)?;
        let key = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| SecretError::Base64)?);
        if !LENGTHS.contains(&key.len()) {
            return Err(SecretError::Length(key.len()));
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

impl std::fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("whsec_…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_secret_is_named_and_never_shown() {
        let refused = |text: &str| text.parse::<SigningSecret>().unwrap_err();
        assert_eq!(refused("hunter2"), SecretError::Prefix);
        assert_eq!(refused("whsec_***"), SecretError::Base64);
        assert_eq!(refused("whsec_"), SecretError::Length(0));
        assert_eq!(refused("whsec_AAAA"), SecretError::Length(3));
        let long = format!("whsec_{}", STANDARD.encode([1; 65]));
        assert_eq!(refused(&long), SecretError::Length(65));
        let secret = SigningSecret::generate();
        assert_eq!(secret.expose().parse::<SigningSecret>().unwrap(), secret);
        assert_eq!(format!("{secret:?}"), "whsec_…");
    }
}
