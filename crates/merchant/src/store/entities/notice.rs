//! What subscribers are to be told before a charge.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::CustomerKey;

use super::super::columns::{Json, Text};
use crate::domain::{
    ids::{NoticeId, SubscriptionId},
    subscription::{notice::Texts, state::NoticeKind},
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notices")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Text<NoticeId>,
    pub subscription_id: Text<SubscriptionId>,
    pub customer_key: Text<CustomerKey>,
    pub kind: Text<NoticeKind>,
    pub for_at: Millis,
    pub price_before: i64,
    pub price_after: i64,
    pub text: Json<Texts>,
    pub due_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
