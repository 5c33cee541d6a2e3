//! Who a customerKey stands for. Personal data of a customer are here.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::{Customer, CustomerKey};

use super::super::columns::{Json, Text};
use crate::domain::{ids::CustomerId, time::Millis};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "customers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Text<CustomerId>,
    pub customer_key: Text<CustomerKey>,
    pub contact: Json<Customer>,
    pub erased_at: Option<Millis>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
