//! What subscribers were told before a charge.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::CustomerKey;

use super::super::columns::Text;
use crate::domain::{ids::NoticeId, time::Millis};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notice_deliveries")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub notice_id: Text<NoticeId>,
    pub customer_key: Text<CustomerKey>,
    pub delivered_at: Millis,
    pub channel: String,
    pub reported_at: Millis,
    pub prev_hash: String,
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
