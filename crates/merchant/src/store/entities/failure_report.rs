//! What fail pages were told. Recorded, never believed.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::{OrderId, SessionId};

use super::super::columns::Text;
use crate::domain::time::Millis;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "failure_reports")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub session_id: Text<SessionId>,
    pub code: String,
    pub message: String,
    pub order_id: Option<Text<OrderId>>,
    pub created_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
