//! Keys of the merchant API.

use sea_orm::entity::prelude::*;

use super::super::columns::{Json, Text};
use crate::domain::{api_key::Scope, ids::ApiKeyId, time::Millis};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Text<ApiKeyId>,
    pub prefix: String,
    #[sea_orm(unique)]
    pub digest: String,
    pub scopes: Json<Vec<Scope>>,
    pub label: String,
    pub created_at: Millis,
    pub last_used_at: Option<Millis>,
    pub revoked_at: Option<Millis>,
    pub expires_at: Option<Millis>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
