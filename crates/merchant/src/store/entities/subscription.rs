//! Subscriptions.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::CustomerKey;

use super::super::columns::{Json, Text};
use crate::domain::{
    ids::{PaymentMethodId, ShopId, SubscriptionId},
    subscription::{SubscriptionState, SubscriptionStatus},
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "subscriptions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Text<SubscriptionId>,
    pub shop_id: Text<ShopId>,
    pub customer_key: Text<CustomerKey>,
    pub payment_method_id: Text<PaymentMethodId>,
    pub status: Text<SubscriptionStatus>,
    pub revision: i64,
    pub order_name: String,
    pub state: Json<SubscriptionState>,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub next_action_at: Option<Millis>,
    pub lease_no: i64,
    pub tries: i32,
    pub needs_attention: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
