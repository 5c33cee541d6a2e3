//! Deliveries of events to endpoints.

use sea_orm::entity::prelude::*;

use super::super::columns::Text;
use crate::domain::{
    delivery::DeliveryState,
    ids::{EndpointId, EventId},
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub event_id: Text<EventId>,
    /// The event's place in the order, so that a subject's events go out in it.
    pub event_seq: i64,
    pub subject: String,
    pub endpoint_id: Text<EndpointId>,
    pub state: Text<DeliveryState>,
    pub last_status: Option<i32>,
    pub last_error: Option<String>,
    pub delivered_at: Option<Millis>,
    pub created_at: Millis,
    pub next_action_at: Option<Millis>,
    pub lease_no: i64,
    pub tries: i32,
    pub needs_attention: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
