//! Bodies as Toss takes them. Source: <https://docs.tosspayments.com/reference>.

use serde::Serialize;
use toss_checkout_contract::{Amount, Currency, CustomerKey, DecimalAmount, OrderId};

use crate::application::provider::{CancelOrder, CardRegistration, ChargeOrder, RefundAccount};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChargeBody<'a> {
    amount: DecimalAmount,
    customer_key: &'a CustomerKey,
    order_id: &'a OrderId,
    order_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<&'a str>,
}

impl<'a> From<&ChargeOrder<'a>> for ChargeBody<'a> {
    fn from(order: &ChargeOrder<'a>) -> Self {
        Self {
            amount: order.amount.decimal(),
            customer_key: order.customer_key,
            order_id: order.order_id,
            order_name: order.order_name,
            customer_email: order.customer.email.as_deref(),
            customer_name: order.customer.name.as_deref(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CancelBody<'a> {
    cancel_reason: &'a str,
    cancel_amount: DecimalAmount,
    /// Toss needs it for a part of a payment abroad.
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refundable_amount: Option<DecimalAmount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refund_receive_account: Option<&'a RefundAccount>,
}

impl<'a> From<&CancelOrder<'a>> for CancelBody<'a> {
    fn from(order: &CancelOrder<'a>) -> Self {
        let currency = order.amount.currency();
        // Nothing left is nothing that could be cancelled.
        let left = order.expected_balance;
        let left = left.and_then(|balance| Amount::new(balance, currency).ok());
        Self {
            cancel_reason: order.reason,
            cancel_amount: order.amount.decimal(),
            currency: Some(currency).filter(|currency| *currency != Currency::Krw),
            refundable_amount: left.map(Amount::decimal),
            refund_receive_account: order.account,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CardBody<'a> {
    customer_key: &'a CustomerKey,
    card_number: &'a str,
    card_expiration_year: &'a str,
    card_expiration_month: &'a str,
    customer_identity_number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_password: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_email: Option<&'a str>,
}

impl<'a> From<&'a CardRegistration> for CardBody<'a> {
    fn from(card: &'a CardRegistration) -> Self {
        Self {
            customer_key: &card.customer_key,
            card_number: &card.number,
            card_expiration_year: &card.expiry_year,
            card_expiration_month: &card.expiry_month,
            customer_identity_number: &card.identity_number,
            card_password: card.password.as_ref().map(|text| text.as_str()),
            customer_name: card.customer.name.as_deref(),
            customer_email: card.customer.email.as_deref(),
        }
    }
}
