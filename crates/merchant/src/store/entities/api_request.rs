//! Answers of the merchant API under their idempotency keys.

use sea_orm::entity::prelude::*;

use crate::domain::time::Millis;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "api_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub idempotency_key: String,
    pub route: String,
    /// Sealed: the request may hold what can be guessed from an open digest.
    pub digest: String,
    /// Absent while there is no answer.
    pub status: Option<i32>,
    /// Sealed: an answer may hold a secret.
    pub body: Option<String>,
    pub created_at: Millis,
    pub held_until: Option<Millis>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
