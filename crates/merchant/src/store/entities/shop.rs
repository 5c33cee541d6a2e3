//! Shops: Toss merchant ids and their key pairs.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::{ClientKey, KeyMode};

use super::super::columns::Text;
use crate::domain::{ids::ShopId, shop::ShopPurpose, time::Millis};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "shops")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Text<ShopId>,
    pub merchant_id: Option<String>,
    pub purpose: Text<ShopPurpose>,
    pub mode: Text<KeyMode>,
    pub client_key: Text<ClientKey>,
    pub sealed_secret: String,
    pub key_fingerprint: String,
    /// Until when the shop's requests are reserved by due work.
    pub toss_free_at: Millis,
    /// Until when its subscriptions are not charged.
    pub charges_stopped_until: Option<Millis>,
    /// Since when they are charged again.
    pub charges_resumed_at: Option<Millis>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
