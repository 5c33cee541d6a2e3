//! What is stored sealed.

/// A column of sealed values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealedColumn {
    /// Billing keys.
    BillingKey,
    /// Shops' keys for Toss's REST API.
    SecretKey,
    /// The secrets with which events to an endpoint are signed.
    SigningSecrets,
    /// The account that a refund goes to.
    RefundAccount,
    /// The one-time key of a request to Toss.
    OneTimeKey,
    /// What was asked under an idempotency key.
    RequestDigest,
    /// What was answered under it.
    RequestAnswer,
}

impl SealedColumn {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::BillingKey,
        Self::SecretKey,
        Self::SigningSecrets,
        Self::RefundAccount,
        Self::OneTimeKey,
        Self::RequestDigest,
        Self::RequestAnswer,
    ];

    /// Its rows, as operators are told of them.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BillingKey => "cards and accounts",
            Self::SecretKey => "secret keys",
            Self::SigningSecrets => "event endpoints",
            Self::RefundAccount => "accounts that refunds go to",
            Self::OneTimeKey => "requests to Toss",
            Self::RequestDigest => "requests under idempotency keys",
            Self::RequestAnswer => "answers under idempotency keys",
        }
    }
}
