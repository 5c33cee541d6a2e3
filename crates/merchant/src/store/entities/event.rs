//! Events, written in the transaction of the change that they tell of.

use sea_orm::entity::prelude::*;

use super::super::columns::{Json, Text};
use crate::domain::{event::EventType, ids::EventId, time::Millis};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Text<EventId>,
    pub kind: Text<EventType>,
    pub subject: String,
    pub subject_revision: i64,
    pub at: Millis,
    pub data: Json<serde_json::Value>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
