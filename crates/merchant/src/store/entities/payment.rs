//! Payments: one row per order number.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::{Currency, Customer, CustomerKey, OrderId, PaymentKey, SessionId};

use super::super::columns::{Json, Text};
use crate::domain::{
    ids::{PaymentId, PaymentMethodId, ShopId},
    payment::{PaymentDetails, PaymentStatus, Purpose},
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payments")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Text<PaymentId>,
    pub shop_id: Text<ShopId>,
    pub order_id: Text<OrderId>,
    pub purpose: Text<Purpose>,
    pub session_id: Option<Text<SessionId>>,
    pub payment_method_id: Option<Text<PaymentMethodId>>,
    pub customer_key: Text<CustomerKey>,
    pub order_name: String,
    pub customer: Json<Customer>,
    pub amount: i64,
    pub currency: Text<Currency>,
    pub balance: i64,
    pub status: Text<PaymentStatus>,
    pub revision: i64,
    pub payment_key: Option<Text<PaymentKey>>,
    pub secret_digest: Option<String>,
    pub details: Json<PaymentDetails>,
    pub approved_at: Option<Millis>,
    pub due_at: Option<Millis>,
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
