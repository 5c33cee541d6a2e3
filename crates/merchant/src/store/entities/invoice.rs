//! Invoices of subscriptions.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::Currency;

use super::super::columns::{Json, Text};
use crate::domain::{
    ids::{InvoiceId, SubscriptionId},
    subscription::invoice::{InvoiceKind, InvoiceState, InvoiceStatus},
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invoices")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Text<InvoiceId>,
    pub subscription_id: Text<SubscriptionId>,
    pub kind: Text<InvoiceKind>,
    pub period_no: i64,
    pub request_key: Option<String>,
    pub amount: i64,
    pub currency: Text<Currency>,
    pub status: Text<InvoiceStatus>,
    pub state: Json<InvoiceState>,
    pub paid_at: Option<Millis>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
