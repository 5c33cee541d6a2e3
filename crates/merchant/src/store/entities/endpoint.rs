//! Where events are sent.

use sea_orm::entity::prelude::*;

use super::super::columns::{Json, Text};
use crate::domain::{endpoint::EndpointState, ids::EndpointId, time::Millis};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "endpoints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Text<EndpointId>,
    pub url: String,
    /// Newest first; the older ones are still used for signing while receivers change over.
    pub sealed_secrets: Json<Vec<String>>,
    pub state: Text<EndpointState>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
