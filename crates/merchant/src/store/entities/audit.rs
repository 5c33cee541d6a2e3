//! What operators decided.

use sea_orm::entity::prelude::*;

use super::super::columns::Text;
use crate::domain::{audit::AuditAction, time::Millis};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub actor: String,
    pub action: Text<AuditAction>,
    pub subject: String,
    pub details: String,
    pub at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
