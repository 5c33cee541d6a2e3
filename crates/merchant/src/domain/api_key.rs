//! Keys with which the merchant's servers call the API.

use std::fmt;

use super::{ids::ApiKeyId, time::Millis, words::words};

words! {
    /// What a key may do. None includes another.
    pub enum Scope as "scope" {
        /// See everything.
        Read = "read",
        /// Create and change: sessions, charges, registrations, deletions, where events go.
        Write = "write",
        /// Give money back.
        Refund = "refund",
    }
}

/// A key without its text, which nobody has but the merchant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The row.
    pub id: ApiKeyId,
    /// How its text begins, to recognise it.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// What it is for, in the merchant's words.
    pub label: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Millis>,
    /// When it was taken back.
    pub revoked_at: Option<Millis>,
    /// When it ends.
    pub expires_at: Option<Millis>,
}

words! {
    /// Whether a key opens anything.
    pub enum ApiKeyState as "state of a key" {
        /// It does.
        Active = "active",
        /// It was taken back.
        Revoked = "revoked",
        /// Its time is over.
        Expired = "expired",
    }
}

impl ApiKey {
    /// How it stands then.
    pub fn state_at(&self, now: Millis) -> ApiKeyState {
        if self.revoked_at.is_some() {
            ApiKeyState::Revoked
        } else if self.expires_at.is_some_and(|end| end <= now) {
            ApiKeyState::Expired
        } else {
            ApiKeyState::Active
        }
    }
}

/// The text of a key. Shown once, kept as a digest.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeyText(String);

impl ApiKeyText {
    /// What every key begins with, so that scanners for leaked secrets find it.
    pub const PREFIX: &'static str = "tck_";

    /// Takes a text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// How it begins: enough to tell keys apart, too little to use one.
    pub fn beginning(&self) -> String {
        self.0.chars().take(Self::PREFIX.len() + 4).collect()
    }
}

impl fmt::Debug for ApiKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeyText({}…)", self.beginning())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ends_when_it_is_revoked_or_its_time_is_over() {
        let mut key = ApiKey {
            id: ApiKeyId::new("key_1"),
            prefix: "tck_abcd".to_owned(),
            scopes: vec![Scope::Read],
            label: "back office".to_owned(),
            created_at: Millis(0),
            last_used_at: None,
            revoked_at: None,
            expires_at: Some(Millis(10)),
        };
        assert_eq!(key.state_at(Millis(9)), ApiKeyState::Active);
        assert_eq!(key.state_at(Millis(10)), ApiKeyState::Expired);
        key.revoked_at = Some(Millis(5));
        assert_eq!(key.state_at(Millis(9)), ApiKeyState::Revoked);
    }

    #[test]
    fn the_text_of_a_key_does_not_show_itself() {
        let text = ApiKeyText::new("tck_abcdefghijklmnop");
        assert_eq!(text.beginning(), "tck_abcd");
        assert_eq!(format!("{text:?}"), "ApiKeyText(tck_abcd…)");
    }
}
