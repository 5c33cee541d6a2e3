//! Payment methods.

use serde::{Deserialize, Serialize};

/// How the buyer pays, as the JS SDK's requests call it. (Answers of the REST API use Korean words.)
/// Source: <https://docs.tosspayments.com/sdk/v2/js>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Method {
    /// 카드
    Card,
    /// 계좌이체; with billing this is 퀵계좌이체.
    Transfer,
    /// 가상계좌
    VirtualAccount,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 3] = [Self::Card, Self::Transfer, Self::VirtualAccount];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Card => "CARD",
            Self::Transfer => "TRANSFER",
            Self::VirtualAccount => "VIRTUAL_ACCOUNT",
        }
    }

    /// Whether a card or account can be registered for automatic payment with it.
    pub fn is_billing(self) -> bool {
        matches!(self, Self::Card | Self::Transfer)
    }
}
