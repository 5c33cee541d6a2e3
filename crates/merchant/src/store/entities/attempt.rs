//! Attempts: requests to Toss that move money, written down before they are sent.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::{Consent, Currency, FailureCode, OrderId, SessionId};

use super::super::columns::{Json, Text};
use crate::domain::{
    attempt::{AttemptKind, AttemptStatus},
    charge::Trigger,
    ids::{AttemptId, InvoiceId, PaymentId, PaymentMethodId, RefundId, ShopId},
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Text<AttemptId>,
    pub kind: Text<AttemptKind>,
    pub shop_id: Text<ShopId>,
    pub session_id: Option<Text<SessionId>>,
    pub payment_id: Option<Text<PaymentId>>,
    pub payment_method_id: Option<Text<PaymentMethodId>>,
    pub refund_id: Option<Text<RefundId>>,
    pub invoice_id: Option<Text<InvoiceId>>,
    pub charge_no: Option<i64>,
    pub charge_trigger: Option<Text<Trigger>>,
    pub key_digest: Option<String>,
    pub sealed_key: Option<String>,
    pub idempotency_key: String,
    pub key_fingerprint: String,
    pub order_id: Option<Text<OrderId>>,
    pub amount: Option<i64>,
    pub currency: Option<Text<Currency>>,
    pub status: Text<AttemptStatus>,
    pub failure_code: Option<Text<FailureCode>>,
    pub failure_message: Option<String>,
    pub failure_status: Option<i32>,
    pub consent: Option<Json<Consent>>,
    pub sent_at: Option<Millis>,
    pub settled_at: Option<Millis>,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub next_action_at: Option<Millis>,
    pub lease_no: i64,
    pub tries: i32,
    pub needs_attention: Option<String>,
    pub fault_at: Option<Millis>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
