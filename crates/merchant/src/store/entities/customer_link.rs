//! Links with which customers open the page of their subscriptions.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::CustomerKey;

use super::super::columns::Text;
use crate::domain::{ids::SubscriptionId, time::Millis};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_digest: String,
    pub customer_key: Text<CustomerKey>,
    /// The only one that it opens.
    pub subscription_id: Option<Text<SubscriptionId>>,
    pub return_url: Option<String>,
    pub expires_at: Millis,
    pub created_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
