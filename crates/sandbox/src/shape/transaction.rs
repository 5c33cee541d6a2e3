//! What `GET /v1/transactions` lists. Source: <https://docs.tosspayments.com/guides/apis/transactions>.

use serde::Serialize;
use toss_model::{Payment, Transaction, moment::kst, money::Money};

use super::{parts::receipt_link, payment::method};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionBody<'a> {
    m_id: &'a str,
    transaction_key: &'a str,
    payment_key: &'a str,
    order_id: &'a str,
    method: Option<&'static str>,
    customer_key: Option<&'a str>,
    use_escrow: bool,
    receipt_url: String,
    status: &'static str,
    transaction_at: String,
    currency: &'static str,
    amount: Money,
}

impl<'a> TransactionBody<'a> {
    pub(crate) fn of(one: &'a Transaction, payment: &'a Payment, m_id: &'a str) -> Self {
        Self {
            m_id,
            transaction_key: &one.key,
            payment_key: &one.payment_key,
            order_id: payment.order_id.as_str(),
            method: method(payment),
            customer_key: payment.customer.as_deref(),
            use_escrow: payment.use_escrow,
            receipt_url: receipt_link(payment),
            status: one.status.as_str(),
            transaction_at: kst(one.at),
            currency: payment.currency.as_str(),
            amount: payment.currency.money(one.amount),
        }
    }
}
