//! Cancels of payments: ours, and those that were found at Toss.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::Currency;

use super::super::columns::{Json, Text};
use crate::domain::{
    ids::{PaymentId, RefundId, ShopId},
    refund::{RefundDetails, RefundOrigin, RefundStatus},
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "refunds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Text<RefundId>,
    pub payment_id: Text<PaymentId>,
    pub shop_id: Text<ShopId>,
    pub request_key: Option<String>,
    pub amount: i64,
    pub currency: Text<Currency>,
    pub expected_balance: Option<i64>,
    pub status: Text<RefundStatus>,
    pub origin: Text<RefundOrigin>,
    pub transaction_key: Option<String>,
    pub sealed_account: Option<String>,
    pub details: Json<RefundDetails>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
