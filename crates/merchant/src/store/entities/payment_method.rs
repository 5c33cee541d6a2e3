//! Registered cards and accounts.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::{CustomerKey, FailureCode, Method, SessionId};

use super::super::columns::{Json, Text};
use crate::domain::{
    ids::{PaymentMethodId, ShopId},
    payment_method::{GivenConsent, PaymentMethodDisplay, PaymentMethodStatus},
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_methods")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Text<PaymentMethodId>,
    pub shop_id: Text<ShopId>,
    pub customer_key: Text<CustomerKey>,
    pub session_id: Option<Text<SessionId>>,
    pub method: Option<Text<Method>>,
    pub sealed_key: String,
    pub key_digest: String,
    pub display: Json<PaymentMethodDisplay>,
    pub status: Text<PaymentMethodStatus>,
    pub dead_code: Option<Text<FailureCode>>,
    pub consent: Option<Json<GivenConsent>>,
    pub revision: i64,
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
