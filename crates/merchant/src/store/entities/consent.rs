//! What subscribers agreed to.

use std::net::IpAddr;

use sea_orm::entity::prelude::*;
use toss_checkout_contract::CustomerKey;

use super::super::columns::{Json, Text};
use crate::domain::{
    ids::{ConsentId, SubscriptionId},
    subscription::{consent::ConsentKind, price::Terms},
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consents")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Text<ConsentId>,
    pub subscription_id: Text<SubscriptionId>,
    pub customer_key: Text<CustomerKey>,
    pub kind: Text<ConsentKind>,
    pub terms_before: Json<Terms>,
    pub terms_after: Json<Terms>,
    pub effective_at: Millis,
    pub text_version: String,
    pub text: String,
    pub method_label: String,
    pub channel: String,
    pub ip: Option<Text<IpAddr>>,
    pub user_agent: Option<String>,
    pub given_at: Millis,
    pub prev_hash: String,
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
