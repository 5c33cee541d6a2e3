//! The shops: the merchant's contracts with Toss.

use async_trait::async_trait;

use super::RecordsError;
use crate::domain::{ids::ShopId, shop::Shop};

/// Shops.
#[async_trait]
pub trait ShopRecords: Send + Sync {
    /// A shop.
    async fn shop(&self, id: &ShopId) -> Result<Option<Shop>, RecordsError>;
    /// Every shop.
    async fn shops(&self) -> Result<Vec<Shop>, RecordsError>;
    /// Writes a configured shop down, or its new keys.
    async fn save_shop(&self, shop: &Shop) -> Result<(), RecordsError>;
}
