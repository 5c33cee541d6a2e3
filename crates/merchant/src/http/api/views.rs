//! Payments and refunds as the merchant's server sees them.

use serde::Serialize;
use serde_json::Value;
use toss_checkout_contract::{
    Amount, BankAccount, Card, Customer, CustomerKey, FailureCode, Method, OrderId, SessionId,
    Timestamp, VirtualAccount,
};
use utoipa::ToSchema;

use crate::domain::{
    attempt::{Attempt, AttemptKind, AttemptStatus},
    decline::{DeclineClass, class_of},
    event_data,
    ids::{AttemptId, PaymentId, PaymentMethodId, RefundId},
    payment::{CashReceiptDetails, Payment, PaymentStatus, Purpose},
    refund::{Refund, RefundOrigin, RefundStatus},
    time::Millis,
};

/// Why Toss said no.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Refusal {
    /// Toss's code.
    code: FailureCode,
    /// Toss's sentence, in Korean.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// What the code means for the next step; absent for a code that this version does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<DeclineClass>,
}

impl Refusal {
    fn new(code: &FailureCode, message: Option<&str>) -> Self {
        Self {
            class: class_of(code),
            code: code.clone(),
            message: message.filter(|text| !text.is_empty()).map(str::to_owned),
        }
    }
}

/// One order's money.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Payment)]
pub(crate) struct PaymentView {
    id: PaymentId,
    order_id: OrderId,
    order_name: String,
    purpose: Purpose,
    status: PaymentStatus,
    /// Grows with every change; for `If-Match`.
    revision: u64,
    /// What it costs; never changes.
    amount: Amount,
    /// What Toss holds of it now and can be given back, in units of the amount's currency.
    #[schema(value_type = f64)]
    balance: Value,
    customer_key: CustomerKey,
    customer: Customer,
    /// The checkout session.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<SessionId>,
    /// The registered card or account that is charged.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method_id: Option<PaymentMethodId>,
    /// Toss's name for it, once known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<toss_checkout_contract::PaymentKey>)]
    payment_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<Method>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<Card>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<BankAccount>,
    /// The easy pay service, in Toss's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    easy_pay: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    virtual_account: Option<VirtualAccount>,
    /// Toss's receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt_url: Option<String>,
    /// 현금영수증.
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_receipt: Option<CashReceiptDetails>,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Refusal>,
    /// When the money arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_at: Option<Timestamp>,
    /// When the virtual account closes.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<Timestamp>,
    /// While money is owed again: when it was learnt that the bank had taken a deposit back.
    #[serde(skip_serializing_if = "Option::is_none")]
    reversed_at: Option<Timestamp>,
    created_at: Timestamp,
    /// Why a human has to look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_attention: Option<String>,
}

impl From<&Payment> for PaymentView {
    fn from(payment: &Payment) -> Self {
        let details = payment.details.clone();
        let failure = details.failure.as_ref();
        Self {
            id: payment.id.clone(),
            order_id: payment.order_id.clone(),
            order_name: payment.order_name.clone(),
            purpose: payment.purpose,
            status: payment.status,
            revision: payment.revision,
            amount: payment.amount,
            balance: event_data::balance(payment),
            customer_key: payment.customer_key.clone(),
            customer: payment.customer.clone(),
            session_id: payment.session_id.clone(),
            payment_method_id: payment.payment_method_id.clone(),
            payment_key: payment
                .payment_key
                .as_ref()
                .map(|key| key.expose().to_owned()),
            failure: failure.map(|why| Refusal::new(&why.code, why.message.as_deref())),
            method: details.method,
            card: details.card,
            account: details.account,
            easy_pay: details.easy_pay,
            virtual_account: details.virtual_account,
            receipt_url: details.receipt_url,
            cash_receipt: details.cash_receipt,
            approved_at: payment.approved_at.map(Millis::kst),
            due_at: payment.due_at.map(Millis::kst),
            reversed_at: details.reversed_at,
            created_at: payment.created_at.kst(),
            needs_attention: payment.needs_attention.clone(),
        }
    }
}

/// A payment with everything that was done about it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PaymentDetail {
    #[serde(flatten)]
    payment: PaymentView,
    /// Whether money is there that should not be: the order was paid twice, or after it was given up.
    surplus: bool,
    /// Oldest first.
    refunds: Vec<RefundView>,
    /// Requests to Toss that move this money, oldest first.
    attempts: Vec<AttemptView>,
}

impl PaymentDetail {
    pub(crate) fn new(payment: &Payment, attempts: &[Attempt], refunds: &[Refund]) -> Self {
        Self {
            payment: payment.into(),
            surplus: attempts
                .iter()
                .any(|attempt| attempt.status == AttemptStatus::Surplus),
            refunds: refunds.iter().map(Into::into).collect(),
            attempts: attempts.iter().map(Into::into).collect(),
        }
    }
}

/// One request to Toss.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Attempt)]
struct AttemptView {
    id: AttemptId,
    kind: AttemptKind,
    status: AttemptStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Amount>,
    /// Why Toss refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Refusal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    settled_at: Option<Timestamp>,
    /// Why a human has to look at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs_attention: Option<String>,
}

impl From<&Attempt> for AttemptView {
    fn from(attempt: &Attempt) -> Self {
        let failure = attempt.failure.as_ref();
        Self {
            id: attempt.id.clone(),
            kind: attempt.kind,
            status: attempt.status,
            amount: attempt.amount,
            failure: failure.map(|why| Refusal::new(&why.code, Some(&why.message))),
            sent_at: attempt.sent_at.map(Millis::kst),
            settled_at: attempt.settled_at.map(Millis::kst),
            needs_attention: attempt.needs_attention.clone(),
        }
    }
}

/// Money that goes back.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Refund)]
pub(super) struct RefundView {
    id: RefundId,
    payment_id: PaymentId,
    amount: Amount,
    status: RefundStatus,
    /// `toss`: made in Toss's dashboard, or by another program.
    origin: RefundOrigin,
    reason: String,
    /// Toss's name for it, once made.
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_key: Option<String>,
    /// Why Toss refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Refusal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    canceled_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl From<&Refund> for RefundView {
    fn from(refund: &Refund) -> Self {
        let failure = refund.details.failure.as_ref();
        Self {
            id: refund.id.clone(),
            payment_id: refund.payment_id.clone(),
            amount: refund.amount,
            status: refund.status,
            origin: refund.origin,
            reason: refund.details.reason.clone(),
            transaction_key: refund.transaction_key.clone(),
            failure: failure.map(|why| Refusal::new(&why.code, why.message.as_deref())),
            canceled_at: refund.details.canceled_at.clone(),
            created_at: refund.created_at.kst(),
        }
    }
}
