//! Checkout sessions.

use sea_orm::entity::prelude::*;
use toss_checkout_contract::{
    CardOptions, Consent, Currency, Customer, CustomerKey, ForeignEasyPayOptions, Locale, Method,
    OrderId, Plan, SessionId, SessionKind, SessionResult, SessionStatus, VirtualAccountOptions,
};

use super::super::columns::{Json, Text};
use crate::domain::{
    ids::{PaymentId, PaymentMethodId, ShopId, SubscriptionId},
    payment_method::GivenConsent,
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub id: Text<SessionId>,
    pub kind: Text<SessionKind>,
    pub status: Text<SessionStatus>,
    pub revision: i64,
    pub order_id: Option<Text<OrderId>>,
    pub order_name: String,
    pub amount: Option<i64>,
    pub currency: Option<Text<Currency>>,
    pub customer_key: Text<CustomerKey>,
    pub methods: Json<Vec<Method>>,
    pub customer: Json<Customer>,
    pub virtual_account: Option<Json<VirtualAccountOptions>>,
    pub card: Option<Json<CardOptions>>,
    pub foreign_easy_pay: Option<Json<ForeignEasyPayOptions>>,
    pub plan: Option<Json<Plan>>,
    pub charge_now: bool,
    pub subscribe: bool,
    pub replaces_method_of: Option<Text<SubscriptionId>>,
    pub consent: Option<Json<Consent>>,
    pub consent_given: Option<Json<GivenConsent>>,
    pub locale: Option<Text<Locale>>,
    pub return_url: Option<String>,
    pub expires_at: Millis,
    pub result: Option<Json<SessionResult>>,
    pub idempotency_key: Option<String>,
    pub request_digest: Option<String>,
    pub shop_id: Text<ShopId>,
    pub payment_id: Option<Text<PaymentId>>,
    pub payment_method_id: Option<Text<PaymentMethodId>>,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub next_action_at: Option<Millis>,
    pub lease_no: i64,
    pub tries: i32,
    pub needs_attention: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::payment::Entity",
        from = "Column::PaymentId",
        to = "super::payment::Column::Id"
    )]
    Payment,
    /// Written from this side alone: attempts need not know of sessions.
    #[sea_orm(
        belongs_to = "super::attempt::Entity",
        from = "Column::Id",
        to = "super::attempt::Column::SessionId"
    )]
    Attempt,
}

impl Related<super::payment::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Payment.def()
    }
}

impl Related<super::attempt::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Attempt.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
