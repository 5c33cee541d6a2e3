//! Shops: Toss merchant ids and their key pairs.

use toss_checkout_contract::{ClientKey, KeyMode};

use super::{ids::ShopId, time::Millis, words::words};

words! {
    /// What a merchant id is contracted for. A Korean shop with automatic payment *and* virtual
    /// accounts has two contracts, and so two key pairs.
    pub enum ShopPurpose as "purpose of a shop" {
        /// Payments in Toss's window.
        Payment = "payment",
        /// Automatic payment.
        Billing = "billing",
        /// Both.
        Both = "both",
    }
}

/// The shop of `TOSS_CLIENT_KEY` and `TOSS_SECRET_KEY`; rows of 0.1 belong to it.
pub const DEFAULT_SHOP: &str = "shop_default";

/// The shop of `TOSS_BILLING_CLIENT_KEY` and `TOSS_BILLING_SECRET_KEY`.
pub const BILLING_SHOP: &str = "shop_billing";

/// A mode as it is stored and told.
pub const fn mode_name(mode: KeyMode) -> &'static str {
    match mode {
        KeyMode::Test => "test",
        KeyMode::Live => "live",
    }
}

/// One Toss merchant id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shop {
    /// The row.
    pub id: ShopId,
    /// What it may be used for.
    pub purpose: ShopPurpose,
    /// Test or live.
    pub mode: KeyMode,
    /// The public key that the page gets.
    pub client_key: ClientKey,
    /// The key for Toss's REST API, sealed.
    pub sealed_secret: String,
    /// Tells key pairs apart without the secret.
    pub key_fingerprint: String,
    /// Toss's `mId`, once an answer named it.
    pub merchant_id: Option<String>,
    /// When it was first configured.
    pub created_at: Millis,
}
