//! What protects keys at rest: sealing with a ring of keys, digests, comparison in constant time,
//! and random names.

use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    Key, XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use rand::{Rng, RngCore, distr::Alphanumeric};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

const VERSION: &str = "v1";
const NONCE: usize = 24;

/// Why a text could not be sealed or opened. Never says what was in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CryptoError {
    /// Not text that [`KeyRing::seal`] wrote.
    #[error("the stored text is not a sealed value")]
    Malformed,
    /// Sealed with a key that is not in the ring.
    #[error(
        "the stored value was sealed with the key '{0}', which BILLING_KEY_ENCRYPTION_KEYS no longer holds"
    )]
    UnknownKey(String),
    /// Altered, moved to another row, or sealed with another key of the same name.
    #[error(
        "the stored value could not be opened with the key '{key}': it was altered, belongs to another record, or was sealed with another key of this name"
    )]
    Refused {
        /// The name of the key.
        key: String,
    },
}

/// Why a ring could not be read. Never shows the key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyRingError {
    /// No entry at all.
    #[error("no key is given")]
    Empty,
    /// An entry without a name.
    #[error("entry {0} is not written as id:base64 (letters, digits, '-' and '_' for the id)")]
    Name(usize),
    /// An entry whose second half is not base64.
    #[error("the key '{0}' is not valid base64")]
    Base64(String),
    /// An entry of another length.
    #[error("the key '{id}' has {length} bytes; 32 are needed")]
    Length {
        /// Its name.
        id: String,
        /// How long it is.
        length: usize,
    },
    /// The same name twice.
    #[error("the key '{0}' is given twice")]
    Twice(String),
}

/// Keys for XChaCha20-Poly1305, newest first. The newest seals, every one opens.
#[derive(Clone)]
pub struct KeyRing {
    keys: Vec<(String, Zeroizing<[u8; 32]>)>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.keys.iter().map(|(id, _)| id))
            .finish()
    }
}

impl KeyRing {
    /// Reads `id:base64,id:base64`, newest first; each key has 32 bytes.
    ///
    /// # Errors
    /// Says which entry is wrong.
    pub fn parse(text: &str) -> Result<Self, KeyRingError> {
        let mut keys: Vec<(String, Zeroizing<[u8; 32]>)> = Vec::new();
        let entries = text.split(',').map(str::trim).filter(|e| !e.is_empty());
        for (index, entry) in entries.enumerate() {
            let (id, key) = entry.split_once(':').ok_or(KeyRingError::Name(index + 1))?;
            let named = (1..=32).contains(&id.len())
                && id
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
            if !named {
                return Err(KeyRingError::Name(index + 1));
            }
            let bytes = Zeroizing::new(
                STANDARD
                    .decode(key)
                    .map_err(|_| KeyRingError::Base64(id.to_owned()))?,
            );
            let length = bytes.len();
            let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyRingError::Length {
                id: id.to_owned(),
                length,
            })?;
            if keys.iter().any(|(known, _)| known == id) {
                return Err(KeyRingError::Twice(id.to_owned()));
            }
            keys.push((id.to_owned(), Zeroizing::new(key)));
        }
        if keys.is_empty() {
            return Err(KeyRingError::Empty);
        }
        Ok(Self { keys })
    }

    /// The names of the keys, newest first.
    pub fn ids(&self) -> Vec<&str> {
        self.keys.iter().map(|(id, _)| id.as_str()).collect()
    }

    /// Seals with the newest key: `v1.<key id>.<base64url of nonce and ciphertext>`. The same
    /// `context` is needed to open it, which binds the text to its row.
    ///
    /// # Errors
    /// [`CryptoError::Refused`] if the text is longer than the cipher takes (256 GiB).
    pub fn seal(&self, text: &str, context: &str) -> Result<String, CryptoError> {
        let (id, key) = self.keys.first().ok_or(CryptoError::Malformed)?;
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let sealed = cipher(key)
            .encrypt(&XNonce::from(nonce), payload(text.as_bytes(), context))
            .map_err(|_| CryptoError::Refused { key: id.clone() })?;
        let mut bytes = nonce.to_vec();
        bytes.extend_from_slice(&sealed);
        Ok(format!("{VERSION}.{id}.{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Opens what [`KeyRing::seal`] wrote with the same context.
    ///
    /// # Errors
    /// Unknown key, altered text, or another context.
    pub fn open(&self, sealed: &str, context: &str) -> Result<Zeroizing<String>, CryptoError> {
        let mut parts = sealed.splitn(3, '.');
        let (Some(VERSION), Some(id), Some(body)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(CryptoError::Malformed);
        };
        let (_, key) = self
            .keys
            .iter()
            .find(|(known, _)| known == id)
            .ok_or_else(|| CryptoError::UnknownKey(id.to_owned()))?;
        let bytes = URL_SAFE_NO_PAD
            .decode(body)
            .map_err(|_| CryptoError::Malformed)?;
        let (nonce, body) = bytes
            .split_first_chunk::<NONCE>()
            .ok_or(CryptoError::Malformed)?;
        let opened = cipher(key)
            .decrypt(&XNonce::from(*nonce), payload(body, context))
            .map_err(|_| CryptoError::Refused { key: id.to_owned() })?;
        String::from_utf8(opened)
            .map(Zeroizing::new)
            .map_err(|_| CryptoError::Malformed)
    }
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(Key::from_slice(key))
}

fn payload<'a>(msg: &'a [u8], context: &'a str) -> Payload<'a, 'a> {
    Payload {
        msg,
        aad: context.as_bytes(),
    }
}

/// The name of the key with which [`KeyRing::seal`] has sealed a text.
pub fn key_id(sealed: &str) -> Option<&str> {
    let mut parts = sealed.splitn(3, '.');
    (parts.next() == Some(VERSION)).then(|| parts.next())?
}

/// Compares without telling by the time taken where the difference is.
pub fn same(left: &str, right: &str) -> bool {
    let (left, right) = (Sha256::digest(left), Sha256::digest(right));
    left.as_slice().ct_eq(right.as_slice()).into()
}

/// `prefix` and 22 random letters and digits: 131 random bits.
pub fn random_name(prefix: &str) -> String {
    let mut rng = rand::rng();
    let random = (0..22).map(|_| char::from(rng.sample(Alphanumeric)));
    prefix.chars().chain(random).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> String {
        STANDARD.encode([byte; 32])
    }

    #[test]
    fn what_was_sealed_opens_with_the_same_context_only() {
        let ring = KeyRing::parse(&format!("a:{}", key(1))).unwrap();
        let sealed = ring.seal("billing-key", "session-1").unwrap();
        assert!(sealed.starts_with("v1.a."));
        assert_eq!(key_id(&sealed), Some("a"));
        assert_eq!((key_id("v1"), key_id("v2.a.x")), (None, None));
        assert!(!sealed.contains("billing-key"));
        assert_eq!(&*ring.open(&sealed, "session-1").unwrap(), "billing-key");
        assert_eq!(
            ring.open(&sealed, "session-2").unwrap_err(),
            CryptoError::Refused { key: "a".into() }
        );
        assert_ne!(sealed, ring.seal("billing-key", "session-1").unwrap());
    }

    #[test]
    fn an_older_key_still_opens_and_a_lost_one_is_named() {
        let old = KeyRing::parse(&format!("old:{}", key(1))).unwrap();
        let sealed = old.seal("x", "c").unwrap();
        let both = KeyRing::parse(&format!("new:{},old:{}", key(2), key(1))).unwrap();
        assert_eq!(&*both.open(&sealed, "c").unwrap(), "x");
        assert!(both.seal("x", "c").unwrap().starts_with("v1.new."));
        let new = KeyRing::parse(&format!("new:{}", key(2))).unwrap();
        assert_eq!(
            new.open(&sealed, "c").unwrap_err(),
            CryptoError::UnknownKey("old".into())
        );
    }

    #[test]
    fn altered_text_does_not_open() {
        let ring = KeyRing::parse(&format!("k1:{}", key(1))).unwrap();
        let sealed = ring.seal("x", "c").unwrap();
        let mut altered = sealed.clone();
        let last = altered.pop().unwrap();
        altered.push(if last == 'A' { 'Q' } else { 'A' });
        assert!(ring.open(&altered, "c").is_err());
        for bad in ["", "v1", "v1.k1", "v1.k1.", "v1.k1.AAAA", "v2.k1.AAAA"] {
            assert!(ring.open(bad, "c").is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_wrong_ring_says_which_entry_and_never_shows_a_key() {
        let err = |text: &str| KeyRing::parse(text).unwrap_err();
        assert_eq!(err(""), KeyRingError::Empty);
        assert_eq!(err("abc"), KeyRingError::Name(1));
        assert_eq!(err("a b:AAAA"), KeyRingError::Name(1));
        assert_eq!(err("a:***"), KeyRingError::Base64("a".into()));
        assert_eq!(
            err("a:AAAA"),
            KeyRingError::Length {
                id: "a".into(),
                length: 3
            }
        );
        assert_eq!(
            err(&format!("a:{},a:{}", key(1), key(2))),
            KeyRingError::Twice("a".into())
        );
        let ring = KeyRing::parse(&format!("a:{}", key(65))).unwrap();
        assert_eq!(format!("{ring:?}"), r#"["a"]"#);
    }

    #[test]
    fn comparison_is_by_value() {
        assert!(same("ps_abc", "ps_abc"));
        assert!(!same("ps_abc", "ps_abd"));
        assert!(!same("ps_abc", "ps_abcd"));
        assert!(!same("", "a"));
    }

    #[test]
    fn random_names_fit_the_contract() {
        let name = random_name("cs_");
        assert!(toss_checkout_contract::SessionId::new(name.clone()).is_ok());
        assert_ne!(name, random_name("cs_"));
    }
}
