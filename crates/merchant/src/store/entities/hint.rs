//! Look-ups that webhooks without proof caused.

use sea_orm::entity::prelude::*;

use super::super::columns::Text;
use crate::domain::{
    ids::{PaymentId, ShopId},
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "hints")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub shop_id: Text<ShopId>,
    pub payment_id: Text<PaymentId>,
    pub times: i32,
    pub at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
