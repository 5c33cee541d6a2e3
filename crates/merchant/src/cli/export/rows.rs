//! The rows of an export: what stands in each, and in which order.

use serde::Serialize;
use serde_json::Value;
use toss_checkout_contract::{DecimalAmount, Method, Timestamp};

use super::Format;
use crate::domain::{
    event::Event,
    event_data,
    payment::Payment,
    payment_method::{PaymentMethod, PaymentMethodDisplay},
    refund::Refund,
    time::Millis,
};

/// Text that others wrote. A spreadsheet would run what begins like a formula, so in CSV it gets an
/// apostrophe before it.
fn free(text: &str, format: Format) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if format == Format::Csv && is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentRow {
    created_at: Timestamp,
    payment_id: String,
    order_id: String,
    order_name: String,
    purpose: &'static str,
    status: &'static str,
    amount: DecimalAmount,
    /// As the amount, or 0.
    balance: Value,
    currency: &'static str,
    customer_key: String,
    payment_method_id: Option<String>,
    method: Option<&'static str>,
    card_number: Option<String>,
    easy_pay: Option<String>,
    approved_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    receipt_url: Option<String>,
    cash_receipt_number: Option<String>,
    failure_code: Option<String>,
    needs_attention: Option<String>,
    shop: String,
}

impl PaymentRow {
    pub(super) fn of(payment: &Payment, format: Format) -> Self {
        let details = &payment.details;
        let receipt = details.cash_receipt.as_ref();
        let failure = details.failure.as_ref();
        Self {
            created_at: payment.created_at.kst(),
            payment_id: payment.id.to_string(),
            order_id: free(payment.order_id.as_str(), format),
            order_name: free(&payment.order_name, format),
            purpose: payment.purpose.as_str(),
            status: payment.status.as_str(),
            amount: payment.amount.decimal(),
            balance: event_data::balance(payment),
            currency: payment.amount.currency().as_str(),
            customer_key: free(payment.customer_key.expose(), format),
            payment_method_id: payment.payment_method_id.as_ref().map(ToString::to_string),
            method: details.method.map(Method::as_str),
            card_number: details.card.as_ref().map(|card| card.number.clone()),
            easy_pay: details.easy_pay.as_deref().map(|name| free(name, format)),
            approved_at: payment.approved_at.map(Millis::kst),
            due_at: payment.due_at.map(Millis::kst),
            receipt_url: details.receipt_url.clone(),
            cash_receipt_number: receipt.and_then(|receipt| receipt.issue_number.clone()),
            failure_code: failure.map(|failure| failure.code.to_string()),
            needs_attention: payment.needs_attention.clone(),
            shop: payment.shop_id.to_string(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefundRow {
    created_at: Timestamp,
    refund_id: String,
    payment_id: String,
    status: &'static str,
    origin: &'static str,
    amount: DecimalAmount,
    currency: &'static str,
    reason: String,
    canceled_at: Option<Timestamp>,
    failure_code: Option<String>,
    shop: String,
}

impl RefundRow {
    pub(super) fn of(refund: &Refund, format: Format) -> Self {
        let failure = refund.details.failure.as_ref();
        Self {
            created_at: refund.created_at.kst(),
            refund_id: refund.id.to_string(),
            payment_id: refund.payment_id.to_string(),
            status: refund.status.as_str(),
            origin: refund.origin.as_str(),
            amount: refund.amount.decimal(),
            currency: refund.amount.currency().as_str(),
            reason: free(&refund.details.reason, format),
            canceled_at: refund.details.canceled_at.clone(),
            failure_code: failure.map(|failure| failure.code.to_string()),
            shop: refund.shop_id.to_string(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MethodRow {
    created_at: Timestamp,
    payment_method_id: String,
    customer_key: String,
    method: Option<&'static str>,
    status: &'static str,
    card_number: Option<String>,
    account_number: Option<String>,
    ended_by: Option<String>,
    consent_version: Option<String>,
    consent_at: Option<Timestamp>,
    shop: String,
}

impl MethodRow {
    pub(super) fn of(method: &PaymentMethod, format: Format) -> Self {
        let PaymentMethodDisplay { card, account } = &method.display;
        let consent = method.consent.as_ref();
        Self {
            created_at: method.created_at.kst(),
            payment_method_id: method.id.to_string(),
            customer_key: free(method.customer_key.expose(), format),
            method: method.method.map(Method::as_str),
            status: method.status.as_str(),
            card_number: card.as_ref().map(|card| card.number.clone()),
            account_number: account
                .as_ref()
                .map(|account| account.account_number.clone()),
            ended_by: method.dead_code.as_ref().map(ToString::to_string),
            consent_version: consent.map(|given| free(given.consent.version.as_str(), format)),
            consent_at: consent.map(|given| given.at.kst()),
            shop: method.shop_id.to_string(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventRow {
    at: Timestamp,
    event_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    subject: String,
    revision: u64,
    data: Value,
}

impl EventRow {
    pub(super) fn of(event: &Event, format: Format) -> Self {
        Self {
            at: event.at.kst(),
            event_id: event.id.to_string(),
            kind: event.kind.as_str(),
            subject: event.subject.clone(),
            revision: event.subject_revision,
            data: match format {
                Format::Jsonl => event.data.clone(),
                Format::Csv => Value::String(event.data.to_string()),
            },
        }
    }
}
