//! Webhooks as they came in from Toss.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::OrderId;

use super::super::columns::Text;
use crate::domain::{time::Millis, webhook::WebhookState};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub transmission_id: String,
    pub event_type: String,
    pub order_id: Option<Text<OrderId>>,
    pub key_digest: Option<String>,
    pub claimed_status: Option<String>,
    pub secret_digest: Option<String>,
    pub body: String,
    pub state: Text<WebhookState>,
    pub note: Option<String>,
    pub deliveries: i32,
    pub received_at: Millis,
    pub next_action_at: Option<Millis>,
    pub lease_no: i64,
    pub tries: i32,
    pub needs_attention: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
