//! Standard Webhooks: <https://www.standardwebhooks.com>. A receiver verifies with any library of that
//! specification.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::STANDARD};
use rand::RngCore;
use standardwebhooks::Webhook;
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

/// The value of `webhook-signature`: one signature for each secret, so that a receiver may go over from
/// one secret to the next at any moment while both are in use.
pub(super) fn sign(secrets: &[SigningSecret], id: &str, timestamp: i64, body: &str) -> String {
    let signatures: Vec<String> = secrets
        .iter()
        .filter_map(|secret| {
            // A `SigningSecret` is base64 and a `str` is UTF-8; the library has no other error.
            let webhook = Webhook::new(secret.expose()).ok()?;
            webhook.sign(id, timestamp, body.as_bytes()).ok()
        })
        .collect();
    signatures.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_specification() {
        // From the specification's own libraries.
        let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".parse().unwrap();
        let signature = sign(
            &[secret],
            "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            1_649_367_553,
            r#"{"email":"test@example.com","username":"test_user"}"#,
        );
        assert_eq!(signature, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
    }

    #[test]
    fn two_secrets_give_two_signatures() {
        let (old, new) = (SigningSecret::generate(), SigningSecret::generate());
        let both = sign(&[new.clone(), old.clone()], "evt_1", 1, "{}");
        let one = |secret: &SigningSecret| sign(std::slice::from_ref(secret), "evt_1", 1, "{}");
        assert_eq!(both, format!("{} {}", one(&new), one(&old)));
        assert_ne!(one(&new), one(&old));
    }

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
